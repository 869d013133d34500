// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.Option;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.signature.ToBeSigned.Attribute;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * NuGet author signatures, and repository signatures and counter-signatures (NuGet Package
 * Signatures Technical Specification). A package has one primary signature; only a repository can
 * countersign an author's.
 */
public final class NugetFormat implements SignatureFormat {
  static final String NAME = "nuget";
  private static final String APPEND = "append";

  private static final FormatDescriptor.Kind NUPKG =
      new FormatDescriptor.Kind("nupkg", List.of("nupkg"), "NuGet packages");
  private static final FormatDescriptor.Kind SNUPKG =
      new FormatDescriptor.Kind("snupkg", List.of("snupkg"), "NuGet symbol packages");
  static final List<FormatDescriptor.Kind> KINDS = List.of(NUPKG, SNUPKG);

  private static final List<Option> OPTIONS =
      Stream.concat(
              Stream.of(
                  Option.choice(
                      Options.HASH,
                      List.of("sha256", "sha384", "sha512"),
                      "sha256",
                      Needed.BOTH,
                      "File digest."),
                  Option.choice(
                      Options.EXISTING,
                      List.of("replace", APPEND),
                      "replace",
                      Needed.CLIENT,
                      "What happens to the signature the package already has.")),
              Repository.OPTIONS.stream())
          .toList();

  private static final FormatDescriptor DESCRIPTOR =
      new FormatDescriptor(
          NAME,
          "NuGet author and repository signatures",
          KINDS,
          OPTIONS,
          List.of(NugetImprint.ROLE),
          1,
          true,
          true);

  @Override
  public FormatDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return NugetPackage.recognise(artifact)
        ? Optional.of(nameHint.endsWith(".snupkg") ? SNUPKG : NUPKG)
        : Optional.empty();
  }

  @Override
  public Signed sign(Artifact artifact, Options options, Signer signer) {
    NugetPackage file = NugetPackage.parse(artifact);
    boolean signed = file.signature().isPresent();
    Optional<Repository> repository = Repository.of(options);
    Optional<Bytes> author =
        repository.isPresent() ? file.block().filter(CounterSigning::byAuthor) : Optional.empty();
    boolean append = options.text(Options.EXISTING).filter(APPEND::equals).isPresent();
    if (append && author.isEmpty() && signed) {
      throw taken("exactly one primary signature");
    }
    if (append && author.filter(CounterSigning::countersigned).isPresent()) {
      throw taken("at most one counter-signature");
    }
    SigningContext context = signer.context();
    if (context.algorithm().scheme() != SignatureAlgorithm.Scheme.RSA_PKCS1) {
      throw refused(
          Code.CERTIFICATE_UNFIT,
          "NuGet takes signatures of RSA keys only, not " + context.algorithm(),
          "Use a provider with an RSA code-signing certificate of 2048 bits or more.");
    }
    DigestAlgorithm hash = options.hash();
    // whether there is room for it shall be known before the key is used
    int more = author.map(Bytes::size).orElse(0);
    var _ = file.with(Bytes.wrap(new byte[context.maxBlockSize() + more]), context.time());
    Digest whole = artifact.digest(DigestAlgorithm.SHA256);
    if (author.isPresent()) {
      refuseChanged(file, author.get());
      var facts = new TreeMap<>(Map.of(NugetImprint.ROLE, NugetImprint.COUNTER));
      var digest = CounterSigning.digest(author.get(), hash);
      Bytes counter = signed(signer, imprint(file, digest, whole, context, facts));
      Bytes block = CounterSigning.with(author.get(), counter);
      return new Signed.Patched(file.with(block, context.time()));
    }
    Digest content =
        !signed && hash == DigestAlgorithm.SHA256
            ? whole
            : artifact.with(file.strip()).digest(hash);
    Bytes block = signed(signer, imprint(file, content, whole, context, new TreeMap<>()));
    return new Signed.Patched(file.with(block, context.time()));
  }

  /** A repository vouches for what it received: it must be what the author signed. */
  private static void refuseChanged(NugetPackage file, Bytes author) {
    Digest said = CounterSigning.content(author);
    if (!file.artifact().with(file.strip()).digest(said.algorithm()).equals(said)) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The package was changed after its author signed it",
          "Take it from its author again; countersign nothing that does not verify.");
    }
  }

  private static Imprint imprint(
      NugetPackage file,
      Digest digest,
      Digest whole,
      SigningContext context,
      SortedMap<String, String> facts) {
    String kind = (file.nuspec().symbols() ? SNUPKG : NUPKG).name();
    return new Imprint(NAME, kind, digest, whole, context.chain().fingerprint(), List.of(), facts);
  }

  private static Bytes signed(Signer signer, Imprint imprint) {
    return switch (signer.sign(imprint)) {
      case SignatureBlock.Cms cms -> cms.der();
      case SignatureBlock.Value _, SignatureBlock.Xml _ ->
          throw new IllegalStateException("The signer answered with no CMS structure");
    };
  }

  private static SignerException taken(String rule) {
    return refused(
        Code.ALREADY_SIGNED,
        "A NuGet package has " + rule + ": none can be appended",
        "Choose if_signed=replace or skip.");
  }

  private static SignerException refused(Code code, String detail, String hint) {
    return new SignerException.Refused(Problem.of(code, detail, hint));
  }

  @Override
  public Optional<Patch> remove(Artifact artifact) {
    return Optional.of(NugetPackage.parse(artifact).strip());
  }

  @Override
  public ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context) {
    NugetImprint.check(DESCRIPTOR, imprint, options, context);
    List<Attribute> attributes = SignatureType.attributes(context, Repository.of(options));
    if (NugetImprint.counters(imprint)) {
      return new ToBeSigned.CmsCounter(
          imprint.digest(), attributes, ToBeSigned.TimestampSlot.CMS_SIGNATURE_TIMESTAMP);
    }
    Bytes content = SignedContent.of(imprint.digest());
    return new ToBeSigned.Cms(
        SignedContent.TYPE,
        DerWriter.octetString(content),
        content,
        imprint.digest().algorithm(),
        attributes,
        ToBeSigned.TimestampSlot.CMS_SIGNATURE_TIMESTAMP);
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> beside, VerificationPolicy policy) {
    return NugetVerification.verify(NugetPackage.parse(artifact), policy);
  }

  @Override
  public List<Bytes> blocks(Artifact artifact) {
    return NugetPackage.parse(artifact).block().map(CounterSigning::blocks).orElse(List.of());
  }
}
