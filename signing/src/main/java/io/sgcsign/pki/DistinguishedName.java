// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/** Prints names as the API does: RFC 4514 order, separated by {@code ", "}. */
public final class DistinguishedName {
  private DistinguishedName() {}

  public static String format(X500Principal name) {
    String rfc2253 = name.getName(X500Principal.RFC2253);
    try {
      var rdns = new LdapName(rfc2253).getRdns();
      var out = new StringBuilder();
      for (int i = rdns.size() - 1; i >= 0; i--) {
        out.append(out.isEmpty() ? "" : ", ").append(rdns.get(i));
      }
      return out.toString();
    } catch (InvalidNameException e) {
      return rfc2253;
    }
  }
}
