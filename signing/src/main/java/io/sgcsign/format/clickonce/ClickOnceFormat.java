// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.Option;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * ClickOnce and VSTO manifests: a strong-name signature of the document with an Authenticode
 * licence in it ([MS-CLICKONCE], and as Microsoft's mage and dotnet/sign write them). Only RSA
 * keys.
 */
public final class ClickOnceFormat implements SignatureFormat {
  static final String NAME = "clickonce";
  static final String DESCRIPTION = "description";
  static final String URL = "url";
  static final String SIGN_PAYLOAD = "sign_payload";
  private static final String APPEND = "append";

  /** Characters. As of Authenticode signatures. */
  private static final int MAX_DESCRIPTION = 256;

  private static final int MAX_URL = 2048;

  /** The earliest time an archive can tell: no clock says when a signature was taken off. */
  private static final Instant ZIP_EPOCH = Instant.parse("1980-01-01T00:00:00Z");

  /** Licence and manifest of application and deployment, and the programs. */
  private static final int MAX_ASKS = 4 + Payload.MAX_FILES;

  private static final FormatDescriptor.Kind APPLICATION =
      new FormatDescriptor.Kind("manifest", List.of("manifest"), "ClickOnce application manifests");
  private static final FormatDescriptor.Kind DEPLOYMENT =
      new FormatDescriptor.Kind(
          "application", List.of("application", "vsto"), "ClickOnce and VSTO deployment manifests");
  static final FormatDescriptor.Kind PUBLISH =
      new FormatDescriptor.Kind(
          "publish", List.of("zip"), "ZIP archives of folders that ClickOnce publishes");
  static final List<FormatDescriptor.Kind> KINDS = List.of(APPLICATION, DEPLOYMENT, PUBLISH);

  private static final FormatDescriptor DESCRIPTOR =
      new FormatDescriptor(
          NAME,
          "Microsoft ClickOnce and VSTO manifests",
          KINDS,
          List.of(
              Option.choice(
                  Options.HASH,
                  List.of("sha256", "sha1"),
                  "sha256",
                  Needed.BOTH,
                  "Digest of the manifest."),
              Option.text(DESCRIPTION, MAX_DESCRIPTION, Needed.BOTH, "What the application is."),
              Option.text(URL, MAX_URL, Needed.BOTH, "Where to read more."),
              Option.flag(
                  SIGN_PAYLOAD,
                  Needed.BOTH,
                  "Give the programs in a publish folder that have no signature one."),
              Option.choice(
                  Options.EXISTING,
                  List.of("replace", APPEND),
                  "replace",
                  Needed.CLIENT,
                  "What happens to the signature the manifest already has.")),
          Stream.concat(
                  Stream.of(ManifestImprint.PART),
                  ManifestImprint.ATTRIBUTES.stream().map(a -> ManifestImprint.IDENTITY + a))
              .toList(),
          MAX_ASKS,
          true,
          true);

  @Override
  public FormatDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    if (!Manifest.begins(artifact)) {
      return PublishFolder.recognise(artifact) ? Optional.of(PUBLISH) : Optional.empty();
    }
    try {
      return Optional.of(Manifest.parse(artifact).deployment() ? DEPLOYMENT : APPLICATION);
    } catch (ArtifactException _) {
      return Optional.empty(); // the question was only whether
    }
  }

  @Override
  public Signed sign(Artifact artifact, Options options, Signer signer) {
    if (ZipFile.begins(artifact)) {
      return signFolder(artifact, options, signer);
    }
    Manifest manifest = Manifest.parse(artifact);
    refuseAppend(options, manifest.signed());
    Publisher publisher = publisher(signer.context());
    Digest whole = artifact.digest(DigestAlgorithm.SHA256);
    var work = new ManifestSigner(manifest.kind(), whole, options, signer, publisher);
    return new Signed.Patched(work.sign(manifest));
  }

  private static Signed signFolder(Artifact artifact, Options options, Signer signer) {
    PublishFolder folder = PublishFolder.parse(artifact);
    refuseAppend(
        options,
        folder.application().manifest().signed() || folder.deployment().manifest().signed());
    Publisher publisher = publisher(signer.context());
    Digest whole = artifact.digest(DigestAlgorithm.SHA256);
    var edit = new FolderEdit(folder, options.hash());
    if (options.flag(SIGN_PAYLOAD)) {
      new Payload(folder).sign(edit, options, signer, whole);
    }
    var work = new ManifestSigner(PUBLISH.name(), whole, options, signer, publisher);
    edit.manifests(publisher.token(), work::sign);
    return new Signed.Patched(edit.patch(signer.context().time()));
  }

  private static void refuseAppend(Options options, boolean signed) {
    boolean append = options.text(Options.EXISTING).filter(APPEND::equals).isPresent();
    if (append && signed) {
      throw refused(
          Code.ALREADY_SIGNED,
          "A manifest has exactly one signature: none can be appended",
          "Choose if_signed=replace or skip.");
    }
  }

  private static Publisher publisher(SigningContext context) {
    if (context.algorithm().scheme() != SignatureAlgorithm.Scheme.RSA_PKCS1) {
      throw refused(
          Code.CERTIFICATE_UNFIT,
          "ClickOnce takes signatures of RSA keys only, not " + context.algorithm(),
          "Use a provider with an RSA code-signing certificate of 2048 bits or more.");
    }
    Publisher publisher = Publisher.of(context.chain());
    if (publisher.issuerKeyHash().isEmpty()) {
      throw refused(
          Code.CERTIFICATE_UNFIT,
          "A manifest names the key of the certificate's issuer, which is not in the chain",
          "Configure the provider with its whole chain.");
    }
    return publisher;
  }

  private static SignerException refused(Code code, String detail, String hint) {
    return new SignerException.Refused(Problem.of(code, detail, hint));
  }

  @Override
  public Optional<Patch> remove(Artifact artifact) {
    if (!ZipFile.begins(artifact)) {
      return Optional.of(Manifest.parse(artifact).strip());
    }
    PublishFolder folder = PublishFolder.parse(artifact);
    DigestAlgorithm hash =
        Reference.deployed(folder.deployment().manifest()).orElseThrow().digest().algorithm();
    var edit = new FolderEdit(folder, hash);
    edit.manifests(StrongName.NO_TOKEN, Manifest::strip);
    return Optional.of(edit.patch(ZIP_EPOCH));
  }

  @Override
  public ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context) {
    return Payload.PART.equals(imprint.facts().get(ManifestImprint.PART))
        ? Payload.toBeSigned(imprint, options, context)
        : ManifestImprint.toBeSigned(DESCRIPTOR, imprint, options, context);
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> beside, VerificationPolicy policy) {
    return ZipFile.begins(artifact)
        ? new FolderVerification(PublishFolder.parse(artifact), policy).verify()
        : new ManifestVerification(policy).verify(Manifest.parse(artifact));
  }

  @Override
  public List<Bytes> blocks(Artifact artifact) {
    return manifests(artifact)
        .flatMap(manifest -> ManifestSignature.of(manifest).stream())
        .flatMap(s -> Stream.of(s.license().value(), s.manifest().value()))
        .toList();
  }

  private static Stream<Manifest> manifests(Artifact artifact) {
    if (!ZipFile.begins(artifact)) {
      return Stream.of(Manifest.parse(artifact));
    }
    PublishFolder folder = PublishFolder.parse(artifact);
    return Stream.of(folder.deployment().manifest(), folder.application().manifest());
  }
}
