// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.Option;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlAlgorithms;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Signatures of Visual Studio extensions (ECMA-376-2 §13) as VSIXSignTool makes them: one, over
 * every part of the package.
 */
public final class VsixFormat implements SignatureFormat {
  static final String NAME = "vsix";
  private static final String APPEND = "append";

  static final FormatDescriptor.Kind KIND =
      new FormatDescriptor.Kind("vsix", List.of("vsix"), "Visual Studio extensions");

  private static final FormatDescriptor DESCRIPTOR =
      new FormatDescriptor(
          NAME,
          "Visual Studio extension signature (Open Packaging)",
          List.of(KIND),
          List.of(
              Option.choice(
                  Options.HASH,
                  List.of("sha256", "sha384", "sha512", "sha1"),
                  "sha256",
                  Needed.BOTH,
                  "Digest of parts and signature."),
              Option.choice(
                  Options.EXISTING,
                  List.of("replace", APPEND),
                  "replace",
                  Needed.CLIENT,
                  "What happens to the signature the extension already has.")),
          List.of(VsixImprint.TIME),
          1,
          true,
          true);

  @Override
  public FormatDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return VsixPackage.recognise(artifact) ? Optional.of(KIND) : Optional.empty();
  }

  @Override
  public Signed sign(Artifact artifact, Options options, Signer signer) {
    VsixPackage file = VsixPackage.parse(artifact);
    boolean append = options.text(Options.EXISTING).filter(APPEND::equals).isPresent();
    if (append && !file.signatures().isEmpty()) {
      throw refused(
          Code.ALREADY_SIGNED,
          "A Visual Studio extension has one signature: none can be appended",
          "Choose if_signed=replace or skip.");
    }
    SigningContext context = signer.context();
    if (context.algorithm().scheme() != SignatureAlgorithm.Scheme.RSA_PKCS1) {
      throw refused(
          Code.CERTIFICATE_UNFIT,
          "Visual Studio takes signatures of RSA keys only, not " + context.algorithm(),
          "Use a provider with an RSA code-signing certificate of 2048 bits or more.");
    }
    var _ = file.identity(); // an extension without a name is refused before the key is used
    DigestAlgorithm hash = options.hash();
    var edit = new VsixEdit(file);
    var object = new PackageObject(edit.parts(context.chain(), hash), context.time());
    var algorithm = new SignatureAlgorithm(context.algorithm().scheme(), hash);
    SignedInfo info = object.signedInfo(algorithm);
    var imprint =
        new Imprint(
            NAME,
            KIND.name(),
            info.reference().digest(),
            artifact.digest(DigestAlgorithm.SHA256),
            context.chain().fingerprint(),
            object.parts(),
            new TreeMap<>(Map.of(VsixImprint.TIME, object.time().toString())));
    return switch (signer.sign(imprint)) {
      case SignatureBlock.Xml block ->
          new Signed.Patched(edit.sign(context.chain(), info, object, block));
      case SignatureBlock.Cms _, SignatureBlock.Value _ ->
          throw new IllegalStateException("The signer answered with no XML signature");
    };
  }

  private static SignerException refused(Code code, String detail, String hint) {
    return new SignerException.Refused(Problem.of(code, detail, hint));
  }

  @Override
  public Optional<Patch> remove(Artifact artifact) {
    return Optional.of(new VsixEdit(VsixPackage.parse(artifact)).strip());
  }

  @Override
  public ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context) {
    var _ = VsixImprint.check(DESCRIPTOR, imprint, options, context);
    DigestAlgorithm hash = imprint.digest().algorithm();
    var algorithm = new SignatureAlgorithm(context.algorithm().scheme(), hash);
    SignedInfo info = PackageObject.signedInfo(algorithm, imprint.digest());
    return new ToBeSigned.SignedInfo(info.octets(XmlAlgorithms.W3C), hash, true);
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> content, VerificationPolicy policy) {
    return new VsixVerification(VsixPackage.parse(artifact), policy).verify();
  }

  @Override
  public List<Bytes> blocks(Artifact artifact) {
    VsixPackage file = VsixPackage.parse(artifact);
    return file.signatures().stream().map(e -> VsixSignature.of(file, e).value()).toList();
  }
}
