// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.ImprintCheck;
import io.sgcsign.format.Options;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import java.util.Map;

/** Holds a client's imprint against what {@link NugetFormat#sign} can have made. */
final class NugetImprint {
  /** The fact that tells what is signed. */
  static final String ROLE = "role";

  static final String COUNTER = "counter";

  private NugetImprint() {}

  static void check(
      FormatDescriptor format, Imprint imprint, Options options, SigningContext context) {
    ImprintCheck.insist(format, imprint, options, context);
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
}
