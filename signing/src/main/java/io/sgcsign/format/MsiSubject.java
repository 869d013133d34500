// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.layout.msi.InstallerPackage;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Digests;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport.Check;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An installer package. Every signature's digest begins with MsiDigitalSignatureEx, if the package
 * has it, so all signatures have it or none; and as it is itself a digest of one algorithm, it and
 * signatures of several do not go together.
 */
record MsiSubject(InstallerPackage file) implements AuthenticodeSubject {
  private static final String EXTENDED_STREAM = "MsiDigitalSignatureEx";

  @Override
  public FormatDescriptor.Kind kind() {
    return MsiKind.MSI;
  }

  @Override
  public List<Entry> signatures() {
    return file
        .signature()
        .<Entry>map(der ->
            der.isEmpty() ? new Entry.Broken("The signature is empty") : new Entry.Sound(der))
        .stream()
        .toList();
  }

  @Override
  public boolean nests() {
    return true;
  }

  @Override
  public void refuseLoss(boolean append) {
    if (file.hidesData()) {
      throw new ArtifactException(
          "SGC-ARTIFACT-HIDDEN-DATA",
          "Data stands behind the end of the package, where no signature covers it (CVE-2020-1464)",
          "Build the package again and check what appended to it.");
    }
  }

  @Override
  public Scan scan(Set<DigestAlgorithm> algorithms) {
    return new MsiScan(file, file.digests(algorithms, file.extended()), Optional.empty());
  }

  @Override
  public Scan scanToSign(Set<DigestAlgorithm> algorithms, boolean append, Options options) {
    Optional<Bytes> extended = append ? kept(algorithms, options) : made(algorithms, options);
    return new MsiScan(file, file.digests(algorithms, extended), extended);
  }

  /** Appending leaves it as it is: the present signature covers it. */
  private Optional<Bytes> kept(Set<DigestAlgorithm> algorithms, Options options) {
    Optional<Bytes> present = file.extended();
    boolean fits =
        present.isEmpty() || algorithms.stream().allMatch(a -> a.length() == present.get().size());
    if (!fits) {
      throw conflict(
          "The package has "
              + EXTENDED_STREAM
              + " of another digest: a signature with this one cannot stand beside the present");
    }
    if (extended(options, present.isEmpty() ? "true" : "false")) {
      throw conflict(
          "The present signature was made "
              + (present.isEmpty() ? "without " : "with ")
              + EXTENDED_STREAM
              + ", and one that is appended has to be, too");
    }
    return present;
  }

  private static ArtifactException conflict(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Replace the existing signatures (if_signed=replace), or append with the same hash.");
  }

  private static boolean extended(Options options, String value) {
    return options.text(MsiKind.EXTENDED).filter(value::equals).isPresent();
  }

  private Optional<Bytes> made(Set<DigestAlgorithm> algorithms, Options options) {
    if (algorithms.size() > 1 && extended(options, "true")) {
      throw new OptionException(
          MsiKind.EXTENDED,
          false,
          EXTENDED_STREAM + " is a digest of one algorithm: give one hash, or msi_extended=false");
    }
    return algorithms.size() > 1 || extended(options, "false")
        ? Optional.empty()
        : Optional.of(file.metadata(algorithms.iterator().next()).value());
  }

  @Override
  public Patch strip() {
    return file.strip();
  }

  @Override
  public List<Check> judge(SpcContent content, Scan scan) {
    if (!MsiKind.in(content)) {
      throw new DerException("The signature is for another kind of file: " + content.type());
    }
    return List.of(content.digestCheck(scan));
  }

  @Override
  public List<Check> fileChecks(Scan scan) {
    Check hidden =
        file.hidesData()
            ? Check.failed(
                CheckName.HIDDEN_DATA,
                "Data stands behind the end of the package, where no signature covers it"
                    + " (CVE-2020-1464)")
            : Check.passed(CheckName.HIDDEN_DATA);
    return List.of(Check.passed(CheckName.STRUCTURE), hidden, metadata());
  }

  /** The signature covers the stream; the stream has to say what is so. */
  private Check metadata() {
    if (file.extended().isEmpty()) {
      return Check.skipped(CheckName.METADATA, "The package has no " + EXTENDED_STREAM);
    }
    Bytes present = file.extended().get();
    boolean right =
        Arrays.stream(DigestAlgorithm.values())
            .filter(a -> a.length() == present.size())
            .anyMatch(a -> file.metadata(a).value().equals(present));
    return right
        ? Check.passed(CheckName.METADATA)
        : Check.failed(
            CheckName.METADATA,
            "Names, sizes, times or classes are not those " + EXTENDED_STREAM + " speaks of");
  }

  /**
   * What one pass over the streams found. They do not lie in the order they are digested in, so the
   * file's own digest is a pass of its own.
   *
   * @param extended to write beside the signature
   */
  private record MsiScan(InstallerPackage file, Digests digests, Optional<Bytes> extended)
      implements Scan {
    @Override
    public Digest digest(DigestAlgorithm algorithm) {
      return digests.get(algorithm);
    }

    @Override
    public Digest artifact() {
      return file.artifact().digest(DigestAlgorithm.SHA256);
    }

    @Override
    public Patch embed(List<Bytes> signatures) {
      return file.embed(signatures.getFirst(), extended);
    }
  }
}
