// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.Optional;

/**
 * What an Authenticode signature says about a PE image: SpcIndirectDataContent with SpcPeImageData
 * (Windows Authenticode Portable Executable Signature Format, "Appendix 1"), read.
 *
 * @param digestOid of the image digest
 * @param pages the table of page hashes, if there is one
 */
record SpcContent(String digestOid, Bytes digest, Optional<PageTable> pages) {
  private static final String PE_IMAGE_DATA = "1.3.6.1.4.1.311.2.1.15";
  private static final String PAGE_HASHES_SHA1 = "1.3.6.1.4.1.311.2.3.1";
  private static final String PAGE_HASHES_SHA256 = "1.3.6.1.4.1.311.2.3.2";
  private static final Bytes PAGE_HASHES_CLASS = Bytes.fromHex("a6b586d5b4a12466ae05a217da8e60d6");

  /** A page-hash table as it stands in the signature. */
  record PageTable(DigestAlgorithm algorithm, Bytes table) {}

  /**
   * Reads the content of a signature.
   *
   * @throws DerException if it says nothing about a PE image
   */
  static SpcContent parse(Bytes der) {
    DerCursor content = Der.checked(der).sequence();
    DerCursor data = content.next().sequence();
    String type = data.next(Der.OID).oid();
    if (!type.equals(PE_IMAGE_DATA)) {
      throw new DerException("The signature is for another kind of file: " + type);
    }
    Optional<PageTable> pages = Optional.empty();
    if (data.hasNext()) {
      pages = pages(data.next().sequence());
    }
    data.end();
    DerCursor info = content.next().sequence();
    DerCursor algorithm = info.next().sequence();
    String digestOid = algorithm.next(Der.OID).oid();
    var _ = algorithm.optional(Der.NULL);
    algorithm.end();
    Bytes digest = info.next(Der.OCTET_STRING).octets();
    info.end();
    content.end();
    return new SpcContent(digestOid, digest, pages);
  }

  /** SpcPeImageData: flags, then a link that names a file or holds a serialised object. */
  private static Optional<PageTable> pages(DerCursor imageData) {
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
    return Optional.of(new PageTable(algorithm, table.octets()));
  }
}
