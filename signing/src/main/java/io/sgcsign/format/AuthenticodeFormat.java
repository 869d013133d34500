// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.AuthenticodeSubject.Entry;
import io.sgcsign.format.AuthenticodeSubject.Measure;
import io.sgcsign.format.AuthenticodeSubject.Payload;
import io.sgcsign.format.AuthenticodeSubject.Scan;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Microsoft Authenticode (Windows Authenticode Portable Executable Signature Format) for a list of
 * {@link AuthenticodeKinds}. Several digests give several signatures: the first is the primary one,
 * the others are nested in it or, where a kind knows no nesting, stand beside it.
 */
final class AuthenticodeFormat implements SignatureFormat {
  static final String DESCRIPTION = "description";
  static final String URL = "url";
  static final String KIND = Options.KIND;
  static final String EXISTING = Options.EXISTING;
  private static final String APPEND = "append";

  /** Characters. More than a consent dialog shows; signtool has no limit of its own. */
  private static final int MAX_DESCRIPTION = 256;

  /** Characters: what browsers and Internet Explorer's dialog took. */
  private static final int MAX_URL = 2048;

  private final AuthenticodeKinds kinds;
  private final FormatDescriptor descriptor;

  AuthenticodeFormat(String name, String title, AuthenticodeKinds kinds) {
    this.kinds = kinds;
    this.descriptor =
        new FormatDescriptor(
            name,
            title,
            kinds.kinds(),
            options(kinds),
            kinds.facts(),
            DigestAlgorithm.values().length * kinds.asks(),
            true,
            true);
  }

  private static List<Option> options(AuthenticodeKinds kinds) {
    var common =
        List.of(
            Option.choices(
                Options.HASH,
                List.of("sha1", "sha256", "sha384", "sha512"),
                "sha256",
                Needed.BOTH,
                "File digest; several make several signatures, for example sha1,sha256."),
            Option.text(
                DESCRIPTION,
                MAX_DESCRIPTION,
                Needed.SERVER,
                "What the file is, shown in Windows' consent dialog."),
            Option.text(URL, MAX_URL, Needed.SERVER, "Where to read more, shown there as a link."));
    var further =
        List.of(
            Option.choice(
                KIND,
                kinds.kinds().stream().map(FormatDescriptor.Kind::name).toList(),
                "",
                Needed.BOTH,
                "What the file is, where neither content nor name tells, as of scripts."),
            Option.choice(
                Options.RSA_PADDING,
                List.of("pkcs1", "pss"),
                "pkcs1",
                Needed.SERVER,
                "Padding of RSA signatures; Windows before 10 and osslsigncode know only pkcs1."),
            Option.choice(
                Options.TIMESTAMP_PROTOCOL,
                List.of("rfc3161", Options.COUNTER_SIGNED),
                "",
                Needed.SERVER,
                "How it is stamped. Left out: rfc3161; authenticode is the PKCS#9 counter-signature"
                    + " of before, for verifiers that know nothing else."),
            Option.choice(
                EXISTING,
                List.of("replace", APPEND),
                "replace",
                Needed.CLIENT,
                "What happens to signatures the file already has."));
    return Stream.of(common, kinds.options(), further).flatMap(List::stream).toList();
  }

  @Override
  public FormatDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return kinds.recognise(artifact, nameHint);
  }

  @Override
  public Signed sign(Artifact artifact, Options options, Signer signer) {
    AuthenticodeSubject subject = kinds.open(artifact, options.text(KIND));
    boolean append = options.text(EXISTING).filter(APPEND::equals).isPresent() && subject.signed();
    subject.refuseLoss(append);
    Optional<Payload> payload = subject.payload();
    if (payload.isEmpty()) {
      var round = new Round(subject.kind(), Optional.empty(), append);
      return new Signed.Patched(signed(subject, round, options, signer));
    }
    Digest whole = artifact.digest(DigestAlgorithm.SHA256);
    var round = new Round(subject.kind(), Optional.of(whole), false);
    Patch inner = signed(payload.get().toSign(), round, options, signer);
    Patch between = payload.get().with(inner);
    AuthenticodeSubject rest = payload.get().rest(artifact.with(between));
    return new Signed.Patched(between.then(signed(rest, round, options, signer)));
  }

  /**
   * What a file and a part of it have in common.
   *
   * @param kind of the file
   * @param whole digest of the file, where it is known before the scan
   */
  private record Round(FormatDescriptor.Kind kind, Optional<Digest> whole, boolean append) {}

  private Patch signed(AuthenticodeSubject subject, Round round, Options options, Signer signer) {
    List<DigestAlgorithm> hashes =
        options.choices(Options.HASH).stream()
            .map(name -> DigestAlgorithm.byWireName(name).orElseThrow())
            .toList();
    Scan scan = subject.scanToSign(EnumSet.copyOf(hashes), round.append(), options);
    var signatures = new ArrayList<Bytes>();
    if (round.append()) {
      signatures.addAll(sound(subject));
    }
    Digest whole = round.whole().orElseGet(scan::artifact);
    for (DigestAlgorithm hash : hashes) {
      Measure measure = scan.measure(hash, options, signer.context());
      signatures.add(ask(round.kind(), whole, measure, signer));
    }
    return scan.embed(subject.nests() ? nested(signatures) : signatures);
  }

  private Bytes ask(FormatDescriptor.Kind kind, Digest artifact, Measure measure, Signer signer) {
    var imprint =
        new Imprint(
            descriptor.name(),
            kind.name(),
            measure.digest(),
            artifact,
            signer.context().chain().fingerprint(),
            measure.parts(),
            measure.facts());
    return switch (signer.sign(imprint)) {
      case SignatureBlock.Cms cms -> cms.der();
      case SignatureBlock.Value _, SignatureBlock.Xml _ ->
          throw new IllegalStateException("The signer answered with no CMS structure");
    };
  }

  private static List<Bytes> sound(AuthenticodeSubject subject) {
    return subject.signatures().stream()
        .filter(Entry.Sound.class::isInstance)
        .map(entry -> ((Entry.Sound) entry).der())
        .toList();
  }

  private static List<Bytes> nested(List<Bytes> signatures) {
    if (signatures.size() == 1) {
      return signatures;
    }
    var primary = SignedDataEdit.parse(signatures.getFirst());
    for (Bytes further : signatures.subList(1, signatures.size())) {
      primary = primary.nest(further);
    }
    return List.of(primary.der());
  }

  @Override
  public Optional<Patch> remove(Artifact artifact) {
    return Optional.of(kinds.open(artifact, Optional.empty()).strip());
  }

  @Override
  public ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context) {
    AuthenticodeImprint.check(descriptor, imprint, options, context);
    AuthenticodeKind kind = kinds.byName(imprint.kind()).orElseThrow();
    kind.check(imprint, context);
    AuthenticodeKind.Content content = kind.content(imprint, options);
    return new ToBeSigned.Cms(
        content.type(),
        content.der(),
        content.digested(),
        imprint.digest().algorithm(),
        SpcIndirectData.attributes(options.text(DESCRIPTION), options.text(URL)),
        slot(options));
  }

  private static ToBeSigned.TimestampSlot slot(Options options) {
    return options
            .text(Options.TIMESTAMP_PROTOCOL)
            .filter(Options.COUNTER_SIGNED::equals)
            .isPresent()
        ? ToBeSigned.TimestampSlot.COUNTER_SIGNATURE
        : ToBeSigned.TimestampSlot.MICROSOFT_RFC3161;
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> beside, VerificationPolicy policy) {
    return AuthenticodeVerification.verify(
        descriptor.name(), () -> kinds.open(artifact, Optional.empty()), policy);
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> beside, Options options, VerificationPolicy policy) {
    return AuthenticodeVerification.verify(
        descriptor.name(), () -> kinds.open(artifact, options.text(KIND)), policy);
  }

  @Override
  public List<Bytes> blocks(Artifact artifact) {
    AuthenticodeSubject subject = kinds.open(artifact, Optional.empty());
    var blocks = new ArrayList<>(blocks(subject));
    subject.payload().ifPresent(p -> blocks.addAll(blocks(p.asItStands())));
    return blocks;
  }

  private static List<Bytes> blocks(AuthenticodeSubject subject) {
    var blocks = new ArrayList<Bytes>();
    for (Bytes block : sound(subject)) {
      blocks.add(block);
      blocks.addAll(SignedDataEdit.parse(block).nested());
    }
    return blocks;
  }
}
