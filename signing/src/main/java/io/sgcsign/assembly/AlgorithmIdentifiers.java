// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;

/** AlgorithmIdentifiers as Windows writes and reads them. */
final class AlgorithmIdentifiers {
  private static final Bytes RSA =
      DerWriter.sequence(
          DerWriter.oid("1.2.840.113549.1.1.1"), DerWriter.nothing()); // rsaEncryption
  private static final Bytes PSS = DerWriter.oid("1.2.840.113549.1.1.10");
  private static final Bytes MGF1 = DerWriter.oid("1.2.840.113549.1.1.8");

  private AlgorithmIdentifiers() {}

  /** With NULL parameters, which PKCS#7 readers expect (RFC 5754 §2 allows both). */
  static Bytes digest(DigestAlgorithm algorithm) {
    return DerWriter.sequence(DerWriter.oid(algorithm.oid()), DerWriter.nothing());
  }

  static Bytes signature(SignatureAlgorithm algorithm) {
    return switch (algorithm.scheme()) {
      case RSA_PKCS1 -> RSA; // RFC 3370 §3.2: the digest is named beside it
      case RSA_PSS -> pss(algorithm.digest());
      case ECDSA -> DerWriter.sequence(DerWriter.oid(ecdsa(algorithm.digest()))); // RFC 5754 §3.3
    };
  }

  /** RFC 4055 §3.1; defaults (SHA-1, salt of 20, trailer 1) are left out as DER demands. */
  private static Bytes pss(DigestAlgorithm digest) {
    if (digest == DigestAlgorithm.SHA1) {
      return DerWriter.sequence(PSS, DerWriter.sequence());
    }
    Bytes hash = digest(digest);
    return DerWriter.sequence(
        PSS,
        DerWriter.sequence(
            DerWriter.explicit(0, hash),
            DerWriter.explicit(1, DerWriter.sequence(MGF1, hash)),
            DerWriter.explicit(2, DerWriter.integer(digest.length()))));
  }

  private static String ecdsa(DigestAlgorithm digest) {
    return switch (digest) {
      case SHA1 -> "1.2.840.10045.4.1";
      case SHA256 -> "1.2.840.10045.4.3.2";
      case SHA384 -> "1.2.840.10045.4.3.3";
      case SHA512 -> "1.2.840.10045.4.3.4";
    };
  }
}
