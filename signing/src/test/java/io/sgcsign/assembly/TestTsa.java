// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** Makes token issuers over keys in memory. */
public final class TestTsa {
  private TestTsa() {}

  public static TokenIssuer of(Issued issued, InstantSource clock) {
    var random = new SecureRandom();
    var backend = CryptoBackend.jdk(random);
    var key = SoftwareKey.of(issued.chain(), issued.keys().getPrivate(), backend);
    var settings =
        new TokenIssuer.Settings(
            "2.999.3161", Duration.ofSeconds(1), Set.of(DigestAlgorithm.values()));
    return new TokenIssuer(new SignatureAssembler(backend), key, settings, clock, random);
  }
}
