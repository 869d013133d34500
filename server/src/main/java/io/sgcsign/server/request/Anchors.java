// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.key.KeyException;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.verify.VerificationPolicy;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom the server trusts: the ends of its own providers' chains and the configured anchors.
 *
 * @param configured of {@code trust.anchors_file} and the authorities' {@code anchors_file}
 */
public record Anchors(KeyRing keys, List<X509Certificate> configured) {
  public Anchors {
    configured = List.copyOf(configured);
  }

  /** The policy of {@code trust=server}. */
  public VerificationPolicy policy(Instant time) {
    List<X509Certificate> own = ownAnchors();
    var all = new ArrayList<>(configured);
    all.addAll(own);
    return new VerificationPolicy(all, own, time, Set.of(), List.of());
  }

  /** The last certificate of every provider's chain. */
  List<X509Certificate> ownAnchors() {
    return keys.slots().stream().flatMap(s -> top(s).stream()).toList();
  }

  private static Optional<X509Certificate> top(KeyRing.Slot slot) {
    try {
      return slot.key().map(SigningKey::chain).map(Anchors::top);
    } catch (KeyException _) {
      return Optional.empty(); // a provider that cannot be asked now gives no anchor now
    }
  }

  static X509Certificate top(CertificateChain chain) {
    return chain.certificates().getLast();
  }
}
