// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cms;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.bytes.DerWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A CMS ContentInfo with SignedData (RFC 5652 §5.1) whose certificates and whose first SignerInfo's
 * unsigned attributes can be changed. All other fields keep their very bytes, so every signature in
 * it stays as good as it was. Immutable.
 */
public final class SignedDataEdit {
  /** Microsoft's attribute for further signatures of the same file, each a ContentInfo. */
  public static final String NESTED_SIGNATURE = "1.3.6.1.4.1.311.2.4.1";

  private static final Bytes SIGNED_DATA = DerWriter.oid("1.2.840.113549.1.7.2");

  /** version, digestAlgorithms, encapContentInfo. */
  private static final int BEFORE_CERTIFICATES = 3;

  private static final int CONTEXT_0 = 0xa0;
  private static final int CONTEXT_1 = 0xa1;

  private final List<Bytes> head;
  private final Bytes signer;
  private final List<Attribute> unsigned;
  private final Bytes otherSigners;

  private SignedDataEdit(
      List<Bytes> head, Bytes signer, List<Attribute> unsigned, Bytes otherSigners) {
    this.head = List.copyOf(head);
    this.signer = signer;
    this.unsigned = List.copyOf(unsigned);
    this.otherSigners = otherSigners;
  }

  private record Attribute(Bytes oid, Bytes encoded, List<Bytes> values) {
    static Attribute of(Der attribute) {
      DerCursor fields = attribute.sequence();
      Bytes oid = fields.next(Der.OID).encoded();
      var values = new ArrayList<Bytes>();
      for (var set = fields.next(Der.SET).children(); set.hasNext(); ) {
        values.add(set.next().encoded());
      }
      fields.end();
      return new Attribute(oid, attribute.encoded(), List.copyOf(values));
    }
  }

  /**
   * Reads the outline.
   *
   * @throws ArtifactException if {@code der} is no SignedData with a signer
   */
  public static SignedDataEdit parse(Bytes der) {
    try {
      DerCursor contentInfo = Der.of(der).sequence();
      if (!contentInfo.next(Der.OID).encodedAs(SIGNED_DATA)) {
        throw new DerException("The structure is no SignedData");
      }
      DerCursor signedData = contentInfo.next(CONTEXT_0).only().sequence();
      contentInfo.end();
      return parse(signedData);
    } catch (DerException e) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The existing signature cannot be read: " + e.getMessage(),
          "Take the old signature off first (if_signed=replace).");
    }
  }

  private static SignedDataEdit parse(DerCursor signedData) {
    var head = new ArrayList<Bytes>();
    Der signers = signedData.next();
    while (signedData.hasNext()) {
      head.add(signers.encoded());
      signers = signedData.next();
    }
    DerCursor each = signers.expect(Der.SET).children();
    DerCursor first = each.next(Der.SEQUENCE).children();
    var fields = new ArrayList<Bytes>();
    var unsigned = new ArrayList<Attribute>();
    while (first.hasNext()) {
      Der field = first.next();
      if (field.is(CONTEXT_1)) {
        for (var set = field.children(); set.hasNext(); ) {
          unsigned.add(Attribute.of(set.next()));
        }
        first.end();
      } else {
        fields.add(field.encoded());
      }
    }
    return new SignedDataEdit(head, concat(fields), unsigned, rest(each));
  }

  private static Bytes rest(DerCursor cursor) {
    var out = new ArrayList<Bytes>();
    while (cursor.hasNext()) {
      out.add(cursor.next().encoded());
    }
    return concat(out);
  }

  private static Bytes concat(List<Bytes> parts) {
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }

  /** The signatures nested in this one, in their order. */
  public List<Bytes> nested() {
    return unsignedAttribute(NESTED_SIGNATURE);
  }

  /** Puts {@code signature} behind the nested ones. */
  public SignedDataEdit nest(Bytes signature) {
    var all = new ArrayList<>(nested());
    all.add(signature);
    return withUnsignedAttribute(NESTED_SIGNATURE, all);
  }

  /** Takes all nested signatures off. */
  public SignedDataEdit withoutNested() {
    return withUnsignedAttribute(NESTED_SIGNATURE, List.of());
  }

  /** The values of an unsigned attribute, each as it is encoded; none if it is not there. */
  public List<Bytes> unsignedAttribute(String oid) {
    Bytes name = DerWriter.oid(oid);
    return unsigned.stream()
        .filter(a -> a.oid().equals(name))
        .flatMap(a -> a.values().stream())
        .toList();
  }

  /**
   * Sets an unsigned attribute.
   *
   * @param values in the order they shall have; none takes the attribute off
   */
  public SignedDataEdit withUnsignedAttribute(String oid, List<Bytes> values) {
    Bytes name = DerWriter.oid(oid);
    var attributes = new ArrayList<Attribute>();
    unsigned.stream().filter(a -> !a.oid().equals(name)).forEach(attributes::add);
    if (!values.isEmpty()) {
      // not sorted: unsigned attributes need not be DER (RFC 5652 §5.3), and the order of nested
      // signatures means something to people
      Bytes set = DerWriter.element(DerWriter.SET, values.toArray(Bytes[]::new));
      attributes.add(new Attribute(name, DerWriter.sequence(name, set), List.copyOf(values)));
    }
    return new SignedDataEdit(head, signer, attributes, otherSigners);
  }

  /** The certificates, each as it is encoded. */
  public List<Bytes> certificates() {
    var out = new ArrayList<Bytes>();
    for (Bytes field : head.subList(BEFORE_CERTIFICATES, head.size())) {
      if (Der.of(field).is(CONTEXT_0)) {
        for (DerCursor each = Der.of(field).children(); each.hasNext(); ) {
          out.add(each.next().encoded());
        }
      }
    }
    return out;
  }

  /** With these certificates and no other, in the order of DER. */
  public SignedDataEdit withCertificates(List<Bytes> certificates) {
    var fields = new ArrayList<>(head);
    fields
        .subList(BEFORE_CERTIFICATES, fields.size())
        .removeIf(field -> Der.of(field).is(CONTEXT_0));
    fields.add(BEFORE_CERTIFICATES, DerWriter.explicit(0, DerWriter.sorted(certificates)));
    return new SignedDataEdit(fields, signer, unsigned, otherSigners);
  }

  /** The first SignerInfo. */
  public Bytes signerInfo() {
    Bytes[] attributes = unsigned.stream().map(Attribute::encoded).toArray(Bytes[]::new);
    return DerWriter.sequence(
        signer, attributes.length == 0 ? Bytes.EMPTY : DerWriter.explicit(1, attributes));
  }

  /** The ContentInfo. */
  public Bytes der() {
    Bytes signers = DerWriter.element(DerWriter.SET, signerInfo(), otherSigners);
    Bytes signedData = DerWriter.sequence(concat(head), signers);
    return DerWriter.sequence(SIGNED_DATA, DerWriter.explicit(0, signedData));
  }
}
