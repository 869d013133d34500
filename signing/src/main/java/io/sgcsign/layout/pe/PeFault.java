// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.ArtifactException;

/** The ways a PE file can be unfit: one factory a code, so that codes and hints stay together. */
final class PeFault {
  private PeFault() {}

  static ArtifactException empty() {
    return new ArtifactException(
        "SGC-ARTIFACT-EMPTY", "The file has no bytes", "Send the file's content.");
  }

  static ArtifactException unrecognised(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-UNRECOGNISED",
        message,
        "Authenticode here takes PE files: exe, dll, sys, ocx, efi.");
  }

  static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Build the file again and check that no tool changed it afterwards.");
  }

  static ArtifactException hidden(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-HIDDEN-DATA",
        message,
        "Take the old signature off (or build the file again), then sign it.");
  }

  static ArtifactException tooLarge(long size) {
    return new ArtifactException(
        "SGC-ARTIFACT-TOO-LARGE",
        "The file has " + size + " bytes; offsets in a PE file end at " + PeFile.MAX_SIZE,
        "Move data out of the file, for example into a file beside it.");
  }
}
