// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.layout.pe.PageHashes;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.Optional;

/** SpcPeImageData, which may hold page hashes, byte for byte as signtool writes it. */
final class PeImageData {
  private static final String OID = "1.3.6.1.4.1.311.2.1.15";
  private static final String PAGE_HASHES_SHA1 = "1.3.6.1.4.1.311.2.3.1";
  private static final String PAGE_HASHES_SHA256 = "1.3.6.1.4.1.311.2.3.2";
  private static final Bytes PAGE_HASHES_CLASS = Bytes.fromHex("a6b586d5b4a12466ae05a217da8e60d6");
  private static final Bytes NO_FLAGS = DerWriter.element(DerWriter.BIT_STRING, Bytes.of((byte) 0));

  private PeImageData() {}

  /** A page-hash table as it stands in a signature. */
  record PageTable(DigestAlgorithm algorithm, Bytes table) {}

  /** SpcAttributeTypeAndOptionalValue of a PE image. */
  static Bytes of(Optional<PageHashes> pages) {
    Bytes link = pages.map(PeImageData::pageHashLink).orElseGet(PeImageData::emptyLink);
    return DerWriter.sequence(
        DerWriter.oid(OID), DerWriter.sequence(NO_FLAGS, DerWriter.explicit(0, link)));
  }

  /** SpcLink of a file without a name: the field is obsolete, but it has to be there. */
  private static Bytes emptyLink() {
    return DerWriter.explicit(2, DerWriter.implicit(0, Bytes.EMPTY));
  }

  /** SpcLink of a moniker that is an SpcSerializedObject. */
  private static Bytes pageHashLink(PageHashes pages) {
    Bytes name =
        DerWriter.oid(
            pages.algorithm() == DigestAlgorithm.SHA1 ? PAGE_HASHES_SHA1 : PAGE_HASHES_SHA256);
    Bytes attribute =
        DerWriter.sequence(
            name, DerWriter.element(DerWriter.SET, DerWriter.octetString(pages.table())));
    return DerWriter.explicit(
        1,
        DerWriter.octetString(PAGE_HASHES_CLASS),
        DerWriter.octetString(DerWriter.element(DerWriter.SET, attribute)));
  }

  /**
   * The page hashes a signature has: flags, then a link that names a file or holds a serialised
   * object.
   *
   * @throws DerException if the signature says nothing about a PE image
   */
  static Optional<PageTable> pages(SpcContent content) {
    if (!content.type().equals(OID)) {
      throw new DerException("The signature is for another kind of file: " + content.type());
    }
    if (content.value().isEmpty()) {
      return Optional.empty();
    }
    DerCursor imageData = Der.checked(content.value().get()).sequence();
    var _ = imageData.optional(Der.BIT_STRING);
    Optional<Der> link = imageData.optional(0xa0);
    imageData.end();
    if (link.isEmpty() || !link.get().only().is(0xa1)) {
      return Optional.empty();
    }
    DerCursor object = link.get().only().children();
    Bytes classId = object.next(Der.OCTET_STRING).octets();
    Bytes serialised = object.next(Der.OCTET_STRING).octets();
    object.end();
    if (!classId.equals(PAGE_HASHES_CLASS)) {
      throw new DerException("The signature holds an unknown object " + classId);
    }
    return Optional.of(table(serialised));
  }

  private static PageTable table(Bytes serialised) {
    DerCursor attribute = Der.checked(serialised).expect(Der.SET).only().sequence();
    String oid = attribute.next(Der.OID).oid();
    Der table = attribute.next(Der.SET).only();
    attribute.end();
    DigestAlgorithm algorithm =
        switch (oid) {
          case PAGE_HASHES_SHA1 -> DigestAlgorithm.SHA1;
          case PAGE_HASHES_SHA256 -> DigestAlgorithm.SHA256;
          default -> throw new DerException("The signature has page hashes of unknown kind " + oid);
        };
    return new PageTable(algorithm, table.octets());
  }
}
