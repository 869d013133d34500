// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cms;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whose certificates those of a SignedData are (RFC 5652 §10.2.3), by their names alone. */
public final class CertificateSet {
  private static final int CONTEXT_0 = 0xa0;

  /** Certificates of a chain: no path that is ever found is longer. */
  private static final int MAX_CHAIN = 10;

  private final List<Named> all;

  private CertificateSet(List<Named> all) {
    this.all = List.copyOf(all);
  }

  private record Named(Bytes encoded, BigInteger serial, Bytes issuer, Bytes subject) {
    static Named of(Bytes encoded) {
      DerCursor fields = Der.of(encoded).sequence().next(Der.SEQUENCE).children();
      var _ = fields.optional(CONTEXT_0);
      BigInteger serial = fields.next().integer();
      var _ = fields.next();
      Bytes issuer = fields.next(Der.SEQUENCE).encoded();
      var _ = fields.next();
      return new Named(encoded, serial, issuer, fields.next(Der.SEQUENCE).encoded());
    }
  }

  /**
   * Reads the names.
   *
   * @throws ArtifactException if one is no certificate
   */
  public static CertificateSet of(List<Bytes> certificates) {
    try {
      return new CertificateSet(certificates.stream().map(Named::of).toList());
    } catch (DerException e) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "A certificate in the signature cannot be read: " + e.getMessage(),
          "Check how the file was transferred, or sign it again.");
    }
  }

  /** The same without a root above the signer: verifiers have their own, and no use for another. */
  public List<Bytes> chainWithoutRoot(Bytes issuer, BigInteger serial) {
    List<Bytes> chain = chain(issuer, serial);
    return chain.stream().filter(c -> c.equals(chain.getFirst()) || !isRoot(c)).toList();
  }

  private static boolean isRoot(Bytes certificate) {
    Named named = Named.of(certificate);
    return named.issuer().equals(named.subject());
  }

  /** A signer's certificate and those above it, as far as they are here: no more than ten. */
  public List<Bytes> chain(Bytes issuer, BigInteger serial) {
    var chain = new ArrayList<Bytes>();
    Optional<Named> next =
        all.stream()
            .filter(c -> c.serial().equals(serial) && c.issuer().equals(issuer))
            .findFirst();
    while (next.isPresent() && chain.size() < MAX_CHAIN && !chain.contains(next.get().encoded())) {
      Named current = next.get();
      chain.add(current.encoded());
      next =
          all.stream()
              .filter(c -> !chain.contains(c.encoded()) && c.subject().equals(current.issuer()))
              .findFirst();
    }
    return chain;
  }
}
