// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.pki.Digest;

/**
 * A received file. Closing it frees its memory or deletes it.
 *
 * @param fileName what the client calls it; never used as a path
 * @param digest SHA-256
 */
record Upload(String fileName, Artifact artifact, Digest digest, Runnable free)
    implements AutoCloseable {
  @Override
  public void close() {
    artifact.close();
    free.run();
  }
}
