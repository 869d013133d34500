// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import java.util.ArrayList;
import java.util.List;

/**
 * The certificate table of a signed file.
 *
 * @param entries in file order
 * @param slack bytes of the table behind the last entry
 */
public record CertificateTable(List<WinCertificate> entries, Bytes slack) {
  /** Bytes. The page hashes of a 1 GiB image, twice, fit; what is larger is no signature. */
  static final int MAX_SIZE = 32 * 1024 * 1024;

  /** UEFI files carry a handful; more is an attack on memory. */
  static final int MAX_ENTRIES = 64;

  static final CertificateTable NONE = new CertificateTable(List.of(), Bytes.EMPTY);

  public CertificateTable {
    entries = List.copyOf(entries);
  }

  /** Whether data hides in the table where no signature covers it (CVE-2013-3900). */
  public boolean hidesData() {
    return WinCertificate.hides(slack) || entries.stream().anyMatch(WinCertificate::hidesData);
  }

  static CertificateTable read(Artifact artifact, long at, long size) {
    if (size > MAX_SIZE) {
      throw PeFault.malformed(
          "The certificate table claims " + size + " bytes; more than " + MAX_SIZE + " is a lie");
    }
    var table = new Words(artifact.read(at, (int) size), at);
    var entries = new ArrayList<WinCertificate>();
    int offset = 0;
    while (size - offset >= WinCertificate.HEAD && table.u32(offset) != 0) {
      if (entries.size() == MAX_ENTRIES) {
        throw PeFault.malformed("The certificate table has more than " + MAX_ENTRIES + " entries");
      }
      int length = entryLength(table, offset, (int) size);
      entries.add(entry(table, offset, length));
      offset = Math.min(WinCertificate.padded(offset + length), (int) size);
    }
    if (entries.isEmpty()) {
      throw PeFault.malformed("The certificate table at offset " + at + " has no entry");
    }
    return new CertificateTable(entries, table.data().slice(offset, (int) size));
  }

  private static int entryLength(Words table, int offset, int size) {
    long length = table.u32(offset);
    if (length <= WinCertificate.HEAD || length > size - offset) {
      throw PeFault.malformed(
          "The certificate entry at offset "
              + (table.base() + offset)
              + " claims "
              + length
              + " bytes; between 9 and "
              + (size - offset)
              + " are possible");
    }
    return (int) length;
  }

  private static WinCertificate entry(Words table, int offset, int length) {
    Bytes body = table.data().slice(offset + WinCertificate.HEAD, offset + length);
    int type = table.u16(offset + 6);
    int end = type == WinCertificate.PKCS_SIGNED_DATA ? Der.leadingSize(body) : body.size();
    return new WinCertificate(
        table.base() + offset,
        table.u16(offset + 4),
        type,
        body.slice(0, end),
        body.slice(end, body.size()));
  }
}
