// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SigningContext;
import java.nio.charset.StandardCharsets;

/** Holds a client's imprint against what {@link AuthenticodeFormat#sign} can have made. */
final class AuthenticodeImprint {
  private AuthenticodeImprint() {}

  static void check(String format, Imprint imprint, Options options, SigningContext context) {
    require(
        imprint.format().equals(format),
        "The imprint is of " + imprint.format() + "/" + imprint.kind() + ", not " + format);
    require(
        options.text(AuthenticodeFormat.KIND).filter(k -> !k.equals(imprint.kind())).isEmpty(),
        "The imprint is of another kind than the option says: " + imprint.kind());
    String hash = imprint.digest().algorithm().wireName();
    require(
        options.choices(AuthenticodeFormat.HASH).contains(hash),
        "The imprint has a " + hash + " digest, which the option hash does not name");
    require(
        imprint.artifact().algorithm() == DigestAlgorithm.SHA256,
        "The artifact's digest is not SHA-256");
    require(
        imprint.signer().equals(context.chain().fingerprint()),
        "The imprint was made for another signing certificate");
    String url = options.text(AuthenticodeFormat.URL).orElse("");
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(url)) {
      throw new OptionException(
          AuthenticodeFormat.URL, false, "url has characters beyond ASCII: percent-encode them");
    }
  }

  static void require(boolean holds, String message) {
    if (!holds) {
      throw new ImprintException(message);
    }
  }
}
