// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import io.sgcsign.artifact.ArtifactException;

/** The ways a document can be unfit: one factory a code, so that codes and hints stay together. */
final class XmlFault {
  private XmlFault() {}

  static ArtifactException empty() {
    return new ArtifactException(
        "SGC-ARTIFACT-EMPTY", "The document has no bytes", "Send the file's content.");
  }

  static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Build the file again and check that nothing changed it afterwards.");
  }

  static ArtifactException tooLarge(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-TOO-LARGE", message, "Describe fewer files in one document.");
  }
}
