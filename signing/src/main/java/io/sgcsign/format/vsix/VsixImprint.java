// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.ImprintCheck;
import io.sgcsign.format.Options;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm.Scheme;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.Imprint.NamedDigest;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SigningContext;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Holds a client's imprint against what {@link VsixFormat#sign} can have made. */
final class VsixImprint {
  /** A part's name and content type, as references have them. */
  private static final Pattern PART =
      Pattern.compile(
          "(/[\\w.~!$&'()*+,;=:@/%-]{1,3072})\\?ContentType=[\\w!#$^.+-]+/[\\w!#$^.+-]+");

  /** The fact that says what time the Object has. */
  static final String TIME = "time";

  /** How old the context of a client may be: a run over many files takes it once. */
  private static final Duration MAX_APART = Duration.ofDays(1);

  private VsixImprint() {}

  /** The Object the imprint stands for, built anew. */
  static PackageObject check(
      FormatDescriptor format, Imprint imprint, Options options, SigningContext context) {
    DigestAlgorithm hash = imprint.digest().algorithm();
    ImprintCheck.insist(format, imprint, options, context);
    require(
        imprint.facts().keySet().equals(Set.of(TIME)), "An imprint of an extension has one fact");
    require(
        context.algorithm().scheme() == Scheme.RSA_PKCS1,
        "Visual Studio takes RSA signatures with PKCS#1 padding only");
    var names = new HashSet<String>();
    for (NamedDigest part : imprint.parts()) {
      var name = PART.matcher(part.name());
      require(name.matches(), "A part has no name that a reference can have");
      require(
          names.add(name.group(1).toLowerCase(Locale.ROOT)),
          "The part " + part.name() + " is twice");
      require(part.digest().algorithm() == hash, "The part " + part.name() + " has another digest");
    }
    var object = new PackageObject(imprint.parts(), time(imprint, context));
    require(
        object.digest(hash).equals(imprint.digest()), "The digest is not that of the parts named");
    return object;
  }

  /** The time the client wrote into the Object: that of the context it was given before. */
  private static Instant time(Imprint imprint, SigningContext context) {
    try {
      Instant time = Instant.parse(String.valueOf(imprint.facts().get(TIME)));
      Duration apart = Duration.between(time, context.time()).abs();
      require(apart.compareTo(MAX_APART) <= 0, "The time in the Object is not now");
      return time;
    } catch (DateTimeParseException e) {
      throw new ImprintException("The time in the Object is none: " + e.getMessage());
    }
  }
}
