// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.format.Options;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SigningContext;
import java.util.Map;

/** Holds a client's imprint against what {@link NugetFormat#sign} can have made. */
final class NugetImprint {
  /** The fact that tells what is signed. */
  static final String ROLE = "role";

  static final String COUNTER = "counter";

  private NugetImprint() {}

  static void check(Imprint imprint, Options options, SigningContext context) {
    require(
        imprint.format().equals(NugetFormat.NAME)
            && NugetFormat.KINDS.stream().anyMatch(k -> k.name().equals(imprint.kind())),
        "The imprint is of "
            + imprint.format()
            + "/"
            + imprint.kind()
            + ", not of a NuGet package");
    String hash = imprint.digest().algorithm().wireName();
    require(
        options.choices(NugetFormat.HASH).contains(hash),
        "The imprint has a " + hash + " digest, which the option hash does not name");
    require(
        imprint.artifact().algorithm() == DigestAlgorithm.SHA256,
        "The artifact's digest is not SHA-256");
    require(
        imprint.signer().equals(context.chain().fingerprint()),
        "The imprint was made for another signing certificate");
    require(
        imprint.parts().isEmpty() && (imprint.facts().isEmpty() || counters(imprint)),
        "An imprint of a NuGet package has no parts, and no fact but " + ROLE + "=" + COUNTER);
    require(
        !counters(imprint) || Repository.of(options).isPresent(),
        "Only a repository countersigns: the option service_index is missing");
    require(
        context.algorithm().scheme() == SignatureAlgorithm.Scheme.RSA_PKCS1,
        "NuGet takes RSA signatures with PKCS#1 padding only");
  }

  /** Whether the digest is that of an author's signature value, not of a package. */
  static boolean counters(Imprint imprint) {
    return imprint.facts().equals(Map.of(ROLE, COUNTER));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new ImprintException(message);
    }
  }
}
