// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SigningContext;

/**
 * What every format holds a client's imprint against, before it looks at what is its own: a client
 * may send anything.
 */
public final class ImprintCheck {
  private ImprintCheck() {}

  /**
   * Insists that the imprint is of this format, of a kind it has, by a digest that was asked for,
   * and made for the certificate that is to sign.
   *
   * @throws ImprintException if it is not
   */
  public static void insist(
      FormatDescriptor format, Imprint imprint, Options options, SigningContext context) {
    require(
        imprint.format().equals(format.name())
            && format.kinds().stream().anyMatch(k -> k.name().equals(imprint.kind())),
        "The imprint is of %s/%s, which is no kind of %s"
            .formatted(imprint.format(), imprint.kind(), format.name()));
    String hash = imprint.digest().algorithm().wireName();
    require(
        format.options().stream().noneMatch(o -> o.name().equals(Options.HASH))
            || options.choices(Options.HASH).contains(hash),
        "The imprint has a " + hash + " digest, which the option hash does not name");
    require(
        imprint.artifact().algorithm() == DigestAlgorithm.SHA256,
        "The artifact's digest is not SHA-256");
    require(
        imprint.signer().equals(context.chain().fingerprint()),
        "The imprint was made for another signing certificate");
  }

  /** Throws an {@link ImprintException} with this message unless it holds. */
  public static void require(boolean holds, String message) {
    if (!holds) {
      throw new ImprintException(message);
    }
  }
}
