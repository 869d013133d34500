// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A key and its certificates in PEM files (RFC 7468), together or apart. */
final class PemProvider implements KeyProvider {
  private static final ProviderDescriptor DESCRIPTOR =
      new ProviderDescriptor(
          "PEM",
          "PEM files",
          true,
          true,
          List.of(
              new ProviderDescriptor.Param(
                  "cert_file", true, false, true, "The certificate, and its issuers if you like."),
              new ProviderDescriptor.Param(
                  "key_file", false, false, true, "The private key; left out: it is in cert_file."),
              new ProviderDescriptor.Param(
                  "chain_file", false, false, true, "Certificates of the issuers."),
              new ProviderDescriptor.Param(
                  "password", false, true, false, "The password of an encrypted private key.")));

  @Override
  public ProviderDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public KeySession open(Params params, KeyEnvironment environment) {
    Path certificate =
        params
            .path("cert_file")
            .orElseThrow(() ->
                new KeyException(
                    "A PEM provider needs the parameter cert_file", "Add \"cert_file\"."));
    List<KeyFile> files =
        Stream.of(
                Stream.of(certificate),
                params.path("key_file").stream(),
                params.path("chain_file").stream())
            .flatMap(s -> s)
            .distinct()
            .map(KeyFile::new)
            .toList();
    var reader = new PemReader(files, params.secret("password"));
    return new FileKeySession(
        files, () -> reader.read().toSigningKey(environment.backend()), environment.clock());
  }
}
