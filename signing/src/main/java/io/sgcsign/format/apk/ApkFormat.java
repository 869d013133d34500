// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.ImprintCheck;
import io.sgcsign.format.Option;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.format.OptionException;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
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
import java.util.Set;

/** Android packages (source.android.com, "APK signing"), schemes v1 to v4. */
public final class ApkFormat implements SignatureFormat {
  static final String NAME = "apk";
  static final String SCHEMES = "schemes";
  static final String V4 = "v4";

  /** The fact that names the scheme. */
  static final String SCHEME = "scheme";

  /** The fact with the bytes to be signed, base64. */
  static final String SIGNED_DATA = "signed_data";

  private static final FormatDescriptor.Kind APK =
      new FormatDescriptor.Kind(NAME, List.of("apk"), "Android packages");

  private static final FormatDescriptor DESCRIPTOR =
      new FormatDescriptor(
          NAME,
          "Android package signatures",
          List.of(APK),
          List.of(
              Option.choices(
                  SCHEMES,
                  List.of("v1", "v2", "v3"),
                  "v1,v2,v3",
                  Needed.BOTH,
                  "Signature schemes; v1 is for Android below 7."),
              Option.flag(
                  V4,
                  Needed.BOTH,
                  "APK only: scheme v4, too, in a file .idsig beside the APK; needs v2 or v3."),
              Option.choice(
                  Options.EXISTING,
                  List.of("replace", "append"),
                  "replace",
                  Needed.CLIENT,
                  "What happens to signatures the APK already has.")),
          List.of(SCHEME, SIGNED_DATA),
          Scheme.values().length,
          true,
          false,
          false);

  @Override
  public FormatDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public boolean aloneOnItsKey() {
    return true; // its imprints are bytes, not digests
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    try {
      return ZipFile.parse(artifact).entry(ApkFile.MANIFEST).map(_ -> APK);
    } catch (ArtifactException _) {
      return Optional.empty(); // the question was only whether
    }
  }

  @Override
  public Optional<String> companion() {
    return Optional.of(IdSig.SUFFIX);
  }

  /** Whether scheme v4 is wanted, too. */
  private static boolean v4(Options options) {
    List<String> schemes = options.choices(SCHEMES);
    if (options.flag(V4) && !schemes.contains("v2") && !schemes.contains("v3")) {
      throw new OptionException(
          V4, false, "Scheme v4 stands on v2 or v3, but schemes is " + String.join(",", schemes));
    }
    return options.flag(V4);
  }

  @Override
  public Signed sign(Artifact artifact, Options options, Signer signer) {
    boolean v4 = v4(options);
    ApkFile file = ApkFile.parse(artifact);
    if (file.signed() && options.text(Options.EXISTING).filter("append"::equals).isPresent()) {
      throw refused(
          Code.ALREADY_SIGNED,
          "An APK has one signer: none can be appended",
          "Choose if_signed=replace or skip.");
    }
    SigningContext context = signer.context();
    if (context.algorithm().scheme() == SignatureAlgorithm.Scheme.RSA_PSS) {
      throw refused(
          Code.CERTIFICATE_UNFIT,
          "APKs are signed with RSA PKCS#1 v1.5 or ECDSA here, not " + context.algorithm(),
          "Use a provider whose key signs so.");
    }
    Set<String> schemes = Set.copyOf(options.choices(SCHEMES));
    Digest whole = artifact.digest(DigestAlgorithm.SHA256);
    Patch bare = file.signed() ? file.strip() : Patch.of(new Patch.Piece.Range(0, artifact.size()));
    var key =
        new PassingKey(
            context.chain().leaf().getPublicKey().getAlgorithm(),
            (data, digest) -> ApkAsk.of(data, digest, whole, signer).value());
    var last = new V4Signing(context.chain().leaf(), key);
    if (v4 && last.tooLarge()) {
      throw refused(
          Code.CERTIFICATE_UNFIT,
          "The certificate is larger than Android takes in scheme v4",
          "Leave v4 out, or use a smaller certificate.");
    }
    Artifact input = artifact.with(bare);
    Patch signed = new ApkSigning(input, schemes, context.chain().certificates(), key).run();
    Patch all = bare.then(signed);
    return v4
        ? new Signed.Patched(all, Optional.of(companion(artifact.with(all), last)))
        : new Signed.Patched(all);
  }

  private static Signed.Companion companion(Artifact signed, V4Signing signing) {
    return new Signed.Companion(IdSig.SUFFIX, signing.run(signed));
  }

  private static SignerException refused(Code code, String detail, String hint) {
    return new SignerException.Refused(Problem.of(code, detail, hint));
  }

  @Override
  public Optional<Patch> remove(Artifact artifact) {
    return Optional.of(ApkFile.parse(artifact).strip());
  }

  @Override
  public ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context) {
    Map<String, String> facts = imprint.facts();
    ImprintCheck.insist(DESCRIPTOR, imprint, options, context);
    require(
        facts.keySet().equals(Set.of(SCHEME, SIGNED_DATA)) && imprint.parts().isEmpty(),
        "An imprint of an APK has the facts scheme and signed_data and no parts");
    String named = facts.getOrDefault(SCHEME, "");
    Scheme scheme =
        Scheme.byWireName(named)
            .filter(s -> s == Scheme.V4 ? v4(options) : options.choices(SCHEMES).contains(named))
            .orElseThrow(() -> new ImprintException("The scheme " + named + " was not asked for"));
    Bytes data = decoded(facts.getOrDefault(SIGNED_DATA, ""));
    DigestAlgorithm digest = imprint.digest().algorithm();
    require(
        digest == DigestAlgorithm.SHA256 || digest == DigestAlgorithm.SHA512,
        "An APK is signed with SHA-256 or SHA-512");
    require(Digest.of(digest, data).equals(imprint.digest()), "The digest is of other bytes");
    SignedData.fault(scheme, data, context.chain())
        .ifPresent(fault -> {
          throw new ImprintException("The signed data of scheme " + named + " " + fault);
        });
    return new ToBeSigned.Message(data, digest);
  }

  private static Bytes decoded(String base64) {
    try {
      return Bytes.fromBase64(base64);
    } catch (IllegalArgumentException _) {
      throw new ImprintException("signed_data is not base64");
    }
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> beside, VerificationPolicy policy) {
    return new ApkVerification(ApkFile.parse(artifact), beside, false, policy).run();
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> beside, Options options, VerificationPolicy policy) {
    return new ApkVerification(ApkFile.parse(artifact), beside, v4(options), policy).run();
  }

  @Override
  public List<Bytes> blocks(Artifact artifact) {
    return ApkVerification.values(ApkFile.parse(artifact));
  }
}
