// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.jar;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the manifest a signature needs and the signature file over it. */
final class ManifestWriter {
  private static final Bytes NEW_LINE = Bytes.utf8("\r\n");
  private static final String CREATED_BY = "sgcsign";

  /** The main section of a file that had no manifest. */
  private static final Bytes NEW =
      Bytes.concat(
          Section.line("Manifest-Version", "1.0"),
          Section.line("Created-By", CREATED_BY),
          NEW_LINE);

  private static final String REPLACE = "Replace the existing signatures (if_signed=replace).";

  private final JarArchive jar;
  private final List<Bytes> out = new ArrayList<>();

  ManifestWriter(JarArchive jar) {
    this.jar = jar;
  }

  /**
   * Insists that a signature could cover all of the file.
   *
   * @throws ArtifactException if no verifier would accept it
   */
  void requireSignable() {
    jar.hidden()
        .ifPresent(what -> {
          throw new ArtifactException(
              "SGC-ARTIFACT-HIDDEN-DATA",
              what + ", and no signature would cover them",
              "Build the file again with the jar tool; make it a program of its own afterwards.");
        });
    jar.manifest().stream()
        .filter(Section::magic)
        .findFirst()
        .ifPresent(section -> {
          throw new ArtifactException(
              "SGC-ARTIFACT-MALFORMED",
              "The manifest has a Magic attribute for " + section.name().orElse("the whole file"),
              "Take it out: verifiers that do not know its meaning must refuse the signature.");
        });
  }

  /** With a digest of every file and no other. */
  Bytes signed(DigestAlgorithm hash) {
    writeMain();
    Map<String, ZipEntry> content = new HashMap<>();
    jar.content().forEach(e -> content.put(e.name(), e));
    var written = new HashSet<String>();
    for (Section section : entrySections()) {
      ZipEntry entry = content.get(section.name().orElse(""));
      if (entry != null) {
        out.add(section.withoutDigests());
        writeDigest(jar.digest(entry, hash));
        written.add(entry.name());
      } else {
        writeKept(section);
      }
    }
    for (ZipEntry entry : jar.content()) {
      if (!written.contains(entry.name())) {
        writeNew(entry, hash);
      }
    }
    return bytes();
  }

  /**
   * As it is, so that the signatures that are there hold.
   *
   * @throws ArtifactException if it does not speak of every file, so that they do not
   */
  Bytes unchanged() {
    Map<String, Section> sections = new HashMap<>();
    entrySections().forEach(s -> s.name().ifPresent(n -> sections.put(n, s)));
    for (ZipEntry entry : jar.content()) {
      Optional<Digest> known =
          Optional.ofNullable(sections.get(entry.name()))
              .flatMap(s -> s.digest(""))
              .filter(d -> d.algorithm() != DigestAlgorithm.SHA1);
      if (known.isEmpty() || !jar.digest(entry, known.get().algorithm()).equals(known.get())) {
        throw new ArtifactException(
            "SGC-ARTIFACT-MALFORMED",
            "The manifest has no good digest of "
                + entry.name()
                + ", and giving it one would break the signature that is there",
            REPLACE);
      }
    }
    jar.stray()
        .ifPresent(name -> {
          throw new ArtifactException(
              "SGC-ARTIFACT-HIDDEN-DATA", name + " belongs to no signature", REPLACE);
        });
    return jar.manifestBytes();
  }

  /** Without any digest; empty: nothing is left but what signing brought along. */
  Optional<Bytes> stripped() {
    writeMain();
    entrySections().forEach(this::writeKept);
    return Optional.of(bytes()).filter(left -> !left.equals(NEW));
  }

  private List<Section> entrySections() {
    return jar.manifest().isEmpty() ? List.of() : jar.manifest().subList(1, jar.manifest().size());
  }

  private void writeMain() {
    if (jar.manifest().isEmpty()) {
      out.add(NEW);
      return;
    }
    Bytes raw = jar.manifest().getFirst().raw();
    out.add(raw);
    String text = raw.toUtf8();
    boolean lineEnds = text.endsWith("\n") || text.endsWith("\r");
    boolean ended = text.endsWith("\r\n\r\n") || text.endsWith("\n\n") || text.endsWith("\r\r");
    if (!lineEnds) {
      out.add(NEW_LINE);
    }
    if (!ended) {
      out.add(NEW_LINE);
    }
  }

  /** A section that speaks of no file: what it says stays, but for digests. */
  private void writeKept(Section section) {
    if (!section.hasDigests()
        || section.attributes().keySet().stream()
            .anyMatch(a -> !a.equals("name") && !Section.isDigest(a))) {
      out.add(section.withoutDigests());
      out.add(NEW_LINE);
    }
  }

  private void writeNew(ZipEntry entry, DigestAlgorithm hash) {
    out.add(Section.line("Name", entry.name()));
    writeDigest(jar.digest(entry, hash));
  }

  private void writeDigest(Digest digest) {
    out.add(Section.line(Section.name(digest.algorithm(), ""), digest.value().toBase64()));
    out.add(NEW_LINE);
  }

  private Bytes bytes() {
    return Bytes.concat(out.toArray(Bytes[]::new));
  }

  /** The signature file: digests of the manifest, of its main section and of every other. */
  static Bytes signatureFile(Bytes manifest, DigestAlgorithm hash) {
    List<Section> sections = Section.parse(manifest, "The manifest");
    var out = new ArrayList<Bytes>();
    out.add(Section.line("Signature-Version", "1.0"));
    Bytes main = sections.getFirst().raw();
    out.add(line(hash, "-Manifest-Main-Attributes", main));
    out.add(line(hash, "-Manifest", manifest));
    out.add(Section.line("Created-By", CREATED_BY));
    out.add(NEW_LINE);
    for (Section section : sections.subList(1, sections.size())) {
      out.add(Section.line("Name", section.name().orElseThrow()));
      out.add(line(hash, "", section.raw()));
      out.add(NEW_LINE);
    }
    return Bytes.concat(out.toArray(Bytes[]::new));
  }

  private static Bytes line(DigestAlgorithm hash, String suffix, Bytes digested) {
    return Section.line(Section.name(hash, suffix), Digest.of(hash, digested).value().toBase64());
  }
}
