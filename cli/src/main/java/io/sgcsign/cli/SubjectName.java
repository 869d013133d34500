// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** The parts of a certificate's subject. */
final class SubjectName {
  private final LdapName name;

  private SubjectName(LdapName name) {
    this.name = name;
  }

  static SubjectName of(X509Certificate certificate) {
    return of(certificate.getSubjectX500Principal());
  }

  static SubjectName of(X500Principal principal) {
    try {
      return new SubjectName(new LdapName(principal.getName(X500Principal.RFC2253)));
    } catch (InvalidNameException e) {
      throw new IllegalStateException("The JDK writes names it cannot read", e);
    }
  }

  /** The most specific value of an attribute such as {@code CN}. */
  Optional<String> part(String type) {
    for (int i = name.size() - 1; i >= 0; i--) {
      Rdn rdn = name.getRdn(i);
      if (rdn.getType().equalsIgnoreCase(type) && rdn.getValue() instanceof String value) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
