// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.verify.CmsStructure.Algorithm;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * What a time-stamp token says (RFC 3161 §2.4.2).
 *
 * @param policy OID the authority stamped under
 * @param digestOid of the imprint
 * @param imprint what was stamped
 */
public record TstInfo(
    String policy,
    String digestOid,
    Bytes imprint,
    BigInteger serial,
    Instant time,
    Optional<BigInteger> nonce) {

  /**
   * Reads the content of a token.
   *
   * @throws DerException if it is no TSTInfo
   */
  static TstInfo parse(Bytes der) {
    DerCursor fields = Der.checked(der).sequence();
    if (!fields.next().integer().equals(BigInteger.ONE)) {
      throw new DerException("The version of the time stamp is unknown");
    }
    String policy = fields.next(Der.OID).oid();
    DerCursor imprint = fields.next().sequence();
    String digestOid = Algorithm.of(imprint.next()).oid();
    Bytes hashed = imprint.next().octets();
    imprint.end();
    BigInteger serial = fields.next().integer();
    Instant time = fields.next(Der.GENERALIZED_TIME).time();
    var _ = fields.optional(Der.SEQUENCE); // accuracy
    var _ = fields.optional(Der.BOOLEAN); // ordering
    Optional<BigInteger> nonce = fields.optional(Der.INTEGER).map(Der::integer);
    var _ = fields.optional(0xa0); // tsa: a name that nothing proves
    var _ = fields.optional(0xa1); // extensions
    fields.end();
    return new TstInfo(policy, digestOid, hashed, serial, time, nonce);
  }
}
