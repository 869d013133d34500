// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.signature.ToBeSigned.Attribute;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A SignedData (RFC 5652 §5.1; PKCS#7 of RFC 2315 §9.1) taken apart. Everything that is signed or
 * digested keeps the very bytes it came with; nothing is decoded that nobody asks for.
 *
 * @param contentType eContentType
 * @param content the DER inside of {@code [0] EXPLICIT}; empty: detached
 * @param digestAlgorithms OIDs
 * @param certificates DER of each
 * @param crls DER of each
 * @param others attribute certificates and the like (RFC 5652 §10.2), of which nobody makes use
 */
public record CmsStructure(
    String contentType,
    Optional<Bytes> content,
    Set<String> digestAlgorithms,
    List<Bytes> certificates,
    List<Bytes> crls,
    List<Bytes> others,
    List<SignerInfo> signers) {
  /** id-signedData (RFC 5652 §5.1). */
  public static final String SIGNED_DATA = "1.2.840.113549.1.7.2";

  /** Bytes. Page hashes of a 1 GiB image, twice, fit. */
  static final int MAX_SIZE = 32 * 1024 * 1024;

  /** PKCS#7 content; a SignerInfo that names its certificate by issuer and serial number. */
  private static final BigInteger VERSION_1 = BigInteger.ONE;

  /** Content that is not id-data; a SignerInfo that names its certificate by key (RFC 5652 §5). */
  private static final BigInteger VERSION_3 = BigInteger.valueOf(3);

  private static final Bytes NULL = Bytes.of((byte) Der.NULL, (byte) 0);

  private static final int CONTEXT_0 = 0xa0;
  private static final int CONTEXT_1 = 0xa1;
  private static final int KEY_IDENTIFIER = 0x80;

  public CmsStructure {
    digestAlgorithms = Set.copyOf(digestAlgorithms);
    certificates = List.copyOf(certificates);
    crls = List.copyOf(crls);
    others = List.copyOf(others);
    signers = List.copyOf(signers);
  }

  /** An AlgorithmIdentifier; {@code parameters} is empty or DER. */
  public record Algorithm(String oid, Bytes parameters) {
    static Algorithm of(Der sequence) {
      DerCursor fields = sequence.sequence();
      String oid = fields.next(Der.OID).oid();
      Bytes parameters = fields.hasNext() ? fields.next().encoded() : Bytes.EMPTY;
      fields.end();
      return new Algorithm(oid, parameters);
    }

    /** A digest algorithm: there are no parameters, which is written in two ways (RFC 5754 §2). */
    static Algorithm ofDigest(Der sequence) {
      Algorithm digest = of(sequence);
      if (!digest.unparameterised()) {
        throw new DerException("The digest " + digest.oid() + " has parameters");
      }
      return digest;
    }

    boolean unparameterised() {
      return parameters.isEmpty() || parameters.equals(NULL);
    }
  }

  /**
   * A SignerInfo (RFC 5652 §5.3).
   *
   * @param issuer DER of the certificate's issuer name; empty if {@code keyId} names it
   * @param signedAttributesDer the attributes as the SET that is digested; empty: there are none
   */
  public record SignerInfo(
      Bytes issuer,
      BigInteger serial,
      Bytes keyId,
      Algorithm digest,
      Bytes signedAttributesDer,
      List<Attribute> signedAttributes,
      Algorithm signature,
      Bytes value,
      List<Attribute> unsignedAttributes) {
    public SignerInfo {
      signedAttributes = List.copyOf(signedAttributes);
      unsignedAttributes = List.copyOf(unsignedAttributes);
    }

    /** All values of all unsigned attributes of this type. */
    public List<Bytes> unsigned(String oid) {
      return values(unsignedAttributes, oid);
    }

    /** All values of all signed attributes of this type. */
    public List<Bytes> signed(String oid) {
      return values(signedAttributes, oid);
    }

    private static List<Bytes> values(List<Attribute> attributes, String oid) {
      return attributes.stream()
          .filter(a -> a.oid().equals(oid))
          .flatMap(a -> a.values().stream())
          .toList();
    }

    static SignerInfo of(Der sequence) {
      DerCursor fields = sequence.sequence();
      BigInteger version = fields.next().integer();
      Bytes issuer = Bytes.EMPTY;
      BigInteger serial = BigInteger.ZERO;
      Bytes keyId = Bytes.EMPTY;
      Optional<Der> identifier = fields.optional(KEY_IDENTIFIER);
      if (identifier.isPresent()) {
        keyId = identifier.get().content();
      } else {
        DerCursor named = fields.next().sequence();
        issuer = named.next(Der.SEQUENCE).encoded();
        serial = named.next().integer();
        named.end();
      }
      if (!version.equals(identifier.isPresent() ? VERSION_3 : VERSION_1)) {
        throw new DerException("The version of the signer is " + version);
      }
      Algorithm digest = Algorithm.ofDigest(fields.next());
      Optional<Der> signed = fields.optional(CONTEXT_0);
      Algorithm signature = Algorithm.of(fields.next());
      Bytes value = fields.next().octets();
      Optional<Der> unsigned = fields.optional(CONTEXT_1);
      fields.end();
      return new SignerInfo(
          issuer,
          serial,
          keyId,
          digest,
          signed.map(SignerInfo::asSet).orElse(Bytes.EMPTY),
          signed.map(SignerInfo::attributes).orElse(List.of()),
          signature,
          value,
          unsigned.map(SignerInfo::attributes).orElse(List.of()));
    }

    /** RFC 5652 §5.4: digested with the tag of a SET in place of {@code [0] IMPLICIT}. */
    private static Bytes asSet(Der signed) {
      byte[] set = signed.encoded().toArray();
      set[0] = Der.SET;
      return Bytes.wrap(set);
    }

    private static List<Attribute> attributes(Der set) {
      var out = new ArrayList<Attribute>();
      for (DerCursor each = set.children(); each.hasNext(); ) {
        DerCursor fields = each.next().sequence();
        String oid = fields.next(Der.OID).oid();
        var values = new ArrayList<Bytes>();
        for (DerCursor inside = fields.next(Der.SET).children(); inside.hasNext(); ) {
          values.add(inside.next().encoded());
        }
        fields.end();
        out.add(new Attribute(oid, values));
      }
      return out;
    }
  }

  /**
   * Takes a ContentInfo apart.
   *
   * @throws ArtifactException {@code SGC-ARTIFACT-MALFORMED} if it is none
   */
  public static CmsStructure parse(Bytes contentInfo) {
    try {
      if (contentInfo.size() > MAX_SIZE) {
        throw new DerException("It has more than " + MAX_SIZE + " bytes");
      }
      return of(Der.checked(contentInfo));
    } catch (DerException e) {
      throw malformed(e);
    }
  }

  /**
   * A SignerInfo that stands alone, as in a counter-signature (RFC 5652 §11.4).
   *
   * @throws ArtifactException {@code SGC-ARTIFACT-MALFORMED} if it is none
   */
  public static SignerInfo parseSigner(Bytes der) {
    try {
      return SignerInfo.of(Der.checked(der));
    } catch (DerException e) {
      throw malformed(e);
    }
  }

  private static ArtifactException malformed(DerException e) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        "The signature cannot be read: " + e.getMessage(),
        "Check how the file was transferred, or sign it again.");
  }

  private static CmsStructure of(Der contentInfo) {
    DerCursor outer = contentInfo.sequence();
    String type = outer.next(Der.OID).oid();
    if (!type.equals(SIGNED_DATA)) {
      throw new DerException("It is no SignedData, but " + type);
    }
    DerCursor signedData = outer.next(CONTEXT_0).only().sequence();
    outer.end();
    BigInteger version = signedData.next().integer();
    if (!version.equals(VERSION_1) && !version.equals(VERSION_3)) {
      throw new DerException("Version " + version + " of SignedData is unknown");
    }
    var digests = new LinkedHashSet<String>();
    for (DerCursor each = signedData.next(Der.SET).children(); each.hasNext(); ) {
      digests.add(Algorithm.ofDigest(each.next()).oid());
    }
    DerCursor encapsulated = signedData.next().sequence();
    String contentType = encapsulated.next(Der.OID).oid();
    Optional<Bytes> content = encapsulated.optional(CONTEXT_0).map(c -> c.only().encoded());
    encapsulated.end();
    Optional<Der> certificates = signedData.optional(CONTEXT_0);
    Optional<Der> crls = signedData.optional(CONTEXT_1);
    var signers = new ArrayList<SignerInfo>();
    for (DerCursor each = signedData.next(Der.SET).children(); each.hasNext(); ) {
      signers.add(SignerInfo.of(each.next()));
    }
    signedData.end();
    var others = elements(certificates, false);
    others.addAll(elements(crls, false));
    return new CmsStructure(
        contentType,
        content,
        digests,
        elements(certificates, true),
        elements(crls, true),
        others,
        signers);
  }

  /** Those of the kind everybody knows: {@code plain}, X.509, or the others, with a tag. */
  private static List<Bytes> elements(Optional<Der> set, boolean plain) {
    var out = new ArrayList<Bytes>();
    if (set.isPresent()) {
      for (DerCursor each = set.get().children(); each.hasNext(); ) {
        Der element = each.next();
        if (element.is(Der.SEQUENCE) == plain) {
          out.add(element.encoded());
        }
      }
    }
    return out;
  }

  /**
   * The octets that the message-digest attribute covers: the value of the content without tag and
   * length (RFC 5652 §5.4; RFC 2315 §9.3 for what is no OCTET STRING).
   */
  public Bytes digested() {
    if (content.isEmpty()) {
      return Bytes.EMPTY;
    }
    Der element = Der.of(content.get());
    try {
      return element.isOctets() ? element.octets() : element.content();
    } catch (DerException e) {
      throw malformed(e);
    }
  }
}
