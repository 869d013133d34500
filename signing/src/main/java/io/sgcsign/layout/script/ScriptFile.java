// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Digests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A script, read from an artifact that stays open as long as this is used. Immutable; memory holds
 * the signature block only.
 */
public final class ScriptFile {
  /** Bytes. Windows counts characters in a signed 32-bit number. */
  public static final long MAX_SIZE = Integer.MAX_VALUE;

  /** Bytes. A hundred times the largest block there is reason for. */
  private static final int MAX_BLOCK = 8 * 1024 * 1024;

  private final Artifact artifact;
  private final ScriptStyle style;
  private final TextEncoding encoding;
  private final ScriptSurvey survey;
  private final Optional<ScriptBlock> block;

  private ScriptFile(
      Artifact artifact, ScriptStyle style, TextEncoding encoding, ScriptSurvey survey) {
    this.artifact = artifact;
    this.style = style;
    this.encoding = encoding;
    this.survey = survey;
    this.block = signed() ? Optional.of(block()) : Optional.empty();
  }

  /**
   * Looks for encoding and signature block.
   *
   * @throws ArtifactException if the file is no text or its block a damaged one
   */
  public static ScriptFile parse(Artifact artifact, ScriptStyle style) {
    if (artifact.size() > MAX_SIZE) {
      throw ScriptFault.tooLarge(artifact.size());
    }
    Optional<TextEncoding> marked = TextEncoding.marked(artifact);
    if (artifact.size() <= marked.map(TextEncoding::markSize).orElse(0)) {
      throw ScriptFault.empty();
    }
    TextEncoding narrow = style.detectsUtf8() ? TextEncoding.UTF_8 : TextEncoding.WINDOWS_1252;
    TextEncoding encoding = marked.orElse(narrow);
    ScriptSurvey survey =
        ScriptSurvey.of(artifact, marked.orElse(TextEncoding.WINDOWS_1252), style);
    if (encoding == TextEncoding.UTF_8 && survey.badUtf8() != ScriptSurvey.NONE) {
      if (marked.isPresent()) {
        throw ScriptFault.encoding(
            "The byte order mark says UTF-8, but offset " + survey.badUtf8() + " is not");
      }
      encoding = TextEncoding.WINDOWS_1252;
    }
    if (style.inside() && survey.jobEnd() == ScriptSurvey.NONE) {
      throw ScriptFault.noJob();
    }
    if (style.inside()
        && survey.jobEnd() > survey.blockStart()
        && survey.jobEnd() < survey.blockEnd()) {
      throw ScriptFault.block("The signature block at " + survey.blockStart() + " holds </job>");
    }
    return new ScriptFile(artifact, style, encoding, survey);
  }

  private ScriptBlock block() {
    long size = survey.blockEnd() - survey.blockStart();
    if (size > MAX_BLOCK) {
      throw ScriptFault.block("The signature block has " + size + " bytes");
    }
    String text = encoding.decode(artifact.read(survey.blockStart(), (int) size));
    return ScriptBlock.parse(style, text, survey.blockStart());
  }

  public boolean signed() {
    return survey.blockStart() != ScriptSurvey.NONE;
  }

  /** The signature; empty: the script has none, or what is there is no base64. */
  public Optional<Bytes> signature() {
    return block.flatMap(ScriptBlock::signature);
  }

  /** Why Windows would not see the signature or something can hide in it; empty: neither. */
  public Optional<String> irregularity() {
    if (block.isEmpty()) {
      return Optional.empty();
    }
    if (!block.get().windowsLines()) {
      return Optional.of(
          "The line ends of the signature were changed (CRLF to LF): Windows does not see it");
    }
    if (style.inside() && survey.jobEnd() != survey.blockEnd()) {
      return Optional.of("The signature does not stand before the last </job>");
    }
    return block.get().regular()
        ? Optional.empty()
        : Optional.of("The signature block is not as Windows writes it");
  }

  /** Bytes behind the signature that it does not cover. */
  public long trailing() {
    return signed() && !style.inside() ? artifact.size() - survey.blockEnd() : 0;
  }

  /**
   * Says no where a new signature would take text away that stands behind the old one.
   *
   * @throws ArtifactException if it would
   */
  public void refuseTrailingText() {
    if (trailing() > MAX_BLOCK || !trailingText().isBlank()) {
      throw ScriptFault.hidden(
          trailing() + " bytes follow the signature, at offset " + survey.blockEnd());
    }
  }

  private String trailingText() {
    return encoding.decode(artifact.read(artifact.size() - trailing(), (int) trailing()));
  }

  /** Where the signature stands or will stand. */
  private long insertion() {
    if (style.inside()) {
      return survey.jobEnd();
    }
    return signed() ? survey.blockStart() : artifact.size();
  }

  /** Digests the script without its signature as its SIP does. */
  public Digests digest(Set<DigestAlgorithm> algorithms) {
    var state = new Utf16Digest(encoding, algorithms);
    long position = -1;
    for (Piece.Range part : content()) {
      if (part.offset() == insertion()) {
        position = state.units();
      }
      long from = part.offset() == 0 && !style.markSigned() ? markSize() : part.offset();
      artifact.stream(from, part.offset() + part.length(), state::accept);
    }
    if (style.positionSigned()) {
      state.number(position < 0 ? state.units() : position);
    }
    return state.finish();
  }

  private int markSize() {
    return TextEncoding.marked(artifact).map(TextEncoding::markSize).orElse(0);
  }

  /** What is signed: before the signature, and in Windows script files after it. */
  private List<Piece.Range> content() {
    var out = new ArrayList<Piece.Range>();
    long end = style.inside() || !signed() ? artifact.size() : survey.blockStart();
    long[] cuts =
        signed() && style.inside()
            ? new long[] {0, survey.blockStart(), survey.blockEnd(), end}
            : new long[] {0, end};
    for (int i = 0; i < cuts.length; i += 2) {
      long at = insertion();
      if (at > cuts[i] && at < cuts[i + 1]) {
        out.add(new Piece.Range(cuts[i], at - cuts[i]));
        out.add(new Piece.Range(at, cuts[i + 1] - at));
      } else {
        out.add(new Piece.Range(cuts[i], cuts[i + 1] - cuts[i]));
      }
    }
    return out;
  }

  /** The script with this signature and no other. */
  public Patch embed(Bytes signature) {
    var literal = new Piece.Literal(encoding.encode(ScriptBlock.write(style, signature)));
    var pieces = new ArrayList<Piece>();
    boolean placed = false;
    for (Piece.Range part : content()) {
      if (part.offset() == insertion()) {
        pieces.add(literal);
        placed = true;
      }
      pieces.add(part);
    }
    if (!placed) {
      pieces.add(literal);
    }
    return new Patch(pieces);
  }

  /** The script without its signature; whatever stands behind it stays. */
  public Patch strip() {
    if (!signed()) {
      return Patch.of(new Piece.Range(0, artifact.size()));
    }
    return Patch.of(
        new Piece.Range(0, survey.blockStart()),
        new Piece.Range(survey.blockEnd(), artifact.size() - survey.blockEnd()));
  }

  public Artifact artifact() {
    return artifact;
  }
}
