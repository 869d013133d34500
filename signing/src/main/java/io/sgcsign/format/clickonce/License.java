// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import static io.sgcsign.format.clickonce.Namespaces.AUTHENTICODE;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Canonical;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.xml.XmlText;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The licence in a manifest's signature: what the publisher's certificate signs. A document of its
 * own, with no white space.
 *
 * @param manifest digest of the manifest
 * @param identity attributes of its identity
 * @param publisher name of the signer
 * @param description shown to users; may be empty
 * @param url shown to users; may be empty
 */
record License(
    Digest manifest,
    SortedMap<String, String> identity,
    String publisher,
    String description,
    String url) {

  /** The digest of a manifest as licences write it: the last byte first. */
  static String reversed(Digest digest) {
    byte[] bytes = digest.value().toArray();
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = bytes[bytes.length - 1 - i];
    }
    return Bytes.wrap(out).toHex();
  }

  /** The document with a signature in it. */
  String xml(String signature) {
    String attributes =
        identity.entrySet().stream()
            .map(a -> " " + a.getKey() + "=\"" + XmlText.escape(a.getValue()) + "\"")
            .collect(Collectors.joining());
    return """
    <r:license xmlns:r="%s" xmlns:as="%s"><r:grant>\
    <as:ManifestInformation Hash="%s" Description="%s" Url="%s"><as:assemblyIdentity%s/>\
    </as:ManifestInformation><as:SignedBy/><as:AuthenticodePublisher><as:X509SubjectName>%s\
    </as:X509SubjectName></as:AuthenticodePublisher></r:grant><r:issuer>%s</r:issuer></r:license>\
    """
        .formatted(
            Namespaces.LICENSE,
            AUTHENTICODE,
            reversed(manifest),
            XmlText.escape(description),
            XmlText.escape(url),
            attributes,
            XmlText.escape(publisher),
            signature);
  }

  /** The digest the signature in it names. */
  Digest digest(DigestAlgorithm algorithm) {
    XmlDocument bare = XmlDocument.parse(Bytes.utf8(xml("")));
    return Digest.of(algorithm, Canonical.EXCLUSIVE.of(bare.node()));
  }
}
