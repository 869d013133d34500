// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.ToBeSigned;
import java.util.ArrayList;
import java.util.List;

/**
 * A CMS SignedData with one SignerInfo (RFC 5652 §5), written by hand: on the signing path an
 * object tree costs more than a P-256 signature.
 */
final class CmsBuilder {
  private static final Bytes SIGNED_DATA = DerWriter.oid("1.2.840.113549.1.7.2");
  private static final Bytes DATA = DerWriter.oid("1.2.840.113549.1.7.1");
  private static final Bytes CONTENT_TYPE = DerWriter.oid("1.2.840.113549.1.9.3");
  private static final Bytes MESSAGE_DIGEST = DerWriter.oid("1.2.840.113549.1.9.4");
  private static final String TST_INFO = "1.2.840.113549.1.9.16.1.4"; // RFC 3161 §2.4.2
  private static final String SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"; // RFC 5035 §3
  private static final Bytes VERSION_1 = DerWriter.integer(1);
  private static final Bytes VERSION_3 = DerWriter.integer(3);

  private final Bytes version;
  private final Bytes encapsulated;
  private final DigestAlgorithm hash;
  private final Bytes signedAttributes;
  private final ToBeSigned.TimestampSlot slot;

  private CmsBuilder(
      Bytes version,
      Bytes encapsulated,
      DigestAlgorithm hash,
      Bytes signedAttributes,
      ToBeSigned.TimestampSlot slot) {
    this.version = version;
    this.encapsulated = encapsulated;
    this.hash = hash;
    this.signedAttributes = signedAttributes;
    this.slot = slot;
  }

  static CmsBuilder of(ToBeSigned.Cms cms) {
    Bytes type = DerWriter.oid(cms.contentType());
    return new CmsBuilder(
        VERSION_1, // PKCS#7, which Authenticode is, knows no other
        DerWriter.sequence(type, DerWriter.explicit(0, cms.content())),
        cms.digest(),
        attributes(type, Digest.of(cms.digest(), cms.digested()), cms.signedAttributes()),
        cms.timestampSlot());
  }

  static CmsBuilder of(ToBeSigned.DetachedCms cms) {
    Bytes type = DerWriter.oid(cms.contentType());
    return new CmsBuilder(
        VERSION_1,
        DerWriter.sequence(type),
        cms.content().algorithm(),
        attributes(type, cms.content(), cms.signedAttributes()),
        cms.timestampSlot());
  }

  static CmsBuilder of(ToBeSigned.CmsCounter counter) {
    return new CmsBuilder(
        VERSION_1,
        DerWriter.sequence(DATA),
        counter.countersigned().algorithm(),
        attributes(List.of(), counter.countersigned(), counter.signedAttributes()),
        counter.timestampSlot());
  }

  static CmsBuilder of(ToBeSigned.Token token, ChainEncoding chain) {
    Bytes type = DerWriter.oid(TST_INFO);
    var signer =
        new ToBeSigned.Attribute(SIGNING_CERTIFICATE_V2, List.of(chain.signingCertificate()));
    return new CmsBuilder(
        VERSION_3, // RFC 5652 §5.1: the content is not id-data
        DerWriter.sequence(type, DerWriter.explicit(0, DerWriter.octetString(token.tstInfo()))),
        token.digest(),
        attributes(type, Digest.of(token.digest(), token.tstInfo()), List.of(signer)),
        ToBeSigned.TimestampSlot.NONE);
  }

  private static Bytes attributes(Bytes type, Digest content, List<ToBeSigned.Attribute> more) {
    return attributes(List.of(attribute(CONTENT_TYPE, List.of(type))), content, more);
  }

  private static Bytes attributes(
      List<Bytes> first, Digest content, List<ToBeSigned.Attribute> more) {
    var all = new ArrayList<>(first);
    all.add(attribute(MESSAGE_DIGEST, List.of(DerWriter.octetString(content.value()))));
    more.forEach(a -> all.add(attribute(DerWriter.oid(a.oid()), a.values())));
    return Bytes.concat(DerWriter.sorted(all));
  }

  private static Bytes attribute(Bytes oid, List<Bytes> values) {
    return DerWriter.sequence(oid, DerWriter.setOf(values));
  }

  /** What the key signs: the signed attributes as a SET OF (RFC 5652 §5.4). */
  Digest digest() {
    return Digest.of(hash, DerWriter.element(DerWriter.SET, signedAttributes));
  }

  ToBeSigned.TimestampSlot slot() {
    return slot;
  }

  Bytes build(
      Bytes value,
      SignatureAlgorithm.Scheme scheme,
      ChainEncoding chain,
      List<ToBeSigned.Attribute> unsigned) {
    Bytes digestAlgorithm = AlgorithmIdentifiers.digest(hash);
    var unsignedDer =
        unsigned.stream().map(a -> attribute(DerWriter.oid(a.oid()), a.values())).toList();
    Bytes signerInfo =
        DerWriter.sequence(
            VERSION_1, // RFC 5652 §5.3: issuerAndSerialNumber
            chain.issuerAndSerial(),
            digestAlgorithm,
            DerWriter.explicit(0, signedAttributes), // the same tag as [0] IMPLICIT SET OF
            AlgorithmIdentifiers.signature(new SignatureAlgorithm(scheme, hash)),
            DerWriter.octetString(value),
            unsignedDer.isEmpty()
                ? Bytes.EMPTY
                : DerWriter.explicit(1, DerWriter.sorted(unsignedDer)));
    Bytes signedData =
        DerWriter.sequence(
            version,
            DerWriter.element(DerWriter.SET, digestAlgorithm),
            encapsulated,
            chain.certificates(),
            DerWriter.element(DerWriter.SET, signerInfo));
    return DerWriter.sequence(SIGNED_DATA, DerWriter.explicit(0, signedData));
  }
}
