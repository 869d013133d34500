// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.VerificationReport.Check;
import java.util.Optional;

/**
 * What an Authenticode signature says about a file: SpcIndirectDataContent (Windows Authenticode
 * Portable Executable Signature Format, "Appendix 1"), read.
 *
 * @param type OID of the kind of file
 * @param value DER of what the kind of file adds
 * @param digestOid of the content digest
 */
record SpcContent(String type, Optional<Bytes> value, String digestOid, Bytes digest) {
  /**
   * Reads the content of a signature.
   *
   * @throws DerException if it is no Authenticode signature
   */
  static SpcContent of(CmsStructure cms) {
    if (!cms.contentType().equals(SpcIndirectData.CONTENT_TYPE)) {
      throw new DerException("The signature is no Authenticode, but " + cms.contentType());
    }
    return parse(cms.content().orElseThrow(() -> new DerException("It has no content")));
  }

  private static SpcContent parse(Bytes der) {
    DerCursor content = Der.checked(der).sequence();
    DerCursor data = content.next().sequence();
    String type = data.next(Der.OID).oid();
    Optional<Bytes> value = data.hasNext() ? Optional.of(data.next().encoded()) : Optional.empty();
    data.end();
    DerCursor info = content.next().sequence();
    DerCursor algorithm = info.next().sequence();
    String digestOid = algorithm.next(Der.OID).oid();
    var _ = algorithm.optional(Der.NULL);
    algorithm.end();
    Bytes digest = info.next(Der.OCTET_STRING).octets();
    info.end();
    content.end();
    return new SpcContent(type, value, digestOid, digest);
  }

  Optional<DigestAlgorithm> algorithm() {
    return DigestAlgorithm.byOid(digestOid);
  }

  /** Whether the digest is that of the file. */
  Check digestCheck(AuthenticodeSubject.Scan scan) {
    if (algorithm().isEmpty()) {
      return Check.failed(CheckName.CONTENT_DIGEST, "The digest " + digestOid + " is unknown");
    }
    return scan.digest(algorithm().get()).value().equals(digest)
        ? Check.passed(CheckName.CONTENT_DIGEST)
        : Check.failed(CheckName.CONTENT_DIGEST, "The file was changed after it was signed");
  }
}
