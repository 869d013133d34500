// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import io.sgcsign.artifact.ArtifactException;

/** The ways a cabinet can be unfit: one factory a code, so that codes and hints stay together. */
final class CabFault {
  private CabFault() {}

  static ArtifactException unrecognised() {
    return new ArtifactException(
        "SGC-ARTIFACT-UNRECOGNISED",
        "The file does not begin with MSCF: it is no cabinet",
        "Check what the build step before wrote.");
  }

  static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        message,
        "Build the cabinet again and check that no tool changed it afterwards.");
  }

  static ArtifactException hidden(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-HIDDEN-DATA",
        message,
        "Build the cabinet again; nothing may follow it but its signature.");
  }

  static ArtifactException partOfASet() {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        "The cabinet is one of a set that spans several files",
        "Make one cabinet (for makecab: .Set MaxDiskSize=0), then sign it.");
  }

  static ArtifactException otherReserve(long reserve) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED",
        "The cabinet reserves space for something else than a signature (0x%08x)"
            .formatted(reserve),
        "Build it without reserved space (for makecab: no ReservePer… lines), then sign it.");
  }

  static ArtifactException tooLarge(long size) {
    return new ArtifactException(
        "SGC-ARTIFACT-TOO-LARGE",
        "The signed cabinet would have " + size + " bytes; its offsets end at 4 GiB",
        "Make several cabinets.");
  }
}
