// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import java.util.Locale;

/** The closed list of check names; docs/reference explains each. */
public enum CheckName {
  /** The file parses as its format. */
  STRUCTURE,
  /** The digest in the signature equals the digest of the file. */
  CONTENT_DIGEST,
  /** Page hashes equal the pages of the file. */
  PAGE_HASHES,
  /** Every file of a package is what its block map says. */
  BLOCK_MAP,
  /** The publisher that a package names is the subject of the signer's certificate. */
  PUBLISHER,
  /** What a directory says of names, sizes and times is what was signed. */
  METADATA,
  /** The signature value verifies under the signer's public key. */
  SIGNATURE_VALUE,
  /** The signed attributes are complete and agree with the content (RFC 5652 §5.4, §11). */
  SIGNED_ATTRIBUTES,
  /** There is a path to a trusted certificate at the time that counts. */
  CERTIFICATE_PATH,
  /** The certificate was in its life at the time that counts. */
  CERTIFICATE_VALIDITY,
  /** The certificate may sign this: EKU and key usage. */
  KEY_USAGE,
  /** No weak algorithm or short key. */
  ALGORITHMS,
  /** The time stamp's signature, imprint, path and EKU hold. */
  TIMESTAMP,
  /** The file's checksum field is right or zero. */
  CHECKSUM,
  /** No data is hidden where no signature covers it (CVE-2013-3900, CVE-2020-1464). */
  HIDDEN_DATA,
  /** Revocation of the certificates, with what is at hand. */
  REVOCATION;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
