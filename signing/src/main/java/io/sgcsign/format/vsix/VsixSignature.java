// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.xml.XmlText;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.verify.ValueVerifier;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.w3c.dom.Element;

/**
 * A signature part, read strictly: only what ECMA-376-2 §13.2.4 has, where it has it.
 *
 * @param object the Object that is signed
 * @param tokens time stamps, in Objects that are not signed
 */
record VsixSignature(
    Element signedInfo,
    SignedInfo info,
    Bytes value,
    List<X509Certificate> certificates,
    Element object,
    List<Bytes> tokens) {
  /** Parts with certificates, all of which are read. A chain has four. */
  private static final int MAX_CERTIFICATES = 32;

  /** Bytes of such a part. Certificates have two KiB. */
  private static final int MAX_CERTIFICATE = 64 << 10;

  VsixSignature {
    certificates = List.copyOf(certificates);
    tokens = List.copyOf(tokens);
  }

  static VsixSignature of(VsixPackage file, ZipEntry entry) {
    XmlDocument document = XmlDocument.parse(file.read(entry));
    document.requireUniqueIds(_ -> true);
    Element root = document.root();
    List<Element> parts = Elements.children(root);
    require(
        Elements.is(root, DSIG, "Signature")
            && !Elements.hasText(root)
            && parts.size() >= 3
            && Elements.is(parts.get(1), DSIG, "SignatureValue"),
        "A signature part is no signature");
    SignedInfo info = SignedInfo.parse(parts.getFirst());
    boolean keyed = Elements.is(parts.get(2), DSIG, "KeyInfo");
    var certificates = new ArrayList<Bytes>();
    if (keyed) {
      certificates.addAll(certificates(parts.get(2)));
    }
    certificates.addAll(certificateParts(file));
    Element signed = null;
    var tokens = new ArrayList<Bytes>();
    for (Element object : parts.subList(keyed ? 3 : 2, parts.size())) {
      require(Elements.is(object, DSIG, "Object"), "There is something in place of an Object");
      String id = object.getAttributeNS(null, "Id");
      if (signed == null && !id.isEmpty() && info.reference().uri().equals("#" + id)) {
        signed = object;
      } else {
        tokens.add(token(object));
      }
    }
    if (signed == null) {
      throw VsixPackage.malformed("The signature is over no Object in it");
    }
    return new VsixSignature(
        parts.getFirst(),
        info,
        XmlText.base64(parts.get(1)),
        ValueVerifier.certificates(certificates),
        signed,
        tokens);
  }

  private static List<Bytes> certificates(Element keyInfo) {
    var out = new ArrayList<Bytes>();
    for (Element data : Elements.children(keyInfo)) {
      if (Elements.is(data, DSIG, "KeyValue")) {
        continue; // the certificate has the key
      }
      require(Elements.is(data, DSIG, "X509Data"), "There is more than certificates in KeyInfo");
      for (Element certificate : Elements.children(data)) {
        require(
            Elements.is(certificate, DSIG, "X509Certificate"),
            "There is more than certificates in X509Data");
        out.add(XmlText.base64(certificate));
      }
    }
    return out;
  }

  /** Certificates in parts of their own (ECMA-376-2 §13.2.3). */
  private static List<Bytes> certificateParts(VsixPackage file) {
    List<ZipEntry> parts =
        file.zip().entries().stream()
            .filter(e -> e.name().toLowerCase(Locale.ROOT).startsWith(Opc.CERTIFICATE_FOLDER))
            .filter(e -> e.name().toLowerCase(Locale.ROOT).endsWith(".cer"))
            .toList();
    require(
        parts.size() <= MAX_CERTIFICATES,
        "There are more than " + MAX_CERTIFICATES + " parts with certificates");
    return parts.stream().map(e -> file.zip().read(e, MAX_CERTIFICATE)).toList();
  }

  private static Bytes token(Element object) {
    List<Element> parts = Elements.children(object);
    require(
        parts.size() == 1
            && Elements.is(parts.getFirst(), Opc.SIGNATURE_NS, "TimeStamp")
            && !Elements.hasText(object),
        "An Object that is not signed holds no time stamp");
    List<Element> stamp = Elements.children(parts.getFirst());
    require(
        stamp.size() == 2
            && Elements.is(stamp.getFirst(), Opc.SIGNATURE_NS, "Comment")
            && Elements.is(stamp.getLast(), Opc.SIGNATURE_NS, "EncodedTime"),
        "A TimeStamp is not made of Comment and EncodedTime");
    return XmlText.base64(stamp.getLast());
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw VsixPackage.malformed(message);
    }
  }
}
