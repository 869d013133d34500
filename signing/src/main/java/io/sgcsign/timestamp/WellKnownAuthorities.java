// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * Public RFC 3161 authorities of certificate authorities in the Microsoft and Adobe root
 * programmes: what {@code timestamping.allowed} holds unless it is set.
 */
public final class WellKnownAuthorities {
  public static final List<URI> ALL =
      Stream.of(
              "http://timestamp.digicert.com",
              "http://timestamp.sectigo.com",
              "http://timestamp.sectigo.com/qualified",
              "http://timestamp.globalsign.com/tsa/r6advanced1",
              "http://timestamp.globalsign.com/tsa/r45standard",
              "http://rfc3161timestamp.globalsign.com/advanced",
              "http://timestamp.acs.microsoft.com",
              "http://timestamp.acs.microsoft.com/timestamping/RFC3161",
              "http://ts.ssl.com",
              "http://ts.ssl.com/legacy",
              "http://time.certum.pl",
              "http://timestamp.entrust.net/TSS/RFC3161sha2TS",
              "http://ts.quovadisglobal.com/eu",
              "http://ts.quovadisglobal.com/ch",
              "http://tsa.swisssign.net",
              "http://zeitstempel.dfn.de",
              "http://timestamp.apple.com/ts01")
          .map(URI::create)
          .toList();

  private WellKnownAuthorities() {}
}
