// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import java.util.List;

/** An opened provider. Thread-safe. */
public interface KeySession extends AutoCloseable {
  /**
   * The keys it gives, the chosen one first.
   *
   * @throws KeyException if they cannot be had now
   */
  List<SigningKey> keys();

  SessionState state();

  @Override
  void close();

  /**
   * Whether it can be used.
   *
   * @param detail for people; empty when all is well
   */
  record SessionState(boolean ready, String detail) {
    public static final SessionState READY = new SessionState(true, "");
  }
}
