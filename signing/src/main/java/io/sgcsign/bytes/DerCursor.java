// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bytes;

import java.util.Optional;

/** Walks over the elements of a structure, in order. Not thread-safe. */
public final class DerCursor {
  private final byte[] data;
  private final int to;
  private int at;

  DerCursor(byte[] data, int from, int to) {
    this.data = data;
    this.at = from;
    this.to = to;
  }

  public boolean hasNext() {
    return at < to;
  }

  /**
   * The next element.
   *
   * @throws DerException if there is none
   */
  public Der next() {
    Der element = Der.at(data, at, to, 0);
    at = element.end();
    return element;
  }

  /** The next element, which must have {@code tag}. */
  public Der next(int tag) {
    return next().expect(tag);
  }

  /** The next element if it has {@code tag}. */
  public Optional<Der> optional(int tag) {
    return hasNext() && (data[at] & 0xff) == tag ? Optional.of(next()) : Optional.empty();
  }

  /** Insists that nothing is left. */
  public void end() {
    if (hasNext()) {
      throw new DerException("Something follows at " + at + " that does not belong there");
    }
  }
}
