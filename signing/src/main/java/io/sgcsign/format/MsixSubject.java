// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.layout.appx.AppxDigests;
import io.sgcsign.layout.appx.AppxManifest;
import io.sgcsign.layout.appx.AppxPackage;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A package or a bundle. It has room for one signature, whose digest is that of its block map. */
record MsixSubject(Artifact artifact, AppxPackage file) implements AuthenticodeSubject {
  @Override
  public FormatDescriptor.Kind kind() {
    return file.bundle() ? MsixKind.BUNDLE : MsixKind.PACKAGE;
  }

  @Override
  public List<Entry> signatures() {
    if (!file.signed()) {
      return List.of();
    }
    return List.of(
        file.signature()
            .<Entry>map(Entry.Sound::new)
            .orElse(new Entry.Broken("The signature does not begin with PKCX")));
  }

  @Override
  public boolean nests() {
    return false;
  }

  @Override
  public void refuseLoss(boolean append) {
    if (append) {
      throw new SignerException.Refused(
          Problem.of(
              Code.ALREADY_SIGNED,
              "An MSIX package has exactly one signature: none can be appended",
              "Choose if_signed=replace or skip."));
    }
  }

  @Override
  public Scan scan(Set<DigestAlgorithm> algorithms) {
    return found(file.unsigned(), algorithms);
  }

  @Override
  public Scan scanToSign(Set<DigestAlgorithm> algorithms, boolean append, Options options) {
    if (!algorithms.equals(Set.of(file.algorithm()))) {
      throw new OptionException(
          Options.HASH,
          false,
          "The block map of this package is made with %s, and so must be its one signature: hash=%s"
              .formatted(file.algorithm().wireName(), file.algorithm().wireName()));
    }
    file.typeFault().or(file::blockFault).ifPresent(MsixSubject::refuse);
    return found(file.toSign(), algorithms);
  }

  private static void refuse(String fault) {
    throw new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        fault,
        "Pack it again with MakeAppx and change nothing in it afterwards.");
  }

  private Found found(Artifact bare, Set<DigestAlgorithm> algorithms) {
    Map<DigestAlgorithm, AppxDigests> digests = new EnumMap<>(DigestAlgorithm.class);
    algorithms.forEach(a -> digests.put(a, AppxDigests.of(bare, a)));
    return new Found(this, digests);
  }

  @Override
  public Patch strip() {
    return file.strip();
  }

  @Override
  public List<Check> judge(SpcContent content, Scan scan) {
    if (!MsixKind.in(content, file.bundle())) {
      throw new DerException("The signature is for another kind of file: " + content.type());
    }
    return List.of(
        digestFault(content, (Found) scan)
            .map(fault -> Check.failed(CheckName.CONTENT_DIGEST, fault))
            .orElse(Check.passed(CheckName.CONTENT_DIGEST)));
  }

  private Optional<String> digestFault(SpcContent content, Found found) {
    Optional<DigestAlgorithm> algorithm = content.algorithm();
    if (algorithm.filter(file.algorithm()::equals).isEmpty()) {
      return Optional.of(
          "The signature's digest is not that of the block map, " + file.algorithm().wireName());
    }
    Optional<AppxDigests> signed = AppxDigests.parse(content.digest(), algorithm.get());
    if (signed.isEmpty()) {
      return Optional.of("The signature has no digests of a package");
    }
    Map<String, Digest> real = found.digests(algorithm.get()).parts();
    if (!signed.get().parts().keySet().equals(real.keySet())) {
      return Optional.of(
          "The signature has digests of %s, not of %s"
              .formatted(signed.get().parts().keySet(), real.keySet()));
    }
    return real.entrySet().stream()
        .filter(part -> !part.getValue().equals(signed.get().parts().get(part.getKey())))
        .findFirst()
        .map(part -> "The package was changed after it was signed (%s)".formatted(part.getKey()));
  }

  @Override
  public List<Check> judgeSigner(X509Certificate signer) {
    return List.of(
        PublisherCheck.fault(file.manifest().publisher(), signer)
            .map(fault -> Check.failed(CheckName.PUBLISHER, fault))
            .orElse(Check.passed(CheckName.PUBLISHER)));
  }

  @Override
  public List<Check> fileChecks(Scan scan) {
    return List.of(
        check(CheckName.STRUCTURE, file.typeFault()),
        check(CheckName.BLOCK_MAP, file.blockFault()));
  }

  private static Check check(CheckName name, Optional<String> fault) {
    return fault.map(f -> Check.failed(name, f)).orElse(Check.passed(name));
  }

  @Override
  public SortedMap<String, String> facts() {
    AppxManifest manifest = file.manifest();
    var out = new TreeMap<String, String>();
    out.put("name", manifest.name());
    out.put("version", manifest.version());
    out.put(MsixKind.PUBLISHER, manifest.publisher());
    manifest.architecture().ifPresent(a -> out.put("architecture", a));
    return out;
  }

  /** The digests of a package; that of the whole file is made when it is asked for. */
  private record Found(MsixSubject subject, Map<DigestAlgorithm, AppxDigests> all) implements Scan {
    AppxDigests digests(DigestAlgorithm algorithm) {
      AppxDigests found = all.get(algorithm);
      if (found == null) {
        throw new IllegalArgumentException("The scan was not asked for " + algorithm);
      }
      return found;
    }

    @Override
    public Digest digest(DigestAlgorithm algorithm) {
      return Digest.of(algorithm, digests(algorithm).value());
    }

    @Override
    public Digest artifact() {
      return subject.artifact().digest(DigestAlgorithm.SHA256);
    }

    @Override
    public Measure measure(DigestAlgorithm algorithm, Options options, SigningContext context) {
      String publisher = subject.file().manifest().publisher();
      X509Certificate signer = context.chain().leaf();
      PublisherCheck.fault(publisher, signer)
          .ifPresent(fault -> {
            throw new ArtifactException(
                "SGC-ARTIFACT-PUBLISHER",
                fault,
                "Write %s into the Identity of the manifest and pack again, or use the provider"
                        .formatted(PublisherCheck.attribute(signer))
                    + " whose certificate has the manifest's publisher.");
          });
      return MsixKind.measure(digests(algorithm), publisher);
    }

    @Override
    public Patch embed(List<Bytes> signatures) {
      return subject.file().embed(signatures.getFirst());
    }
  }
}
