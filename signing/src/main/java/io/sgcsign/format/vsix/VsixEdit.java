// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlAlgorithms;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipEdit;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint.NamedDigest;
import io.sgcsign.signature.SignatureBlock;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Signs a package, or takes its signature off. Other parts keep their bytes in the archive. */
final class VsixEdit {
  /** The earliest time an archive can tell: no clock says when a signature was taken off. */
  private static final Instant ZIP_EPOCH = Instant.parse("1980-01-01T00:00:00Z");

  private final VsixPackage file;

  VsixEdit(VsixPackage file) {
    this.file = file;
  }

  /** Parts that a signature brings along, in the order they are written. */
  private record Added(String name, Bytes content) {}

  private static boolean ofSignature(ZipEntry entry) {
    return entry.name().toLowerCase(Locale.ROOT).startsWith(Opc.SIGNATURES);
  }

  private static String signaturePart(CertificateChain chain) {
    byte[] leaf = CertificateChain.der(chain.leaf()).toArray();
    byte[] thumbprint = DigestAlgorithm.SHA1.newMessageDigest().digest(leaf);
    return Opc.SIGNATURE_FOLDER + Bytes.wrap(thumbprint).toHex() + ".psdsxs";
  }

  /** What is signed besides the parts that were there. */
  private List<Added> added(CertificateChain chain) {
    Bytes root =
        file.zip()
            .entry(Opc.ROOT_RELATIONSHIPS)
            .map(e -> Relationships.parse(file.read(e)).with(Opc.ORIGIN_TYPE, "/" + Opc.ORIGIN))
            .orElseGet(() -> Relationships.single(Opc.ORIGIN_TYPE, "/" + Opc.ORIGIN));
    Bytes origin = Relationships.single(Opc.SIGNATURE_PART_TYPE, "/" + signaturePart(chain));
    return List.of(
        new Added(Opc.ROOT_RELATIONSHIPS, root),
        new Added(Opc.ORIGIN, Bytes.EMPTY),
        new Added(Opc.ORIGIN_RELATIONSHIPS, origin));
  }

  /** Every part but the content types, as the signature names it. */
  List<NamedDigest> parts(CertificateChain chain, DigestAlgorithm hash) {
    ContentTypes types = ContentTypes.parse(file.types().signed());
    var out = new ArrayList<NamedDigest>();
    for (ZipEntry entry : file.zip().entries()) {
      boolean stays =
          !entry.folder()
              && !ofSignature(entry)
              && !entry.name().equals(Opc.TYPES_PART)
              && !entry.name().equals(Opc.ROOT_RELATIONSHIPS);
      if (stays) {
        String part = VsixPackage.partName(entry);
        out.add(named(part, types, file.digest(entry, hash)));
      }
    }
    for (Added part : added(chain)) {
      out.add(named("/" + part.name(), types, Digest.of(hash, part.content())));
    }
    return out;
  }

  private static NamedDigest named(String part, ContentTypes types, Digest digest) {
    return new NamedDigest(part + "?ContentType=" + types.of(part), digest);
  }

  /** The package with this signature alone. */
  Patch sign(
      CertificateChain chain, SignedInfo info, PackageObject object, SignatureBlock.Xml block) {
    ZipEdit edit = file.zip().edit();
    file.zip().entries().stream().filter(VsixEdit::ofSignature).forEach(e -> edit.remove(e.name()));
    edit.remove(Opc.TYPES_PART).remove(Opc.ROOT_RELATIONSHIPS);
    edit.putLast(NewEntry.deflated(Opc.TYPES_PART, file.types().signed(), object.time()));
    added(chain).forEach(part -> edit.putLast(entry(part, object.time())));
    Bytes signature = Bytes.utf8(signature(chain, info, object, block));
    return edit.putLast(NewEntry.deflated(signaturePart(chain), signature, object.time())).patch();
  }

  private static NewEntry entry(Added part, Instant time) {
    return part.content().isEmpty()
        ? NewEntry.stored(part.name(), part.content(), time)
        : NewEntry.deflated(part.name(), part.content(), time);
  }

  private static String signature(
      CertificateChain chain, SignedInfo info, PackageObject object, SignatureBlock.Xml block) {
    String certificates =
        chain.certificates().stream()
            .filter(c -> c.equals(chain.leaf()) || !selfIssued(c)) // roots come from the reader
            .map(c -> CertificateChain.der(c).toBase64())
            .map(c -> "<X509Certificate>" + c + "</X509Certificate>")
            .collect(Collectors.joining());
    Optional<String> stamp =
        block
            .token()
            .map(t ->
                """
                <Object><TimeStamp Id="idSignatureTimestamp" xmlns="%s"><Comment></Comment>\
                <EncodedTime>%s</EncodedTime></TimeStamp></Object>\
                """
                    .formatted(Opc.SIGNATURE_NS, t.toBase64()));
    return """
    <?xml version="1.0" encoding="utf-8"?><Signature xmlns="%s">%s<SignatureValue>%s\
    </SignatureValue><KeyInfo><X509Data>%s</X509Data></KeyInfo>%s%s</Signature>\
    """
        .formatted(
            DSIG,
            info.octets(XmlAlgorithms.W3C).toUtf8(),
            block.value().toBase64(),
            certificates,
            object.xml(),
            stamp.orElse(""));
  }

  private static boolean selfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /** The package as it was before anybody signed it. */
  Patch strip() {
    ZipEdit edit = file.zip().edit();
    file.zip().entries().stream().filter(VsixEdit::ofSignature).forEach(e -> edit.remove(e.name()));
    Optional<Relationships> root =
        file.zip().entry(Opc.ROOT_RELATIONSHIPS).map(e -> Relationships.parse(file.read(e)));
    boolean ours = root.isPresent() && !root.get().targets(Opc.ORIGIN_TYPE).isEmpty();
    boolean vanishes = ours && root.get().onlyOf(Opc.ORIGIN_TYPE);
    if (ours) {
      edit.remove(Opc.ROOT_RELATIONSHIPS);
    }
    if (ours && !vanishes) {
      Bytes rest = root.get().without(Opc.ORIGIN_TYPE);
      edit.putLast(NewEntry.deflated(Opc.ROOT_RELATIONSHIPS, rest, ZIP_EPOCH));
    }
    boolean related =
        file.zip().entries().stream()
            .filter(e -> !ofSignature(e))
            .filter(e -> !(vanishes && e.name().equals(Opc.ROOT_RELATIONSHIPS)))
            .anyMatch(e -> e.name().toLowerCase(Locale.ROOT).endsWith(".rels"));
    if (!file.signatures().isEmpty()) {
      Bytes types = file.types().unsigned(related ? List.of() : List.of("rels"));
      edit.remove(Opc.TYPES_PART).putLast(NewEntry.deflated(Opc.TYPES_PART, types, ZIP_EPOCH));
    }
    return edit.patch();
  }
}
