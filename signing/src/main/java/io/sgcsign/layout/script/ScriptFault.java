// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

import io.sgcsign.artifact.ArtifactException;

/** The ways a script can be unfit: one factory a code. */
final class ScriptFault {
  private ScriptFault() {}

  static ArtifactException empty() {
    return new ArtifactException(
        "SGC-ARTIFACT-EMPTY", "The script has no text", "Send the file's content.");
  }

  static ArtifactException encoding(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Save the script as UTF-8 or UTF-16, with a byte order mark.");
  }

  static ArtifactException block(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Delete the damaged signature block with an editor, then sign the script.");
  }

  static ArtifactException noJob() {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        "The Windows script file has no </job>, before which its signature would stand",
        "Check that the file was built and transferred completely.");
  }

  static ArtifactException hidden(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-HIDDEN-DATA",
        message,
        "Take the old signature off (or delete what follows it), then sign the script.");
  }

  static ArtifactException tooLarge(long size) {
    return new ArtifactException(
        "SGC-ARTIFACT-TOO-LARGE",
        "The script has " + size + " bytes; Windows counts their characters in 31 bits",
        "Move data out of the script, for example into a file beside it.");
  }
}
