// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.artifact.ArtifactException;

/** The ways a compound file can be unfit: one factory a code. */
final class CfbFault {
  private CfbFault() {}

  static ArtifactException unrecognised(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-UNRECOGNISED",
        message,
        "Windows Installer packages (msi, msp, msm, mst) are compound files.");
  }

  static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Build the file again and check that no tool changed it afterwards.");
  }

  static ArtifactException tooLarge(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-TOO-LARGE", message, "Move data out of the file, into cabinets beside it.");
  }
}
