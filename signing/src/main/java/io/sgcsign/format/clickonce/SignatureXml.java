// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlAlgorithms;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.signature.SignatureBlock;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.stream.Collectors;

/** Writes the two signatures of a manifest. */
final class SignatureXml {
  private final CertificateChain chain;

  SignatureXml(CertificateChain chain) {
    this.chain = chain;
  }

  /** The signature in the licence: certificates and, if it has one, a time stamp. */
  String license(SignedInfo info, SignatureBlock.Xml block) {
    String certificates =
        chain.certificates().stream()
            .filter(c -> c.equals(chain.leaf()) || !selfIssued(c)) // roots come from the reader
            .map(c -> "<X509Certificate>" + base64(c) + "</X509Certificate>")
            .collect(Collectors.joining());
    String stamp =
        block
            .token()
            .map(t ->
                "<Object><as:Timestamp xmlns:as=\"%s\">%s</as:Timestamp></Object>"
                    .formatted(Namespaces.AUTHENTICODE, t.toBase64()))
            .orElse("");
    String keyInfo =
        "<KeyInfo>" + keyValue() + "<X509Data>" + certificates + "</X509Data></KeyInfo>";
    return signature("AuthenticodeSignature", info, block, keyInfo + stamp);
  }

  /** The signature of the manifest: the key alone, and the licence. */
  String manifest(SignedInfo info, SignatureBlock.Xml block, String license) {
    String keyInfo =
        "<KeyInfo Id=\"StrongNameKeyInfo\">%s<msrel:RelData xmlns:msrel=\"%s\">%s</msrel:RelData></KeyInfo>"
            .formatted(keyValue(), Namespaces.RELATED, license);
    return signature("StrongNameSignature", info, block, keyInfo);
  }

  private static String signature(
      String id, SignedInfo info, SignatureBlock.Xml block, String rest) {
    return "<Signature Id=\"%s\" xmlns=\"%s\">%s<SignatureValue>%s</SignatureValue>%s</Signature>"
        .formatted(
            id,
            DSIG,
            info.octets(XmlAlgorithms.CLICKONCE).toUtf8(),
            block.value().toBase64(),
            rest);
  }

  private String keyValue() {
    if (!(chain.leaf().getPublicKey() instanceof RSAPublicKey key)) {
      throw new IllegalArgumentException("Manifests are signed with RSA keys");
    }
    return "<KeyValue><RSAKeyValue><Modulus>%s</Modulus><Exponent>%s</Exponent></RSAKeyValue></KeyValue>"
        .formatted(base64(key.getModulus()), base64(key.getPublicExponent()));
  }

  /** CryptoBinary (XML-Signature §4.1.1): no sign, no leading zeros. */
  private static String base64(BigInteger number) {
    Bytes octets = Bytes.wrap(number.toByteArray());
    return (octets.at(0) == 0 ? octets.slice(1, octets.size()) : octets).toBase64();
  }

  private static String base64(X509Certificate certificate) {
    return CertificateChain.der(certificate).toBase64();
  }

  private static boolean selfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }
}
