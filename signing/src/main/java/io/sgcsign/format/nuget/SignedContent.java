// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.List;

/**
 * What a package signature says about the package (NuGet Package Signatures Technical
 * Specification, "Signature content"): a version and one digest, as text.
 */
final class SignedContent {
  /** id-data (RFC 5652 §4). */
  static final String TYPE = "1.2.840.113549.1.7.1";

  private static final String VERSION = "Version:1";
  private static final String HASH = "-Hash:";

  private SignedContent() {}

  static Bytes of(Digest digest) {
    return Bytes.utf8(
        VERSION + "\n\n" + digest.algorithm().oid() + HASH + digest.value().toBase64() + "\n\n");
  }

  /**
   * Reads the digest.
   *
   * @throws DerException if it is anything else than a version 1 text with one digest
   */
  static Digest parse(Bytes content) {
    List<String> lines = content.toUtf8().replace("\r\n", "\n").lines().toList();
    boolean shaped =
        lines.size() == 4
            && lines.get(0).equals(VERSION)
            && lines.get(1).isEmpty()
            && lines.get(2).contains(HASH)
            && lines.get(3).isEmpty();
    if (!shaped) {
      throw new DerException("The signed text is not that of a NuGet package");
    }
    int colon = lines.get(2).indexOf(HASH);
    String oid = lines.get(2).substring(0, colon);
    DigestAlgorithm algorithm =
        DigestAlgorithm.byOid(oid)
            .filter(a -> a != DigestAlgorithm.SHA1)
            .orElseThrow(() -> new DerException("NuGet has no packages with digests " + oid));
    try {
      return new Digest(algorithm, Bytes.fromBase64(lines.get(2).substring(colon + HASH.length())));
    } catch (IllegalArgumentException e) {
      throw new DerException("The digest in the signed text is malformed");
    }
  }
}
