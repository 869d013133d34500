// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.bytes.Bytes;
import java.util.List;

/**
 * An entry of the certificate table (PE/COFF specification, "The Attribute Certificate Table").
 *
 * @param offset where the entry begins in the file
 * @param revision 0x0200 is what everybody writes
 * @param type 2 is PKCS#7 SignedData
 * @param content bCertificate without padding that belongs to the entry's alignment
 * @param slack bytes of the entry behind the DER structure: zeros up to the next multiple of 8 in
 *     an honest file
 */
public record WinCertificate(long offset, int revision, int type, Bytes content, Bytes slack) {
  public static final int REVISION_2 = 0x0200;
  public static final int PKCS_SIGNED_DATA = 2;
  static final int HEAD = 8;
  static final int ALIGNMENT = 8;

  /** Whether {@link #content} is an Authenticode signature. */
  public boolean signedData() {
    return type == PKCS_SIGNED_DATA;
  }

  /** Where the entry ends in the file; the next begins at the next multiple of 8. */
  public long end() {
    return offset + HEAD + content.size() + slack.size();
  }

  /** Whether data hides behind the signature, where nothing covers it (CVE-2013-3900). */
  public boolean hidesData() {
    return hides(slack);
  }

  static boolean hides(Bytes slack) {
    return slack.size() >= ALIGNMENT || !zero(slack);
  }

  private static boolean zero(Bytes bytes) {
    for (int i = 0; i < bytes.size(); i++) {
      if (bytes.at(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /** A certificate table of PKCS#7 entries, each padded with zeros to a multiple of 8. */
  static Bytes table(List<Bytes> signatures) {
    var parts = new Bytes[signatures.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = entry(signatures.get(i));
    }
    return Bytes.concat(parts);
  }

  private static Bytes entry(Bytes content) {
    int length = padded(HEAD + content.size());
    byte[] out = new byte[length];
    Words.putU32(out, 0, length);
    Words.putU32(out, 4, ((long) PKCS_SIGNED_DATA << 16) | REVISION_2);
    content.copyTo(0, out, HEAD, content.size());
    return Bytes.wrap(out);
  }

  static int padded(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
