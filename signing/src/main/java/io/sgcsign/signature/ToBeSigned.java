// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.signature;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.List;

/** What the assembler gets: the structure to be signed, built by us and by nobody else. */
public sealed interface ToBeSigned {

  /**
   * A CMS SignedData with one SignerInfo (RFC 5652 §5).
   *
   * @param contentType OID of the encapsulated content
   * @param content DER of the encapsulated content as it stands inside {@code [0] EXPLICIT}
   * @param digested the octets the message-digest attribute covers: for PKCS#7 style content the
   *     value of {@code content} without tag and length
   * @param digest the digest algorithm of SignerInfo
   * @param signedAttributes attributes besides content-type and message-digest, DER sorted later
   * @param timestampSlot where a time stamp goes
   */
  record Cms(
      String contentType,
      Bytes content,
      Bytes digested,
      DigestAlgorithm digest,
      List<Attribute> signedAttributes,
      TimestampSlot timestampSlot)
      implements ToBeSigned {
    public Cms {
      signedAttributes = List.copyOf(signedAttributes);
    }
  }

  /**
   * A SignedInfo of an XML signature (XML-Signature §4.4).
   *
   * @param octets its canonical form by its own CanonicalizationMethod: what is signed
   * @param digest the digest its SignatureMethod names
   * @param stamped whether a time stamp of the signature value can be carried
   */
  record SignedInfo(Bytes octets, DigestAlgorithm digest, boolean stamped) implements ToBeSigned {}

  /**
   * A CMS SignedData over content that stands elsewhere (RFC 5652 §5.2, "external signatures").
   *
   * @param contentType OID of the content
   * @param content its digest, by the digest algorithm of SignerInfo
   * @param signedAttributes attributes besides content-type and message-digest, DER sorted later
   * @param timestampSlot where a time stamp goes
   */
  record DetachedCms(
      String contentType,
      Digest content,
      List<Attribute> signedAttributes,
      TimestampSlot timestampSlot)
      implements ToBeSigned {
    public DetachedCms {
      signedAttributes = List.copyOf(signedAttributes);
    }
  }

  /**
   * Bytes that a format's own structure has signed without CMS around them; the format built or
   * parsed them and knows that they are nothing else. No time stamp can be carried.
   */
  record Message(Bytes bytes, DigestAlgorithm digest) implements ToBeSigned {}

  /**
   * A counter-signature of another's signature (RFC 5652 §11.4). The block is a SignedData without
   * content, of which SignerInfo and certificates go into the other's.
   *
   * @param countersigned digest of the other's signature value, by the digest algorithm of
   *     SignerInfo
   * @param signedAttributes attributes besides message-digest; there is no content-type
   * @param timestampSlot where a time stamp goes
   */
  record CmsCounter(
      Digest countersigned, List<Attribute> signedAttributes, TimestampSlot timestampSlot)
      implements ToBeSigned {
    public CmsCounter {
      signedAttributes = List.copyOf(signedAttributes);
    }
  }

  /** An RFC 3161 TSTInfo (RFC 3161 §2.4.2) our own test authority issues. */
  record Token(Bytes tstInfo, DigestAlgorithm digest) implements ToBeSigned {}

  /** Random bytes a provider self-test signs; worth nothing to anybody else. */
  record Probe(Bytes nonce, DigestAlgorithm digest) implements ToBeSigned {}

  /** A CMS attribute: an OID and the DER of each of its values. */
  record Attribute(String oid, List<Bytes> values) {
    public Attribute {
      values = List.copyOf(values);
    }
  }

  /** Where a time stamp is put. */
  enum TimestampSlot {
    /** No time stamp can be carried. */
    NONE(""),
    /** Microsoft's RFC 3161 counter-signature attribute. */
    MICROSOFT_RFC3161("1.3.6.1.4.1.311.3.3.1"),
    /** id-aa-timeStampToken (RFC 3161 Appendix A). */
    CMS_SIGNATURE_TIMESTAMP("1.2.840.113549.1.9.16.2.14"),
    /**
     * A PKCS#9 counter-signature (RFC 5652 §11.4) as Authenticode had it before RFC 3161: its
     * certificates stand among those of the signature.
     */
    COUNTER_SIGNATURE("1.2.840.113549.1.9.6");

    private final String oid;

    TimestampSlot(String oid) {
      this.oid = oid;
    }

    public String oid() {
      return oid;
    }
  }
}
