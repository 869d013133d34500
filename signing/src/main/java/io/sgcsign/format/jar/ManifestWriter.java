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

  private final JarArchive jar;
  private final List<Bytes> out = new ArrayList<>();

  ManifestWriter(JarArchive jar) {
    this.jar = jar;
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

  /** With digests of files that have none yet; everything else stays, so old signatures hold. */
  Bytes extended(DigestAlgorithm hash) {
    Map<String, Section> sections = new HashMap<>();
    entrySections().forEach(s -> s.name().ifPresent(n -> sections.put(n, s)));
    out.add(jar.manifestBytes());
    for (ZipEntry entry : jar.content()) {
      Section section = sections.get(entry.name());
      if (section == null) {
        writeNew(entry, hash);
        continue;
      }
      Optional<Digest> known =
          section.digest("").filter(d -> d.algorithm() != DigestAlgorithm.SHA1);
      if (known.isEmpty() || !jar.digest(entry, known.get().algorithm()).equals(known.get())) {
        throw new ArtifactException(
            "SGC-ARTIFACT-MALFORMED",
            "The manifest has no good digest of "
                + entry.name()
                + ", and giving it one would break the signature that is there",
            "Replace the existing signatures (if_signed=replace).");
      }
    }
    return bytes();
  }

  /** Without any digest. */
  Bytes stripped() {
    writeMain();
    entrySections().forEach(this::writeKept);
    return bytes();
  }

  private List<Section> entrySections() {
    return jar.manifest().isEmpty() ? List.of() : jar.manifest().subList(1, jar.manifest().size());
  }

  private void writeMain() {
    if (jar.manifest().isEmpty()) {
      out.add(Section.line("Manifest-Version", "1.0"));
      out.add(Section.line("Created-By", CREATED_BY));
      out.add(NEW_LINE);
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
