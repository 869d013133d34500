// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.artifact.ArtifactException;

/** The ways a package can be unfit: one factory a code, so that codes and hints stay together. */
final class AppxFault {
  private AppxFault() {}

  static ArtifactException unrecognised(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-UNRECOGNISED",
        message,
        "Sign what MakeAppx, the MSIX Packaging Tool or a build with packaging made.");
  }

  static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Pack it again with MakeAppx and change nothing in it afterwards.");
  }

  static ArtifactException hidden(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-HIDDEN-DATA",
        message,
        "Pack it again with MakeAppx: a package has nothing but its entries.");
  }
}
