// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Digests;
import java.security.MessageDigest;
import java.util.Set;

/**
 * What one pass over a cabinet found.
 *
 * @param digests of what a signature covers
 * @param artifact SHA-256 of the file as it stands
 */
public record CabScan(CabFile file, Digests digests, Digest artifact) {
  public Digest digest(DigestAlgorithm algorithm) {
    return digests.get(algorithm);
  }

  /** The cabinet with this signature and no other. */
  public Patch embed(Bytes cms) {
    return file.embed(cms);
  }

  /** The running state of one pass. */
  static final class Pass {
    private final Digests.Pass content;
    private final MessageDigest whole = DigestAlgorithm.SHA256.newMessageDigest();

    Pass(Set<DigestAlgorithm> algorithms) {
      content = Digests.of(algorithms);
    }

    /** Covered bytes that do not stand in the file like this. */
    void content(Bytes bytes) {
      content.update(bytes);
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
            content.update(buffer, offset, length);
            whole.update(buffer, offset, length);
          });
    }

    CabScan end(CabFile file) {
      return new CabScan(
          file, content.finish(), new Digest(DigestAlgorithm.SHA256, Bytes.wrap(whole.digest())));
    }
  }
}
