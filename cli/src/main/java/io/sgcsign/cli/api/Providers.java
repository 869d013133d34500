// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.wire.ContextJson;
import io.sgcsign.wire.Members;
import io.sgcsign.wire.WireException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;

/** What the server's providers say about themselves. Thread-safe. */
public final class Providers {
  private final ApiClient api;

  public Providers(ApiClient api) {
    this.api = api;
  }

  /** A provider the caller may use. */
  public record Provider(String name, boolean ready) {}

  public List<Provider> list() {
    try {
      return new Members(api.json(Call.get("/api/v1/providers")), "")
          .objects("providers").stream()
              .map(p -> new Provider(p.text("name"), p.object().flag("ready")))
              .toList();
    } catch (WireException e) {
      throw odd(e);
    }
  }

  /** The context in which {@code provider} would sign now. */
  public SigningContext context(String provider, String format, Optional<String> hash) {
    String query = "?format=" + encode(format) + hash.map(h -> "&hash=" + encode(h)).orElse("");
    try {
      var reply = api.json(Call.get("/api/v1/providers/" + encode(provider) + "/context" + query));
      return ContextJson.read(new Members(reply, ""));
    } catch (WireException e) {
      throw odd(e);
    }
  }

  /** The provider's certificates, leaf first. */
  public CertificateChain chain(String provider) {
    String pem = api.text(Call.get("/api/v1/providers/" + encode(provider) + "/chain"));
    try {
      return new CertificateChain(PemFile.parse(pem));
    } catch (CertificateException e) {
      throw odd(e);
    }
  }

  private static RuntimeException odd(Exception e) {
    return Failure.of(
            ExitCode.UNEXPECTED,
            "The server's answer cannot be understood",
            String.valueOf(e.getMessage()),
            "Update sgcsign and the server to the same version.")
        .exception();
  }

  /** For use in a path or query. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
