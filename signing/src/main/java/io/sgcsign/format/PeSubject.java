// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.ImageScan;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.layout.pe.WinCertificate;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport.Check;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A PE file. Its firmware knows no nesting, so further signatures of UEFI programs stand beside the
 * first in the certificate table. Stricter than Windows by default: data hidden in that table
 * (CVE-2013-3900) and a wrong checksum are refused.
 */
record PeSubject(PeFile pe) implements AuthenticodeSubject {
  @Override
  public FormatDescriptor.Kind kind() {
    return PeKind.PE;
  }

  @Override
  public List<Entry> signatures() {
    return pe.certificates().entries().stream().map(PeSubject::entry).toList();
  }

  private static Entry entry(WinCertificate entry) {
    return entry.signedData() && entry.revision() == WinCertificate.REVISION_2
        ? new Entry.Sound(entry.content())
        : new Entry.Broken(
            "The table entry has type %d, revision 0x%04x: no Authenticode signature"
                .formatted(entry.type(), entry.revision()));
  }

  @Override
  public boolean nests() {
    return !pe.header().efi();
  }

  @Override
  public void refuseLoss(boolean append) {
    if (pe.certificates().hidesData()) {
      throw new ArtifactException(
          "SGC-ARTIFACT-HIDDEN-DATA",
          "The file hides data behind its signature (CVE-2013-3900); signing would lose it",
          "Take the old signature off first if that data may go, or build the file again.");
    }
    if (append && !pe.certificates().entries().stream().allMatch(WinCertificate::signedData)) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The certificate table has entries that are no Authenticode signatures",
          "Replace the existing signatures (if_signed=replace) in place of appending.");
    }
  }

  @Override
  public Scan scan(Set<DigestAlgorithm> algorithms) {
    return new PeScan(pe, pe.scan(algorithms));
  }

  @Override
  public Scan scanToSign(Set<DigestAlgorithm> algorithms, boolean append, Options options) {
    return new PeScan(pe, pe.scanToSign(algorithms, append));
  }

  @Override
  public Patch strip() {
    return pe.strip();
  }

  @Override
  public List<Check> judge(SpcContent content, Scan scan) {
    return List.of(content.digestCheck(scan), pages(content));
  }

  private Check pages(SpcContent content) {
    Optional<PeImageData.PageTable> signed = PeImageData.pages(content);
    if (signed.isEmpty()) {
      return Check.skipped(CheckName.PAGE_HASHES, "The signature has none");
    }
    try {
      return pe.pageHashes(signed.get().algorithm()).table().equals(signed.get().table())
          ? Check.passed(CheckName.PAGE_HASHES)
          : Check.failed(CheckName.PAGE_HASHES, "The page hashes are not those of the file");
    } catch (ArtifactException e) {
      return Check.failed(CheckName.PAGE_HASHES, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<Check> fileChecks(Scan scan) {
    return List.of(Check.passed(CheckName.STRUCTURE), hiddenData(), checksum(scan));
  }

  private Check checksum(Scan scan) {
    long stored = pe.header().checksum();
    long right = ((PeScan) scan).image().checksum();
    return stored == 0 || stored == right
        ? Check.passed(CheckName.CHECKSUM)
        : Check.failed(
            CheckName.CHECKSUM,
            "The header says 0x%08x, the file comes to 0x%08x".formatted(stored, right));
  }

  private Check hiddenData() {
    boolean hides = pe.certificates().hidesData() || gapsHide();
    return hides
        ? Check.failed(
            CheckName.HIDDEN_DATA,
            "The certificate table holds data that no signature covers (CVE-2013-3900)")
        : Check.passed(CheckName.HIDDEN_DATA);
  }

  /** Entries begin at multiples of 8; between them there must be nothing but zeros. */
  private boolean gapsHide() {
    List<WinCertificate> entries = pe.certificates().entries();
    long tableEnd = pe.artifact().size() - pe.certificates().slack().size();
    for (int i = 0; i < entries.size(); i++) {
      WinCertificate entry = entries.get(i);
      long end = entry.end();
      long next = i + 1 < entries.size() ? entries.get(i + 1).offset() : tableEnd;
      Bytes gap = pe.artifact().read(end, (int) (next - end));
      if (!gap.equals(Bytes.wrap(new byte[gap.size()]))) {
        return true;
      }
    }
    return false;
  }

  /** One pass over the image. */
  private record PeScan(PeFile pe, ImageScan image) implements Scan {
    @Override
    public Digest digest(DigestAlgorithm algorithm) {
      return image.digest(algorithm);
    }

    @Override
    public Digest artifact() {
      return image.artifactDigest().orElseThrow();
    }

    @Override
    public Measure measure(DigestAlgorithm algorithm, Options options, SigningContext context) {
      var parts =
          options.flag(PeKind.PAGE_HASHES)
              ? PageParts.of(pe.pageHashes(PageParts.algorithm(algorithm)))
              : List.<Imprint.NamedDigest>of();
      return new Measure(digest(algorithm), parts, new TreeMap<>());
    }

    @Override
    public Patch embed(List<Bytes> signatures) {
      return image.embed(signatures);
    }
  }
}
