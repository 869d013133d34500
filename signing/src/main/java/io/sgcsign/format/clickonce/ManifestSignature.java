// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import static io.sgcsign.format.clickonce.Namespaces.AUTHENTICODE;
import static io.sgcsign.format.clickonce.Namespaces.LICENSE;
import static io.sgcsign.format.clickonce.Namespaces.RELATED;
import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlText;
import io.sgcsign.verify.ValueVerifier;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * The signature of a manifest as it stands in the document, read strictly: every element where
 * Microsoft's tools put it and nothing besides, for what is in KeyInfo and Object is covered by no
 * signature.
 *
 * @param manifest the outer one
 * @param license the one in the licence
 * @param content the licence itself
 * @param certificates of the inner one
 * @param tokens time stamps of the inner one
 */
record ManifestSignature(
    Part manifest,
    Part license,
    Element content,
    List<X509Certificate> certificates,
    List<Bytes> tokens) {
  ManifestSignature {
    certificates = List.copyOf(certificates);
    tokens = List.copyOf(tokens);
  }

  /** One of the two. */
  record Part(
      Element element,
      Element signedInfo,
      SignedInfo info,
      Bytes value,
      BigInteger modulus,
      BigInteger exponent,
      List<Element> keyInfo,
      List<Element> rest) {
    Part {
      keyInfo = List.copyOf(keyInfo);
      rest = List.copyOf(rest);
    }

    static Part of(Element signature) {
      List<Element> all = Elements.children(signature);
      require(
          all.size() >= 3
              && Elements.is(all.get(1), DSIG, "SignatureValue")
              && Elements.is(all.get(2), DSIG, "KeyInfo"),
          "A signature is not made of SignedInfo, SignatureValue and KeyInfo");
      plain(signature);
      plain(all.get(2));
      List<Element> keyInfo = Elements.children(all.get(2));
      require(
          keyInfo.size() == 2 && Elements.is(keyInfo.getFirst(), DSIG, "KeyValue"),
          "A KeyInfo does not have a KeyValue and one thing more");
      Element key = only(keyInfo.getFirst(), DSIG, "RSAKeyValue");
      List<Element> numbers = Elements.children(key);
      require(
          numbers.size() == 2
              && Elements.is(numbers.getFirst(), DSIG, "Modulus")
              && Elements.is(numbers.getLast(), DSIG, "Exponent"),
          "An RSAKeyValue is not made of Modulus and Exponent");
      return new Part(
          signature,
          all.getFirst(),
          SignedInfo.parse(all.getFirst()),
          XmlText.base64(all.get(1)),
          new BigInteger(1, XmlText.base64(numbers.getFirst()).toArray()),
          new BigInteger(1, XmlText.base64(numbers.getLast()).toArray()),
          keyInfo,
          all.subList(3, all.size()));
    }

    boolean isKey(X509Certificate certificate) {
      return certificate.getPublicKey() instanceof RSAPublicKey key
          && key.getModulus().equals(modulus)
          && key.getPublicExponent().equals(exponent);
    }

    ValueVerifier.Signature value(List<Bytes> tokens) {
      return new ValueVerifier.Signature(
          info.canonical().of(signedInfo), value, info.algorithm(), tokens);
    }
  }

  /**
   * Reads the signature; empty if there is none.
   *
   * @throws ArtifactException if it is not one as Microsoft's tools write them
   */
  static Optional<ManifestSignature> of(Manifest manifest) {
    return manifest.signature().map(ManifestSignature::of);
  }

  private static ManifestSignature of(Element signature) {
    Part outer = Part.of(signature);
    require(outer.rest().isEmpty(), "There is something behind the signature's KeyInfo");
    require(
        Elements.is(outer.keyInfo().getLast(), RELATED, "RelData"),
        "There is no RelData in the signature's KeyInfo");
    Element license = only(outer.keyInfo().getLast(), LICENSE, "license");
    List<Element> parts = Elements.children(license);
    require(
        parts.size() == 2
            && Elements.is(parts.getFirst(), LICENSE, "grant")
            && Elements.is(parts.getLast(), LICENSE, "issuer"),
        "The licence is not made of grant and issuer");
    Part inner = Part.of(only(parts.getLast(), DSIG, "Signature"));
    return new ManifestSignature(
        outer,
        inner,
        license,
        certificates(inner.keyInfo().getLast()),
        inner.rest().stream().map(ManifestSignature::token).toList());
  }

  private static List<X509Certificate> certificates(Element data) {
    require(Elements.is(data, DSIG, "X509Data"), "There is no X509Data in the licence's KeyInfo");
    plain(data);
    var out = new ArrayList<Bytes>();
    for (Element certificate : Elements.children(data)) {
      require(
          Elements.is(certificate, DSIG, "X509Certificate"),
          "There is something besides certificates in X509Data");
      out.add(XmlText.base64(certificate));
    }
    return ValueVerifier.certificates(out);
  }

  private static Bytes token(Element object) {
    require(Elements.is(object, DSIG, "Object"), "There is no Object behind the licence's KeyInfo");
    return XmlText.base64(only(object, AUTHENTICODE, "Timestamp"));
  }

  /** The only element in another one. */
  private static Element only(Element parent, String namespace, String name) {
    List<Element> all = Elements.children(parent);
    require(
        all.size() == 1 && Elements.is(all.getFirst(), namespace, name),
        "There is not one %s in %s".formatted(name, parent.getNodeName()));
    plain(parent);
    return all.getFirst();
  }

  private static void plain(Element element) {
    require(!Elements.hasText(element), "There is text in " + element.getNodeName());
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw Manifest.malformed(message);
    }
  }

  /** The signer's certificate. */
  Optional<X509Certificate> leaf() {
    return certificates.stream().filter(license::isKey).findFirst();
  }
}
