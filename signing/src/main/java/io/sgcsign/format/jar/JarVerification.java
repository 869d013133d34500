// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.jar;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.Verdict;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the signatures of a JAR file (JAR File Specification, "Signature Validation"). Stricter
 * than Java: every signature has to cover every file, and no file may be missing.
 */
final class JarVerification {
  private static final String MAIN = "-Manifest-Main-Attributes";

  private final JarArchive jar;
  private final CmsVerifier verifier;
  private final List<ZipEntry> files;
  private final Map<String, Section> sections = new HashMap<>();
  private Optional<Check> damage = Optional.empty();

  JarVerification(JarArchive jar, VerificationPolicy policy) {
    this.jar = jar;
    this.files = jar.content();
    VerificationPolicy strict =
        policy.extendedKeyUsage().isEmpty()
            ? policy.withUsage(Set.of(KeyPurpose.CODE_SIGNING))
            : policy;
    this.verifier = new CmsVerifier(strict).withPlainData();
    jar.manifest().forEach(s -> s.name().ifPresent(n -> sections.put(n, s)));
  }

  VerificationReport run() {
    List<ZipEntry> signed = jar.signatureFiles();
    if (signed.isEmpty()) {
      return new VerificationReport(
          JarFormat.NAME, Status.UNSIGNED, List.of(), List.of(Check.passed(CheckName.STRUCTURE)));
    }
    damage = damage();
    var signatures = new ArrayList<SignatureReport>();
    for (int i = 0; i < signed.size(); i++) {
      signatures.add(judge(Integer.toString(i), signed.get(i)));
    }
    List<Check> fileChecks = List.of(Check.passed(CheckName.STRUCTURE), hiddenData());
    var deciding = new ArrayList<Status>();
    deciding.add(Verdict.of(fileChecks));
    deciding.add(signatures.getFirst().status());
    signatures.stream()
        .map(SignatureReport::status)
        .filter(s -> s == Status.INVALID || s == Status.REVOKED)
        .forEach(deciding::add);
    return new VerificationReport(JarFormat.NAME, Verdict.worst(deciding), signatures, fileChecks);
  }

  private SignatureReport judge(String path, ZipEntry file) {
    try {
      Optional<ZipEntry> block = jar.block(file);
      if (block.isEmpty()) {
        return CmsVerifier.unreadable(path, "There is not one signature block to " + file.name());
      }
      CmsStructure cms = CmsStructure.parse(jar.readBlock(block.get()));
      Bytes signed = jar.readSignatureFile(file);
      boolean detached = cms.content().isEmpty() || cms.digested().equals(signed);
      if (!cms.contentType().equals(JarFormat.DATA) || !detached) {
        return CmsVerifier.unreadable(path, "The block is not of " + file.name());
      }
      var checks = List.of(content(file, signed), CmsVerifier.hiddenData(cms));
      return verifier.judge(path, cms, signed, checks);
    } catch (ArtifactException e) {
      return CmsVerifier.unreadable(path, String.valueOf(e.getMessage()));
    }
  }

  /**
   * From the signature file to the manifest, and from there to the files. As in Java a file is
   * signed only if the signature file names it; the digest of the whole manifest spares the look at
   * its sections, and where that does not match – another signer may have written it again – the
   * digest of each counts, and none may have been added: even one of no file says what Java heeds.
   */
  private Check content(ZipEntry file, Bytes signed) {
    if (jar.manifest().isEmpty()) {
      return failed("There is no manifest");
    }
    List<Section> lines = Section.parse(signed, file.name());
    Section main = lines.getFirst();
    if (!main.attribute("Signature-Version").equals(Optional.of("1.0"))) {
      return failed(file.name() + " has not Signature-Version 1.0, so that Java ignores it");
    }
    boolean whole = matches(main.digest("-Manifest"), jar.manifestBytes());
    if (!whole && !matches(main.digest(MAIN), jar.manifest().getFirst().raw())) {
      return failed("The main attributes of the manifest were changed after they were signed");
    }
    var covered = new HashSet<String>();
    for (Section line : lines.subList(1, lines.size())) {
      String name = line.name().orElse("");
      Section section = sections.get(name);
      if (section == null || (!whole && !matches(line.digest(""), section.raw()))) {
        return failed("What the manifest says of " + name + " was changed after it was signed");
      }
      if (line.magic()) {
        return failed(file.name() + " has a Magic attribute, which nobody knows, for " + name);
      }
      covered.add(name);
    }
    return files.stream()
        .map(ZipEntry::name)
        .filter(name -> !covered.contains(name))
        .findFirst()
        .map(name -> failed("The file " + name + " is not covered by this signature"))
        .or(() ->
            sections.keySet().stream()
                .filter(name -> !whole && !covered.contains(name))
                .findFirst()
                .map(name -> failed("What the manifest says of " + name + " was added")))
        .or(() -> damage)
        .orElse(Check.passed(CheckName.CONTENT_DIGEST));
  }

  private static boolean matches(Optional<Digest> said, Bytes bytes) {
    return said.isPresent()
        && said.get().algorithm() != DigestAlgorithm.SHA1
        && Digest.of(said.get().algorithm(), bytes).equals(said.get());
  }

  /** The first file that is not what the manifest says; all signatures share the answer. */
  private Optional<Check> damage() {
    try {
      for (ZipEntry entry : files) {
        Section section = sections.get(entry.name());
        Optional<Digest> said = section == null ? Optional.empty() : section.digest("");
        if (said.isEmpty() || said.get().algorithm() == DigestAlgorithm.SHA1) {
          return Optional.of(failed("The manifest has no strong digest of " + entry.name()));
        }
        if (!jar.digest(entry, said.get().algorithm()).equals(said.get())) {
          return Optional.of(failed("The file " + entry.name() + " was changed"));
        }
      }
      if (jar.manifest().stream().anyMatch(Section::magic)) {
        return Optional.of(failed("The manifest has a Magic attribute, which nobody knows"));
      }
      return sections.values().stream()
          .filter(s -> s.digest("").isPresent())
          .flatMap(s -> s.name().stream())
          .filter(n -> jar.zip().entry(n).isEmpty())
          .findFirst()
          .map(n -> failed("The file " + n + " was removed"));
    } catch (ArtifactException e) {
      return Optional.of(failed(String.valueOf(e.getMessage())));
    }
  }

  private static Check failed(String detail) {
    return Check.failed(CheckName.CONTENT_DIGEST, detail);
  }

  /** What is no entry, or a signature's file of no signature, is covered by nothing. */
  private Check hiddenData() {
    return jar.hidden()
        .or(() -> jar.stray().map(name -> name + " belongs to no signature"))
        .map(what -> Check.failed(CheckName.HIDDEN_DATA, what))
        .orElse(Check.passed(CheckName.HIDDEN_DATA));
  }
}
