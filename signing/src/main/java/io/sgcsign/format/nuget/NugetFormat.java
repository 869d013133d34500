// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.Option;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.layout.cms.AttributeValues;
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
import java.util.Optional;
import java.util.TreeMap;

/**
 * NuGet author signatures (NuGet Package Signatures Technical Specification). A package has one
 * primary signature; nothing can be put beside it.
 */
public final class NugetFormat implements SignatureFormat {
  static final String NAME = "nuget";
  static final String HASH = "hash";
  private static final String APPEND = "append";

  private static final FormatDescriptor.Kind NUPKG =
      new FormatDescriptor.Kind("nupkg", List.of("nupkg"), "NuGet packages");
  private static final FormatDescriptor.Kind SNUPKG =
      new FormatDescriptor.Kind("snupkg", List.of("snupkg"), "NuGet symbol packages");
  static final List<FormatDescriptor.Kind> KINDS = List.of(NUPKG, SNUPKG);

  private static final FormatDescriptor DESCRIPTOR =
      new FormatDescriptor(
          NAME,
          "NuGet author signature",
          KINDS,
          List.of(
              Option.choice(
                  HASH,
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
          List.of(),
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
    if (signed && options.text(Options.EXISTING).filter(APPEND::equals).isPresent()) {
      throw refused(
          Code.ALREADY_SIGNED,
          "A NuGet package has exactly one primary signature: none can be appended",
          "Choose if_signed=replace or skip.");
    }
    SigningContext context = signer.context();
    if (context.algorithm().scheme() != SignatureAlgorithm.Scheme.RSA_PKCS1) {
      throw refused(
          Code.CERTIFICATE_UNFIT,
          "NuGet takes signatures of RSA keys only, not " + context.algorithm(),
          "Use a provider with an RSA code-signing certificate of 2048 bits or more.");
    }
    String kind = (file.nuspec().symbols() ? SNUPKG : NUPKG).name();
    // whether there is room for it shall be known before the key is used
    var _ = file.with(Bytes.wrap(new byte[context.maxBlockSize()]), context.time());
    DigestAlgorithm hash =
        DigestAlgorithm.byWireName(options.text(HASH).orElseThrow()).orElseThrow();
    Digest whole = artifact.digest(DigestAlgorithm.SHA256);
    Digest content =
        !signed && hash == DigestAlgorithm.SHA256
            ? whole
            : artifact.with(file.strip()).digest(hash);
    var imprint =
        new Imprint(
            NAME, kind, content, whole, context.chain().fingerprint(), List.of(), new TreeMap<>());
    return switch (signer.sign(imprint)) {
      case SignatureBlock.Cms cms -> new Signed.Patched(file.with(cms.der(), context.time()));
      case SignatureBlock.Value _, SignatureBlock.Xml _ ->
          throw new IllegalStateException("The signer answered with no CMS structure");
    };
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
    NugetImprint.check(imprint, options, context);
    Bytes content = SignedContent.of(imprint.digest());
    return new ToBeSigned.Cms(
        SignedContent.TYPE,
        DerWriter.octetString(content),
        content,
        imprint.digest().algorithm(),
        List.of(
            attribute(AttributeValues.SIGNING_TIME, AttributeValues.signingTime(context.time())),
            attribute(
                AttributeValues.COMMITMENT_TYPE,
                AttributeValues.commitmentType(SignatureType.AUTHOR.commitment())),
            attribute(
                AttributeValues.SIGNING_CERTIFICATE_V2,
                AttributeValues.signingCertificateV2(context.chain().leaf()))),
        ToBeSigned.TimestampSlot.CMS_SIGNATURE_TIMESTAMP);
  }

  private static Attribute attribute(String oid, Bytes value) {
    return new Attribute(oid, List.of(value));
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> content, VerificationPolicy policy) {
    return NugetVerification.verify(NugetPackage.parse(artifact), policy);
  }

  @Override
  public List<Bytes> blocks(Artifact artifact) {
    return NugetPackage.parse(artifact).block().stream().toList();
  }
}
