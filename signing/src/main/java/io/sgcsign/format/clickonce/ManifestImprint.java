// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.ImprintCheck;
import io.sgcsign.format.Options;
import io.sgcsign.layout.xml.Canonical;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlAlgorithms;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm.Scheme;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a manifest needs signed, as an imprint: for the licence the manifest's digest and identity,
 * of which the licence is built anew; for the manifest itself its digest alone.
 */
final class ManifestImprint {
  /** Which of the two signatures it is. */
  static final String PART = "part";

  static final String LICENSE = "license";
  static final String MANIFEST = "manifest";

  /** Before the name of an attribute of the identity. */
  static final String IDENTITY = "identity.";

  /** Attributes of an identity that manifests have. */
  static final List<String> ATTRIBUTES =
      List.of(
          "buildType",
          "culture",
          "language",
          "name",
          "processorArchitecture",
          "publicKeyToken",
          "type",
          "version",
          "versionScope");

  /** Characters that XML can carry and that mean themselves. */
  private static final Pattern TEXT = Pattern.compile("[\\x20-\\uD7FF\\uE000-\\uFFFD]{0,512}");

  private static final List<String> ENVELOPED =
      List.of(SignedInfo.ENVELOPED, Canonical.EXCLUSIVE.uri());

  private ManifestImprint() {}

  static SortedMap<String, String> manifestFacts() {
    return new TreeMap<>(Map.of(PART, MANIFEST));
  }

  static SortedMap<String, String> licenseFacts(SortedMap<String, String> identity) {
    var out = new TreeMap<>(Map.of(PART, LICENSE));
    identity.forEach((name, value) -> {
      if (!ATTRIBUTES.contains(name) || !TEXT.matcher(value).matches()) {
        throw Manifest.malformed("The identity has an attribute " + name + " that is not signable");
      }
      out.put(IDENTITY + name, value);
    });
    return out;
  }

  static License license(
      Digest manifest, SortedMap<String, String> identity, String publisher, Options options) {
    return new License(
        manifest,
        identity,
        publisher,
        options.text(ClickOnceFormat.DESCRIPTION).orElse(""),
        options.text(ClickOnceFormat.URL).orElse(""));
  }

  /** A SignedInfo over a whole document but the signature in it. */
  static SignedInfo signedInfo(Digest digest) {
    return new SignedInfo(
        Canonical.EXCLUSIVE,
        new SignatureAlgorithm(Scheme.RSA_PKCS1, digest.algorithm()),
        new SignedInfo.Reference("", "", ENVELOPED, digest));
  }

  /** Server only: holds the imprint against what {@link ManifestSigner} can have made. */
  static ToBeSigned toBeSigned(
      FormatDescriptor format, Imprint imprint, Options options, SigningContext context) {
    DigestAlgorithm hash = imprint.digest().algorithm();
    ImprintCheck.insist(format, imprint, options, context);
    require(imprint.parts().isEmpty(), "An imprint of a manifest has no parts");
    require(
        context.algorithm().scheme() == Scheme.RSA_PKCS1,
        "ClickOnce takes RSA signatures with PKCS#1 padding only");
    var facts = new TreeMap<>(imprint.facts());
    String part = String.valueOf(facts.remove(PART));
    if (part.equals(MANIFEST)) {
      require(facts.isEmpty(), "There are facts that belong to no manifest");
      return toBeSigned(imprint.digest(), false);
    }
    require(part.equals(LICENSE), "The imprint is of no part of a signature");
    var publisher = Publisher.of(context.chain());
    License license =
        license(imprint.digest(), identity(facts, publisher), publisher.name(), options);
    return toBeSigned(license.digest(hash), true);
  }

  private static ToBeSigned toBeSigned(Digest digest, boolean stamped) {
    return new ToBeSigned.SignedInfo(
        signedInfo(digest).octets(XmlAlgorithms.CLICKONCE), digest.algorithm(), stamped);
  }

  private static SortedMap<String, String> identity(
      SortedMap<String, String> facts, Publisher publisher) {
    var out = new TreeMap<String, String>();
    facts.forEach((name, value) -> {
      String attribute = name.startsWith(IDENTITY) ? name.substring(IDENTITY.length()) : "";
      require(ATTRIBUTES.contains(attribute), "There is an unknown fact: " + name);
      require(TEXT.matcher(value).matches(), "The fact " + name + " is no plain text");
      out.put(attribute, value);
    });
    require(
        publisher.token().equals(out.get("publicKeyToken")),
        "The identity has the token of another key");
    return out;
  }
}
