// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.bytes.Bytes;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Digests of one content by several algorithms, made in one pass. Immutable. */
public record Digests(Map<DigestAlgorithm, Digest> all) {
  public Digests {
    all = Map.copyOf(all);
  }

  /**
   * The digest by one algorithm.
   *
   * @throws IllegalArgumentException if it was not asked for
   */
  public Digest get(DigestAlgorithm algorithm) {
    Digest digest = all.get(algorithm);
    if (digest == null) {
      throw new IllegalArgumentException("The pass was not asked for " + algorithm);
    }
    return digest;
  }

  /** Begins a pass. */
  public static Pass of(Set<DigestAlgorithm> algorithms) {
    return new Pass(algorithms);
  }

  /** The running state of a pass. Not thread-safe; {@link #finish} ends it. */
  public static final class Pass {
    private final Map<DigestAlgorithm, MessageDigest> states = new EnumMap<>(DigestAlgorithm.class);

    private Pass(Set<DigestAlgorithm> algorithms) {
      algorithms.forEach(a -> states.put(a, a.newMessageDigest()));
    }

    public void update(byte[] buffer, int offset, int length) {
      for (MessageDigest state : states.values()) {
        state.update(buffer, offset, length);
      }
    }

    public void update(Bytes bytes) {
      for (MessageDigest state : states.values()) {
        state.update(bytes.asBuffer());
      }
    }

    public Digests finish() {
      var out = new EnumMap<DigestAlgorithm, Digest>(DigestAlgorithm.class);
      states.forEach((a, state) -> out.put(a, new Digest(a, Bytes.wrap(state.digest()))));
      return new Digests(out);
    }
  }
}
