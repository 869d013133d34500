// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Digests;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/**
 * What one pass over a cabinet found.
 *
 * @param digests of what a signature covers
 * @param artifact SHA-256 of the file as it stands, if it was asked for
 */
public record CabScan(CabFile file, Digests digests, Optional<Digest> artifact) {
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
    private final Optional<MessageDigest> whole;

    Pass(Set<DigestAlgorithm> algorithms, boolean wholeFile) {
      content = Digests.of(algorithms);
      whole = wholeFile ? Optional.of(DigestAlgorithm.SHA256.newMessageDigest()) : Optional.empty();
    }

    /** Covered bytes that do not stand in the file like this. */
    void content(Bytes bytes) {
      content.update(bytes);
    }

    /** Bytes of the file that are not covered. */
    void whole(Artifact artifact, long from, long to) {
      whole.ifPresent(state -> artifact.stream(from, to, state::update));
    }

    /** Bytes of the file that are covered as they stand. */
    void both(Artifact artifact, long from, long to) {
      artifact.stream(
          from,
          to,
          (buffer, offset, length) -> {
            content.update(buffer, offset, length);
            whole.ifPresent(state -> state.update(buffer, offset, length));
          });
    }

    CabScan end(CabFile file) {
      return new CabScan(
          file,
          content.finish(),
          whole.map(s -> new Digest(DigestAlgorithm.SHA256, Bytes.wrap(s.digest()))));
    }
  }
}
