// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.layout.pe.CertificateTable;
import io.sgcsign.layout.pe.ImageScan;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.layout.pe.WinCertificate;
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
import java.util.TreeMap;

/**
 * Microsoft Authenticode in PE files (Windows Authenticode Portable Executable Signature Format).
 * Several digests give several signatures: the first is the primary one, the others are nested in
 * it – or, in UEFI files, whose firmware knows no nesting, stand beside it in the certificate
 * table.
 */
final class AuthenticodeFormat implements SignatureFormat {
  static final String NAME = "authenticode";
  static final String HASH = "hash";
  static final String DESCRIPTION = "description";
  static final String URL = "url";
  static final String PAGE_HASHES = "page_hashes";
  static final String EXISTING = Options.EXISTING;
  private static final String APPEND = "append";

  /** Characters. More than a consent dialog shows; signtool has no limit of its own. */
  private static final int MAX_DESCRIPTION = 256;

  /** Characters: what browsers and Internet Explorer's dialog took. */
  private static final int MAX_URL = 2048;

  private static final FormatDescriptor.Kind PE =
      new FormatDescriptor.Kind(
          "pe",
          List.of("exe", "dll", "sys", "efi", "ocx", "scr", "cpl", "drv", "mui", "winmd"),
          "Windows and UEFI programs, libraries and drivers");

  private static final FormatDescriptor DESCRIPTOR =
      new FormatDescriptor(
          NAME,
          "Microsoft Authenticode for PE files",
          List.of(PE),
          List.of(
              Option.choices(
                  HASH,
                  List.of("sha1", "sha256", "sha384", "sha512"),
                  "sha256",
                  Needed.BOTH,
                  "File digest; several make several signatures, for example sha1,sha256."),
              Option.text(
                  DESCRIPTION,
                  MAX_DESCRIPTION,
                  Needed.SERVER,
                  "What the file is, shown in Windows' consent dialog."),
              Option.text(
                  URL, MAX_URL, Needed.SERVER, "Where to read more, shown there as a link."),
              Option.flag(
                  PAGE_HASHES,
                  Needed.BOTH,
                  "Also sign a digest of each page, so that Windows checks pages as they load."),
              Option.choice(
                  Options.RSA_PADDING,
                  List.of("pkcs1", "pss"),
                  "pkcs1",
                  Needed.SERVER,
                  "Padding of RSA signatures; Windows before 10 and osslsigncode know only pkcs1."),
              Option.choice(
                  EXISTING,
                  List.of("replace", APPEND),
                  "replace",
                  Needed.CLIENT,
                  "What happens to signatures the file already has.")),
          List.of(PageParts.NAME),
          DigestAlgorithm.values().length,
          true,
          true);

  @Override
  public FormatDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return PeFile.recognise(artifact) ? Optional.of(PE) : Optional.empty();
  }

  @Override
  public Signed sign(Artifact artifact, Options options, Signer signer) {
    PeFile pe = PeFile.parse(artifact);
    boolean append = options.text(EXISTING).filter(APPEND::equals).isPresent() && pe.signed();
    refuseWhatWouldBeLost(pe.certificates(), append);
    List<DigestAlgorithm> hashes = hashes(options);
    ImageScan scan = pe.scanToSign(EnumSet.copyOf(hashes), append);
    var signatures = new ArrayList<Bytes>();
    for (DigestAlgorithm hash : hashes) {
      signatures.add(ask(pe, scan, hash, options, signer));
    }
    return new Signed.Patched(scan.embed(combine(pe, append, signatures)));
  }

  private static void refuseWhatWouldBeLost(CertificateTable table, boolean append) {
    if (table.hidesData()) {
      throw new ArtifactException(
          "SGC-ARTIFACT-HIDDEN-DATA",
          "The file hides data behind its signature (CVE-2013-3900); signing would lose it",
          "Take the old signature off first if that data may go, or build the file again.");
    }
    if (append && !table.entries().stream().allMatch(WinCertificate::signedData)) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The certificate table has entries that are no Authenticode signatures",
          "Replace the existing signatures (if_signed=replace) in place of appending.");
    }
  }

  private static List<DigestAlgorithm> hashes(Options options) {
    return options.choices(HASH).stream()
        .map(name -> DigestAlgorithm.byWireName(name).orElseThrow())
        .toList();
  }

  private static Bytes ask(
      PeFile pe, ImageScan scan, DigestAlgorithm hash, Options options, Signer signer) {
    var parts =
        options.flag(PAGE_HASHES)
            ? PageParts.of(pe.pageHashes(PageParts.algorithm(hash)))
            : List.<Imprint.NamedDigest>of();
    var imprint =
        new Imprint(
            NAME,
            PE.name(),
            scan.digest(hash),
            scan.artifactDigest().orElseThrow(),
            signer.context().chain().fingerprint(),
            parts,
            new TreeMap<>());
    return switch (signer.sign(imprint)) {
      case SignatureBlock.Cms cms -> cms.der();
      case SignatureBlock.Value _ ->
          throw new IllegalStateException("The signer answered with no CMS structure");
    };
  }

  private static List<Bytes> combine(PeFile pe, boolean append, List<Bytes> made) {
    var all = new ArrayList<Bytes>();
    if (append) {
      pe.certificates().entries().forEach(entry -> all.add(entry.content()));
    }
    all.addAll(made);
    if (pe.header().efi() || all.size() == 1) {
      return all;
    }
    var primary = SignedDataEdit.parse(all.getFirst());
    for (Bytes further : all.subList(1, all.size())) {
      primary = primary.nest(further);
    }
    return List.of(primary.der());
  }

  @Override
  public Optional<Patch> remove(Artifact artifact) {
    return Optional.of(PeFile.parse(artifact).strip());
  }

  @Override
  public ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context) {
    AuthenticodeImprint.check(imprint, options, context);
    DigestAlgorithm hash = imprint.digest().algorithm();
    var pages =
        options.flag(PAGE_HASHES)
            ? Optional.of(PageParts.parse(imprint.parts(), PageParts.algorithm(hash)))
            : Optional.<io.sgcsign.layout.pe.PageHashes>empty();
    Bytes body = SpcIndirectData.body(imprint.digest(), pages);
    return new ToBeSigned.Cms(
        SpcIndirectData.CONTENT_TYPE,
        DerWriter.sequence(body),
        body,
        hash,
        SpcIndirectData.attributes(options.text(DESCRIPTION), options.text(URL)),
        ToBeSigned.TimestampSlot.MICROSOFT_RFC3161);
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> content, VerificationPolicy policy) {
    return AuthenticodeVerification.verify(artifact, policy);
  }

  @Override
  public List<Bytes> blocks(Artifact artifact) {
    var blocks = new ArrayList<Bytes>();
    PeFile.parse(artifact).certificates().entries().stream()
        .filter(WinCertificate::signedData)
        .forEach(entry -> {
          blocks.add(entry.content());
          blocks.addAll(SignedDataEdit.parse(entry.content()).nested());
        });
    return blocks;
  }
}
