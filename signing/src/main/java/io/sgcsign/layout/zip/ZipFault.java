// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.artifact.ArtifactException;

/** The ways an archive can be unfit: one factory a code, so that codes and hints stay together. */
final class ZipFault {
  private ZipFault() {}

  static ArtifactException empty() {
    return new ArtifactException(
        "SGC-ARTIFACT-EMPTY", "The file has no bytes", "Send the file's content.");
  }

  static ArtifactException unrecognised() {
    return new ArtifactException(
        "SGC-ARTIFACT-UNRECOGNISED",
        "The file is no ZIP archive",
        "Check the file and the format in the URL.");
  }

  static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Build the archive again with a common tool and check that nothing changed it afterwards.");
  }

  static ArtifactException hidden(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-HIDDEN-DATA",
        message,
        "Build the archive again: a ZIP archive has nothing but its entries.");
  }

  static ArtifactException tooLarge(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-TOO-LARGE", message, "Build the archive smaller, without ZIP64.");
  }
}
