// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/** Trusted certificates, indexed by subject. Immutable; make it once and share it. */
public final class TrustStore {
  private final Set<X509Certificate> anchors;
  private final Map<X500Principal, List<X509Certificate>> bySubject;

  private TrustStore(Set<X509Certificate> anchors) {
    this.anchors = anchors;
    this.bySubject =
        anchors.stream().collect(Collectors.groupingBy(X509Certificate::getSubjectX500Principal));
  }

  public static TrustStore of(Collection<X509Certificate> anchors) {
    return new TrustStore(Set.copyOf(anchors));
  }

  /** Whether this very certificate is an anchor. */
  public boolean contains(X509Certificate certificate) {
    return anchors.contains(certificate);
  }

  public boolean isEmpty() {
    return anchors.isEmpty();
  }

  List<X509Certificate> named(X500Principal subject) {
    return bySubject.getOrDefault(subject, List.of());
  }
}
