// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import java.nio.charset.StandardCharsets;

/** Holds a client's imprint against what {@link AuthenticodeFormat#sign} can have made. */
final class AuthenticodeImprint {
  private AuthenticodeImprint() {}

  static void check(
      FormatDescriptor format, Imprint imprint, Options options, SigningContext context) {
    ImprintCheck.insist(format, imprint, options, context);
    require(
        options.text(AuthenticodeFormat.KIND).filter(k -> !k.equals(imprint.kind())).isEmpty(),
        "The imprint is of another kind than the option says: " + imprint.kind());
    String url = options.text(AuthenticodeFormat.URL).orElse("");
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(url)) {
      throw new OptionException(
          AuthenticodeFormat.URL, false, "url has characters beyond ASCII: percent-encode them");
    }
  }
}
