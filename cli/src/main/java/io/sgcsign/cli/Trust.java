// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.PemFile;
import io.sgcsign.cli.api.Providers;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationPolicy.StampTrust;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom a verification trusts. */
final class Trust {
  private static final String SERVER = "server";
  private static final String SYSTEM = "system";

  private final ServerAccess access;
  private final World world;
  private final Console console;
  private final List<X509Certificate> anchors = new ArrayList<>();
  private final List<X509Certificate> own = new ArrayList<>();
  private final List<X509Certificate> intermediates = new ArrayList<>();
  private StampTrust stamps = StampTrust.REQUIRED;

  Trust(ServerAccess access, World world, Console console) {
    this.access = access;
    this.world = world;
    this.console = console;
  }

  /**
   * The policy.
   *
   * @param words of {@code --trust}; none: the server if there is one, else the root file
   */
  VerificationPolicy policy(List<String> words, Instant time) {
    Optional<String> rootFile = world.variable("SGCSIGN_ROOT_FILE");
    List<String> all = words.isEmpty() ? defaults(rootFile) : words;
    for (String word : all) {
      switch (word) {
        case SERVER -> server();
        case SYSTEM -> anchors.addAll(system());
        default -> anchors.addAll(PemFile.read(world.path(word), "--trust"));
      }
    }
    rootFile.ifPresent(f -> anchors.addAll(PemFile.read(world.path(f), "SGCSIGN_ROOT_FILE")));
    return new VerificationPolicy(anchors, own, time, Set.of(), intermediates, stamps);
  }

  private List<String> defaults(Optional<String> rootFile) {
    boolean server = access.address().isPresent() && access.credential().isPresent();
    if (!server && rootFile.isEmpty()) {
      throw Failure.usage(
              "There is nobody to trust",
              access.address().isPresent()
                  ? "the server tells its certificates only to those with an API key or a log-in"
                  : "no server is set, whose certificates would count",
              "Set SGCSIGN_SERVER and SGCSIGN_APIKEY, or add --trust FILE.pem or --trust system.")
          .exception();
    }
    return server ? List.of(SERVER) : List.of();
  }

  /** The ends of all chains, as the server itself does under {@code trust=server}. */
  private void server() {
    ApiClient api = access.client(ServerAccess.Need.ANYBODY, ServerAccess.LONG);
    var providers = new Providers(api);
    for (Providers.Provider provider : providers.list()) {
      try {
        CertificateChain chain = providers.chain(provider.name());
        own.add(chain.certificates().getLast());
        intermediates.addAll(chain.certificates());
      } catch (FailureException e) {
        if (provider.ready()) {
          throw e;
        }
        console.warning("provider " + provider.name() + " is not ready: not trusted now");
      }
    }
    anchors.addAll(own);
    // the server does not tell whom it trusts for time stamps: without an anchor a stamp counts
    // for nothing, but does not spoil a signature that is good today
    stamps = StampTrust.OPTIONAL;
  }

  private static List<X509Certificate> system() {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .flatMap(m -> Arrays.stream(m.getAcceptedIssuers()))
          .toList();
    } catch (GeneralSecurityException e) {
      throw Failure.usage(
              "The system's authorities cannot be read", e.toString(), "Use --trust FILE.pem.")
          .exception();
    }
  }
}
