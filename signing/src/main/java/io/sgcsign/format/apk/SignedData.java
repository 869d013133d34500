// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.jar.SignatureFiles;
import io.sgcsign.pki.CertificateChain;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is signed: the signed data of schemes v2 to v4, the signature file of v1. A server that did
 * not see the APK signs these bytes, so they must be nothing else.
 */
final class SignedData {
  /** Bytes. That of an APK with 60,000 files. */
  static final int MAX_SIZE = 8 << 20;

  /** Attribute of v2: "v3 is there as well", which keeps v3 from being stripped. */
  private static final int STRIPPING_PROTECTION = 0xbeeff00d;

  private static final Bytes STRIPPED_V3 = Bytes.of(new byte[] {3, 0, 0, 0});

  /** Length of the content digest by signature algorithm. */
  private static final Map<Integer, Integer> DIGESTS =
      Map.of(0x0103, 32, 0x0104, 64, 0x0201, 32, 0x0202, 64);

  private static final int FIRST_V3_SDK = 24;

  private SignedData() {}

  /** The scheme these bytes are of; empty: they are something else. */
  static Optional<Scheme> schemeOf(Bytes data, CertificateChain chain) {
    for (Scheme scheme : Scheme.values()) {
      if (fault(scheme, data, chain).isEmpty()) {
        return Optional.of(scheme);
      }
    }
    return Optional.empty();
  }

  /** Why these bytes are not what {@code scheme} has signed; empty: they are. */
  static Optional<String> fault(Scheme scheme, Bytes data, CertificateChain chain) {
    if (data.size() > MAX_SIZE) {
      return Optional.of("has more than " + MAX_SIZE + " bytes");
    }
    try {
      return switch (scheme) {
        case V1 -> SignatureFiles.fault(data);
        case V2 -> v2(new Prefixed(data), chain);
        case V3 -> v3(new Prefixed(data), chain);
        case V4 -> v4(new Prefixed(data), data.size(), chain);
      };
    } catch (ArtifactException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> v2(Prefixed data, CertificateChain chain) {
    Optional<String> fault = common(data, chain);
    for (Bytes attribute : data.strings()) {
      var parts = new Prefixed(attribute);
      if (parts.number() != STRIPPING_PROTECTION || !parts.rest().equals(STRIPPED_V3)) {
        return Optional.of("has an attribute that is not known");
      }
    }
    // apksig ends it with an empty string of its own
    boolean ended = data.ended() || (data.string().isEmpty() && data.ended());
    return ended ? fault : Optional.of("has more behind its attributes");
  }

  private static Optional<String> v3(Prefixed data, CertificateChain chain) {
    Optional<String> fault = common(data, chain);
    int min = data.number();
    int max = data.number();
    if (min < FIRST_V3_SDK || max < min) {
      return Optional.of("is for the SDK versions " + min + " to " + max);
    }
    return data.strings().isEmpty() && data.ended()
        ? fault
        : Optional.of("has an attribute that is not known");
  }

  private static Optional<String> v4(Prefixed data, int length, CertificateChain chain) {
    int said = data.number();
    long size = data.wide();
    var hashing = IdSig.Hashing.read(data);
    var claim = IdSig.Claim.read(data);
    if (said != length || !data.ended() || size <= 0) {
      return Optional.of("has another length than it says");
    }
    if (!hashing.known()) {
      return Optional.of("has a hash tree that is not known");
    }
    if (!DIGESTS.containsValue(claim.apkDigest().size())) {
      return Optional.of("has a digest for an algorithm that is not known");
    }
    if (!claim.additional().isEmpty()) {
      return Optional.of("has data that is not known");
    }
    return claim.certificate().equals(CertificateChain.der(chain.leaf()))
        ? Optional.empty()
        : Optional.of("names another certificate than the signer's");
  }

  /** Digests and certificates, with which v2 and v3 begin. */
  private static Optional<String> common(Prefixed data, CertificateChain chain) {
    List<Bytes> digests = data.strings();
    if (digests.size() != 1) {
      return Optional.of("has " + digests.size() + " digests, not one");
    }
    var digest = new Prefixed(digests.getFirst());
    Integer length = DIGESTS.get(digest.number());
    if (length == null || digest.string().size() != length || !digest.ended()) {
      return Optional.of("has a digest for an algorithm that is not known");
    }
    return data.strings().equals(chain.certificates().stream().map(CertificateChain::der).toList())
        ? Optional.empty()
        : Optional.of("names other certificates than the signer's");
  }
}
