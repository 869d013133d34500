// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Canonical;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlAlgorithms;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.xml.XmlText;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint.NamedDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The Object that names every part (ECMA-376-2 §13.2.4), as VSIXSignTool writes it: no white space,
 * no transforms of parts.
 *
 * @param parts name and content type of each, as a reference has them, and the digest
 */
record PackageObject(List<NamedDigest> parts, Instant time) {
  static final String ID = "idPackageObject";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.S'+00:00'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  PackageObject {
    parts = List.copyOf(parts);
  }

  private String xml(String namespace) {
    String references =
        parts.stream()
            .map(p ->
                "<Reference URI=\"%s\"><DigestMethod Algorithm=\"%s\"/><DigestValue>%s</DigestValue></Reference>"
                    .formatted(
                        XmlText.escape(p.name()),
                        XmlAlgorithms.W3C.uri(p.digest().algorithm()),
                        p.digest().value().toBase64()))
            .collect(Collectors.joining());
    return """
    <Object%s Id="%s"><Manifest>%s</Manifest><SignatureProperties>\
    <SignatureProperty Id="idSignatureTime" Target=""><SignatureTime xmlns="%s">\
    <Format>YYYY-MM-DDThh:mm:ss.sTZD</Format><Value>%s</Value></SignatureTime>\
    </SignatureProperty></SignatureProperties></Object>\
    """
        .formatted(namespace, ID, references, Opc.SIGNATURE_NS, TIME.format(time));
  }

  /** As it stands in the signature, whose namespace it has. */
  String xml() {
    return xml("");
  }

  /** What the signature is made over. */
  SignedInfo signedInfo(SignatureAlgorithm algorithm) {
    return signedInfo(algorithm, digest(algorithm.digest()));
  }

  static SignedInfo signedInfo(SignatureAlgorithm algorithm, Digest digest) {
    return new SignedInfo(
        Canonical.INCLUSIVE,
        algorithm,
        new SignedInfo.Reference(
            "#" + ID, DSIG + "Object", List.of(Canonical.INCLUSIVE.uri()), digest));
  }

  Digest digest(DigestAlgorithm algorithm) {
    var alone = XmlDocument.parse(Bytes.utf8(xml(" xmlns=\"" + DSIG + "\"")));
    return Digest.of(algorithm, Canonical.INCLUSIVE.of(alone.node()));
  }
}
