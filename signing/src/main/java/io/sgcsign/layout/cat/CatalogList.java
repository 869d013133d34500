// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;

/**
 * The list inside a catalog: a CertificateTrustList (szOID_CTL) of digests of files. Its other uses
 * – lists of trusted or disallowed roots – are nothing a code-signing key may sign.
 *
 * @param der the CertificateTrustList
 * @param members how many files it names
 */
public record CatalogList(Bytes der, int members) {
  /** szOID_CTL: the content type of a SignedData that holds a list. */
  public static final String CONTENT_TYPE = "1.3.6.1.4.1.311.10.1";

  /** szOID_CATALOG_LIST. */
  private static final String USAGE = "1.3.6.1.4.1.311.12.1.1";

  /**
   * Reads a list: usage, identifier, sequence number if there is one, date, algorithm, members,
   * extensions.
   *
   * @throws DerException if it is no list of a catalog
   */
  public static CatalogList parse(Bytes der) {
    DerCursor list = Der.checked(der).sequence();
    DerCursor usages = list.next(Der.SEQUENCE).sequence();
    String usage = usages.next(Der.OID).oid();
    if (!usage.equals(USAGE) || usages.hasNext()) {
      throw new DerException("The list is of usage " + usage + ", not that of a catalog");
    }
    var _ = list.optional(Der.OCTET_STRING);
    var _ = list.optional(Der.INTEGER);
    if (list.optional(Der.UTC_TIME).isEmpty() && list.optional(Der.GENERALIZED_TIME).isEmpty()) {
      throw new DerException("The list has no date");
    }
    var _ = list.next(Der.SEQUENCE);
    int count = 0;
    if (list.hasNext()) {
      Der entries = list.next();
      if (entries.is(Der.SEQUENCE)) {
        count = count(entries);
        var _ = list.optional(EXTENSIONS);
      } else if (!entries.is(EXTENSIONS)) {
        throw new DerException("The list holds neither files nor extensions, but something else");
      }
    }
    list.end();
    return new CatalogList(der, count);
  }

  private static final int EXTENSIONS = 0xa0;

  private static int count(Der entries) {
    int count = 0;
    for (DerCursor each = entries.children(); each.hasNext(); count++) {
      DerCursor member = each.next().sequence();
      var _ = member.next(Der.OCTET_STRING);
      var _ = member.optional(Der.SET);
      member.end();
    }
    return count;
  }

  /** What a signature covers: the list without tag and length (PKCS#7 §9.3). */
  public Bytes content() {
    return Der.of(der).content();
  }
}
