// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Secret;
import java.util.List;

/** A key in a PKCS#12 file (RFC 7292), as Windows, OpenSSL and keytool export it. */
final class PfxProvider implements KeyProvider {
  private static final ProviderDescriptor DESCRIPTOR =
      new ProviderDescriptor(
          "PFX",
          "A PKCS#12 file (.pfx, .p12)",
          true,
          true,
          List.of(
              new ProviderDescriptor.Param("file", true, false, true, "The .pfx or .p12 file."),
              new ProviderDescriptor.Param(
                  "password", false, true, false, "Its password; left out: none."),
              new ProviderDescriptor.Param(
                  "alias", false, false, false, "Which key, if the file has several.")));

  @Override
  public ProviderDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public KeySession open(Params params, KeyEnvironment environment) {
    var file =
        new KeyFile(
            params
                .path("file")
                .orElseThrow(() ->
                    new KeyException("A PFX provider needs the parameter file", "Add \"file\".")));
    Secret password = params.secret("password").orElseGet(() -> Secret.of(""));
    var reader = new PfxReader(file, password, params.text("alias"));
    return new FileKeySession(
        List.of(file),
        () -> reader.read().toSigningKey(environment.backend()),
        environment.clock());
  }
}
