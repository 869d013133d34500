// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ScriptFileTest {
  private static final String TEXT = "Write-Host 'h\u00e4 \u20ac'\r\n# \u201cend\u201d";
  private static final String MARK = "\ufeff";
  private static final Charset UTF_16BE = StandardCharsets.UTF_16BE;
  private static final Charset ANSI = Charset.forName("windows-1252");
  private static final Bytes SIGNATURE = Bytes.wrap(new byte[100]);

  private static Artifact artifact(String text, Charset charset) {
    return Artifact.of(Bytes.wrap(text.getBytes(charset)));
  }

  private static ScriptFile script(String text, Charset charset, ScriptStyle style) {
    return ScriptFile.parse(artifact(text, charset), style);
  }

  private static Digest digest(ScriptFile file) {
    return file.digest(Set.of(DigestAlgorithm.SHA256)).all().values().iterator().next();
  }

  private static Digest expected(String text) {
    return Digest.sha256(Bytes.wrap(text.getBytes(StandardCharsets.UTF_16LE)));
  }

  private static Digest positioned(String text, int position) {
    byte[] number = {
      (byte) position, (byte) (position >> 8), (byte) (position >> 16), (byte) (position >> 24)
    };
    return Digest.sha256(
        Bytes.concat(Bytes.wrap(text.getBytes(StandardCharsets.UTF_16LE)), Bytes.wrap(number)));
  }

  private static Bytes apply(ScriptFile file, Patch patch) {
    var out = file.artifact().with(patch);
    return out.read(0, (int) out.size());
  }

  @Test
  void digestsTheTextAsUtf16WhateverItIsEncodedIn() {
    for (Charset utf16 : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      assertThat(digest(script(MARK + TEXT, utf16, ScriptStyle.HASH)))
          .isEqualTo(expected(MARK + TEXT));
    }
    assertThat(digest(script(MARK + TEXT, StandardCharsets.UTF_8, ScriptStyle.HASH)))
        .isEqualTo(expected(MARK + TEXT));
    assertThat(digest(script(TEXT, StandardCharsets.UTF_8, ScriptStyle.HASH)))
        .isEqualTo(expected(TEXT));
    assertThat(digest(script(TEXT, ANSI, ScriptStyle.HASH))).isEqualTo(expected(TEXT));
    String beyond = TEXT + "\ud83d\ude00";
    assertThat(digest(script(beyond, StandardCharsets.UTF_8, ScriptStyle.HASH)))
        .isEqualTo(expected(beyond));
  }

  @Test
  void readsXmlWithoutAMarkInTheCodePageAsWindowsDoes() {
    // Java has nothing at the five free places of the code page, Windows their own numbers
    String misread =
        new String(TEXT.getBytes(StandardCharsets.UTF_8), ANSI).replace('\ufffd', '\u009d');
    assertThat(digest(script(TEXT, StandardCharsets.UTF_8, ScriptStyle.XML)))
        .isEqualTo(expected(misread));
  }

  @Test
  void theScriptHostDigestsThePositionAndNotTheMark() {
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_8)) {
      assertThat(digest(script(MARK + TEXT, charset, ScriptStyle.VBSCRIPT)))
          .isEqualTo(positioned(TEXT, TEXT.length()));
    }
    assertThat(digest(script(TEXT, ANSI, ScriptStyle.JSCRIPT)))
        .isEqualTo(positioned(TEXT, TEXT.length()));
    String job = "<job>\u00e4</job>\r\n";
    assertThat(digest(script(job, StandardCharsets.UTF_8, ScriptStyle.WSF)))
        .isEqualTo(positioned(job, job.indexOf("</job>")));
    assertThat(digest(script(MARK + job, StandardCharsets.UTF_8, ScriptStyle.WSF)))
        .isEqualTo(positioned(job, job.indexOf("</job>")));
  }

  @ParameterizedTest
  @EnumSource(ScriptStyle.class)
  void embedsReplacesAndStripsInEveryEncoding(ScriptStyle style) {
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      for (String ending : List.of("", "\n", "\r\n")) {
        String text = MARK + "<job>\u00e4</job>" + ending;
        ScriptFile bare = script(text, charset, style);
        assertThat(bare.signed()).isFalse();
        Bytes once = apply(bare, bare.embed(SIGNATURE));
        ScriptFile signed = ScriptFile.parse(Artifact.of(once), style);
        assertThat(signed.signature()).contains(SIGNATURE);
        assertThat(signed.irregularity()).isEmpty();
        assertThat(signed.trailing()).isZero();
        assertThat(digest(signed)).isEqualTo(digest(bare));
        assertThat(apply(signed, signed.embed(SIGNATURE))).isEqualTo(once);
        assertThat(apply(signed, signed.strip())).isEqualTo(Bytes.wrap(text.getBytes(charset)));
      }
    }
  }

  /** Some hundred kilobytes of what makes readers stumble, so that steps end anywhere in it. */
  private static String mixture(Random random, boolean ansi) {
    List<String> parts =
        List.of(
            "\r\n",
            "\n",
            "\t",
            "\r",
            "</job>",
            "</jo",
            "<",
            "\n# SIG # Begin signature block ",
            "\r\n'' SIG '' Begin signature bloc",
            "\r\n# SIG # End signature block\r\n",
            "\u00e4",
            ansi ? "\u201c" : "\ud83d\ude00",
            ansi ? "\u20ac" : "\u0a0d\u0d0a\u3c00");
    var out = new StringBuilder();
    while (out.length() < 3 * Artifact.STEP) {
      out.append("abcdefgh ijk~".repeat(20), 0, random.nextInt(200));
      out.append(parts.get(random.nextInt(parts.size())));
    }
    return out.append("</job>").append("x".repeat(random.nextInt(9))).toString();
  }

  @ParameterizedTest
  @EnumSource(
      value = ScriptStyle.class,
      names = {"HASH", "VBSCRIPT", "WSF"})
  void readsLongTextsInStepsAsIfTheyWereShort(ScriptStyle style) {
    var random = new Random(20_261_121);
    for (Charset charset :
        List.of(ANSI, StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, UTF_16BE)) {
      String text = mixture(random, charset.equals(ANSI));
      String file = charset.equals(ANSI) ? text : MARK + text;
      ScriptFile bare = script(file, charset, style);
      int end = style.inside() ? text.lastIndexOf("</job>") : text.length();
      assertThat(digest(bare))
          .isEqualTo(style.positionSigned() ? positioned(text, end) : expected(file));
      Artifact once = Artifact.of(apply(bare, bare.embed(SIGNATURE)));
      ScriptFile signed = ScriptFile.parse(once, style);
      assertThat(signed.irregularity()).isEmpty();
      assertThat(digest(signed)).isEqualTo(digest(bare));
      assertThat(apply(signed, signed.strip())).isEqualTo(Bytes.wrap(file.getBytes(charset)));
      if (!style.inside()) {
        assertThat(ScriptSniff.style(once)).contains(style);
      }
    }
  }

  @Test
  void tellsWhereALongTextIsNone() {
    for (int at : List.of(7, 8, 9, Artifact.STEP - 1, Artifact.STEP, 2 * Artifact.STEP + 5)) {
      byte[] text = "0123456789 abcde".repeat(Artifact.STEP / 4).getBytes(ANSI);
      text[at] = 0;
      assertThatThrownBy(() -> ScriptFile.parse(Artifact.of(Bytes.wrap(text)), ScriptStyle.HASH))
          .isInstanceOf(ArtifactException.class)
          .hasMessageContaining("NUL character at offset " + at + ":");
      text[at] = (byte) 0xe4;
      Bytes marked = Bytes.concat(Bytes.fromHex("efbbbf"), Bytes.wrap(text));
      assertThatThrownBy(() -> ScriptFile.parse(Artifact.of(marked), ScriptStyle.HASH))
          .isInstanceOf(ArtifactException.class)
          .hasMessageContaining("offset " + (at + 4) + " is not");
    }
  }

  @Test
  void writesTheBlockAsWindowsDoes() {
    ScriptFile bare = script("1", StandardCharsets.UTF_8, ScriptStyle.HASH);
    assertThat(apply(bare, bare.embed(SIGNATURE)).toUtf8())
        .isEqualTo(
            "1\r\n# SIG # Begin signature block\r\n# "
                + "A".repeat(64)
                + "\r\n# "
                + "A".repeat(64)
                + "\r\n# AAAAAA==\r\n# SIG # End signature block\r\n");
    ScriptFile wsf = script("<job></job>", StandardCharsets.UTF_8, ScriptStyle.WSF);
    assertThat(apply(wsf, wsf.embed(Bytes.wrap(new byte[3]))).toUtf8())
        .isEqualTo("<job>\r\n<signature>\r\n** SIG ** AAAA\r\n</signature>\r\n</job>");
  }

  private static String signed(String text) {
    ScriptFile bare = script(text, StandardCharsets.UTF_8, ScriptStyle.HASH);
    return apply(bare, bare.embed(SIGNATURE)).toUtf8();
  }

  @Test
  void tellsWhenLineEndsOfTheBlockWereChanged() {
    ScriptFile git = script(signed("1").replace("\r", ""), ANSI, ScriptStyle.HASH);
    assertThat(git.signature()).contains(SIGNATURE);
    assertThat(git.irregularity()).hasValueSatisfying(w -> assertThat(w).contains("CRLF to LF"));
    assertThat(apply(git, git.strip()).toUtf8()).isEqualTo("1");
  }

  @Test
  void tellsWhenTheBlockIsNotRegular() {
    for (String odd :
        List.of(
            signed("1").replace("AAAAAA==", "AAAAAB=="),
            signed("1").replace("AAAAAA==", "AAAA AA=="),
            signed("1").replace("AAAAAA==\r\n", "AAAA\r\n# AA==\r\n"),
            signed("1").stripTrailing())) {
      assertThat(script(odd, ANSI, ScriptStyle.HASH).irregularity()).as(odd).isPresent();
    }
    // the Windows Script Host writes 44 characters a line
    String narrow = ScriptBlock.write(ScriptStyle.VBSCRIPT, Bytes.wrap(new byte[33]));
    assertThat(script("1" + narrow, ANSI, ScriptStyle.VBSCRIPT).irregularity()).isEmpty();
    String twoLines =
        narrow.replace("A".repeat(44), "A".repeat(22) + "\r\n'' SIG '' " + "A".repeat(22));
    assertThat(script("1" + twoLines, ANSI, ScriptStyle.VBSCRIPT).irregularity()).isEmpty();
  }

  @Test
  void neverDropsTextBehindTheSignatureInSilence() {
    ScriptFile more = script(signed("1") + "evil", ANSI, ScriptStyle.HASH);
    assertThat(more.trailing()).isEqualTo(4);
    assertThatThrownBy(more::refuseTrailingText)
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-HIDDEN-DATA"));
    assertThat(apply(more, more.strip()).toUtf8()).isEqualTo("1evil");
    ScriptFile blank = script(signed("1") + "\r\n", ANSI, ScriptStyle.HASH);
    blank.refuseTrailingText();
    assertThat(apply(blank, blank.embed(SIGNATURE)).toUtf8()).isEqualTo(signed("1"));
  }

  @Test
  void refusesWhatIsNoTextOrNoWholeBlock() {
    assertRefused("1\0", "MALFORMED", ScriptStyle.HASH);
    assertRefused("", "EMPTY", ScriptStyle.HASH);
    assertRefused("no job", "MALFORMED", ScriptStyle.WSF);
    assertRefused("1\r\n# SIG # Begin signature block\r\n# AAAA", "TRUNCATED", ScriptStyle.HASH);
    assertRefused(signed("1").substring(3), "MALFORMED", ScriptStyle.HASH);
    assertRefused(signed("1").replace("# AAAAAA==", "code"), "MALFORMED", ScriptStyle.HASH);
    Bytes odd = Bytes.fromHex("fffe310032");
    assertThatThrownBy(() -> ScriptFile.parse(Artifact.of(odd), ScriptStyle.HASH))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("odd");
    Bytes lie = Bytes.fromHex("efbbbf31fc");
    assertThatThrownBy(() -> ScriptFile.parse(Artifact.of(lie), ScriptStyle.HASH))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("offset 4");
  }

  private static void assertRefused(String text, String code, ScriptStyle style) {
    assertThatThrownBy(() -> script(text, StandardCharsets.UTF_8, style))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-" + code));
  }

  @Test
  void takesAHugeScriptInStepsAndRefusesMoreThanWindowsCanCount() {
    Bytes step = Bytes.utf8("Write-Host 1234567890 abcdefghi\r\n".repeat(1 << 17)); // 4 MiB
    var pieces = new ArrayList<Piece>(Collections.nCopies(64, new Piece.Literal(step)));
    var huge = Artifact.of(Bytes.EMPTY).with(new Patch(pieces)); // 256 MiB, held once
    ScriptFile file = ScriptFile.parse(huge, ScriptStyle.HASH);
    assertThat(digest(file).value().size()).isEqualTo(32);
    assertThat(file.embed(SIGNATURE).size()).isGreaterThan(huge.size());
    pieces = new ArrayList<>(Collections.nCopies(600, new Piece.Literal(step)));
    var over = Artifact.of(Bytes.EMPTY).with(new Patch(pieces));
    assertThatThrownBy(() -> ScriptFile.parse(over, ScriptStyle.HASH))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-TOO-LARGE"));
  }
}
