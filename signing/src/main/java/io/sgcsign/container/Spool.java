// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.container;

import io.sgcsign.artifact.Artifact;

/** Where files go that are taken out of others, to be read once and forgotten. */
public interface Spool {
  /** Begins a file. */
  Draft begin();

  /** A file that grows. Used by one thread. */
  interface Draft extends Artifact.Sink, AutoCloseable {
    /** What was written, until the draft is closed. Nothing can be written any more. */
    Artifact finish();

    /** Gives the room back. Closing twice is closing once. */
    @Override
    void close();
  }
}
