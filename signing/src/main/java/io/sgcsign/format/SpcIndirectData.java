// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.layout.pe.PageHashes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.ToBeSigned.Attribute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ASN.1 of Authenticode (Windows Authenticode Portable Executable Signature Format, "Appendix
 * 1: Structures"), byte for byte as signtool writes it.
 */
final class SpcIndirectData {
  /** SPC_INDIRECT_DATA_OBJID. */
  static final String CONTENT_TYPE = "1.3.6.1.4.1.311.2.1.4";

  private static final Bytes PE_IMAGE_DATA = DerWriter.oid("1.3.6.1.4.1.311.2.1.15");
  private static final Bytes PAGE_HASHES_SHA1 = DerWriter.oid("1.3.6.1.4.1.311.2.3.1");
  private static final Bytes PAGE_HASHES_SHA256 = DerWriter.oid("1.3.6.1.4.1.311.2.3.2");
  private static final Bytes PAGE_HASHES_CLASS = Bytes.fromHex("a6b586d5b4a12466ae05a217da8e60d6");
  private static final String SP_OPUS_INFO = "1.3.6.1.4.1.311.2.1.12";
  private static final String STATEMENT_TYPE = "1.3.6.1.4.1.311.2.1.11";
  private static final Bytes INDIVIDUAL = DerWriter.oid("1.3.6.1.4.1.311.2.1.21");
  private static final Bytes NO_FLAGS = DerWriter.element(DerWriter.BIT_STRING, Bytes.of((byte) 0));

  private SpcIndirectData() {}

  /** SpcIndirectDataContent of a PE image, without tag and length: what messageDigest covers. */
  static Bytes body(Digest image, Optional<PageHashes> pages) {
    Bytes link = pages.map(SpcIndirectData::pageHashLink).orElseGet(SpcIndirectData::emptyLink);
    Bytes imageData = DerWriter.sequence(NO_FLAGS, DerWriter.explicit(0, link));
    Bytes algorithm =
        DerWriter.sequence(DerWriter.oid(image.algorithm().oid()), DerWriter.nothing());
    return Bytes.concat(
        DerWriter.sequence(PE_IMAGE_DATA, imageData),
        DerWriter.sequence(algorithm, DerWriter.octetString(image.value())));
  }

  /** SpcLink of a file without a name: the field is obsolete, but it has to be there. */
  private static Bytes emptyLink() {
    return DerWriter.explicit(2, DerWriter.implicit(0, Bytes.EMPTY));
  }

  /** SpcLink of a moniker that is an SpcSerializedObject. */
  private static Bytes pageHashLink(PageHashes pages) {
    Bytes name = pages.algorithm() == DigestAlgorithm.SHA1 ? PAGE_HASHES_SHA1 : PAGE_HASHES_SHA256;
    Bytes attribute =
        DerWriter.sequence(
            name, DerWriter.element(DerWriter.SET, DerWriter.octetString(pages.table())));
    return DerWriter.explicit(
        1,
        DerWriter.octetString(PAGE_HASHES_CLASS),
        DerWriter.octetString(DerWriter.element(DerWriter.SET, attribute)));
  }

  /** The signed attributes besides content-type and message-digest. */
  static List<Attribute> attributes(Optional<String> description, Optional<String> url) {
    var fields = new ArrayList<Bytes>();
    // SpcString unicode [0] and SpcLink url [0], each inside its explicit tag
    description.ifPresent(
        d -> fields.add(DerWriter.explicit(0, DerWriter.implicit(0, DerWriter.bmp(d)))));
    url.ifPresent(u ->
        fields.add(
            DerWriter.explicit(
                1, DerWriter.implicit(0, Bytes.wrap(u.getBytes(StandardCharsets.US_ASCII))))));
    return List.of(
        new Attribute(SP_OPUS_INFO, List.of(DerWriter.sequence(fields.toArray(Bytes[]::new)))),
        new Attribute(STATEMENT_TYPE, List.of(DerWriter.sequence(INDIVIDUAL))));
  }
}
