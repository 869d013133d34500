// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.pki.Digest;
import java.nio.charset.StandardCharsets;

/** Unsigned catalogs as New-FileCatalog makes them, element by element. */
public final class CatalogBuilder {
  private static final String CATALOG = "1.3.6.1.4.1.311.12.1.1";

  private CatalogBuilder() {}

  /** A catalog of {@code members} files. */
  public static Bytes of(int members) {
    return of(members, CATALOG);
  }

  /** A list of another usage than a catalog's, for example of trusted roots. */
  public static Bytes of(int members, String usage) {
    var entries = new Bytes[members];
    for (int i = 0; i < members; i++) {
      entries[i] = member(Digest.sha256(Bytes.utf8("file " + i)));
    }
    Bytes list =
        DerWriter.sequence(
            DerWriter.sequence(DerWriter.oid(usage)),
            DerWriter.octetString(Bytes.fromHex("d3d69aa1b7e04f4fa3a5c0c1d0ee7788")),
            DerWriter.element(
                0x17, Bytes.wrap("261121120000Z".getBytes(StandardCharsets.US_ASCII))),
            DerWriter.sequence(DerWriter.oid("1.3.6.1.4.1.311.12.1.3"), DerWriter.nothing()),
            DerWriter.sequence(entries));
    Bytes none = DerWriter.element(DerWriter.SET);
    return DerWriter.sequence(
        DerWriter.oid("1.2.840.113549.1.7.2"),
        DerWriter.explicit(
            0,
            DerWriter.sequence(
                DerWriter.integer(1),
                none,
                DerWriter.sequence(
                    DerWriter.oid("1.3.6.1.4.1.311.10.1"), DerWriter.explicit(0, list)),
                none)));
  }

  private static Bytes member(Digest digest) {
    Bytes algorithm =
        DerWriter.sequence(DerWriter.oid(digest.algorithm().oid()), DerWriter.nothing());
    Bytes link =
        DerWriter.explicit(
            2,
            DerWriter.implicit(
                0, Bytes.wrap("<<<Obsolete>>>".getBytes(StandardCharsets.UTF_16BE))));
    Bytes indirect =
        DerWriter.sequence(
            DerWriter.sequence(DerWriter.oid("1.3.6.1.4.1.311.2.1.25"), link),
            DerWriter.sequence(algorithm, DerWriter.octetString(digest.value())));
    Bytes attribute =
        DerWriter.sequence(
            DerWriter.oid("1.3.6.1.4.1.311.2.1.4"), DerWriter.element(DerWriter.SET, indirect));
    return DerWriter.sequence(
        DerWriter.octetString(digest.value()), DerWriter.element(DerWriter.SET, attribute));
  }
}
