// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.util.List;

/** Judges the Authenticode signatures of a PE file. */
final class AuthenticodeVerification {
  private AuthenticodeVerification() {}

  static VerificationReport verify(Artifact artifact, VerificationPolicy policy) {
    Status status = PeFile.parse(artifact).signed() ? Status.INDETERMINATE : Status.UNSIGNED;
    return new VerificationReport(AuthenticodeFormat.NAME, status, List.of(), List.of());
  }
}
