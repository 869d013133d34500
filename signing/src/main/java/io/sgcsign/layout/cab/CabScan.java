// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What one pass over a cabinet found.
 *
 * @param digests of what a signature covers
 * @param artifact SHA-256 of the file as it stands
 */
public record CabScan(CabFile file, Map<DigestAlgorithm, Digest> digests, Digest artifact) {
  public CabScan {
    digests = Map.copyOf(digests);
  }

  public Digest digest(DigestAlgorithm algorithm) {
    Digest digest = digests.get(algorithm);
    if (digest == null) {
      throw new IllegalArgumentException("The scan was not asked for " + algorithm);
    }
    return digest;
  }

  /** The cabinet with this signature and no other. */
  public Patch embed(Bytes cms) {
    return file.embed(cms);
  }

  /** The running state of one pass. */
  static final class Pass {
    private final Map<DigestAlgorithm, MessageDigest> content =
        new EnumMap<>(DigestAlgorithm.class);
    private final MessageDigest whole = DigestAlgorithm.SHA256.newMessageDigest();

    Pass(Set<DigestAlgorithm> algorithms) {
      algorithms.forEach(a -> content.put(a, a.newMessageDigest()));
    }

    /** Covered bytes that do not stand in the file like this. */
    void content(Bytes bytes) {
      content.values().forEach(state -> state.update(bytes.asBuffer()));
    }

    /** Bytes of the file that are not covered. */
    void whole(Artifact artifact, long from, long to) {
      artifact.stream(from, to, whole::update);
    }

    /** Bytes of the file that are covered as they stand. */
    void both(Artifact artifact, long from, long to) {
      artifact.stream(
          from,
          to,
          (buffer, offset, length) -> {
            content.values().forEach(state -> state.update(buffer, offset, length));
            whole.update(buffer, offset, length);
          });
    }

    CabScan end(CabFile file) {
      var digests = new EnumMap<DigestAlgorithm, Digest>(DigestAlgorithm.class);
      content.forEach((a, state) -> digests.put(a, new Digest(a, Bytes.wrap(state.digest()))));
      return new CabScan(
          file, digests, new Digest(DigestAlgorithm.SHA256, Bytes.wrap(whole.digest())));
    }
  }
}
