// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.pki.Digest;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.Verdict;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges a publish folder: both manifests, that the first names the second, and every file that is
 * named.
 */
final class FolderVerification {
  private final PublishFolder folder;
  private final VerificationPolicy policy;
  private final ManifestVerification manifests;

  FolderVerification(PublishFolder folder, VerificationPolicy policy) {
    this.folder = folder;
    this.policy = policy;
    this.manifests = new ManifestVerification(policy);
  }

  VerificationReport verify() {
    Manifest deployment = folder.deployment().manifest();
    Manifest application = folder.application().manifest();
    var checks = new ArrayList<Check>();
    checks.add(new Check(CheckName.STRUCTURE, Outcome.PASSED, true, deployment.summary()));
    if (!deployment.signed() && !application.signed()) {
      return new VerificationReport(ClickOnceFormat.NAME, Status.UNSIGNED, List.of(), checks)
          .with(deployment.facts());
    }
    checks.add(deployed(deployment, application));
    checks.add(files());
    checks.add(strangers());
    var signatures = List.of(signature("0", deployment), signature("0.application.0", application));
    var statuses = new ArrayList<>(signatures.stream().map(SignatureReport::status).toList());
    statuses.add(Verdict.of(checks));
    return new VerificationReport(ClickOnceFormat.NAME, Verdict.worst(statuses), signatures, checks)
        .with(deployment.facts());
  }

  private SignatureReport signature(String path, Manifest manifest) {
    return manifest.signed()
        ? manifests.judge(path, manifest)
        : CmsVerifier.unreadable(path, "Not signed: " + manifest.summary());
  }

  /** The deployment manifest is for this very application manifest. */
  private static Check deployed(Manifest deployment, Manifest application) {
    Reference reference = Reference.deployed(deployment).orElseThrow();
    if (!Manifest.attributes(reference.identity()).equals(application.identityAttributes())) {
      return Check.failed(
          CheckName.METADATA,
          "The deployment manifest names another identity than the application");
    }
    Bytes content = application.document().content();
    return reference.size().equals(Integer.toString(content.size()))
            && reference.says(Digest.of(reference.digest().algorithm(), content))
        ? Check.passed(CheckName.METADATA)
        : Check.failed(
            CheckName.METADATA, "The deployment manifest names another application manifest");
  }

  private Check files() {
    try {
      for (Reference reference : folder.references()) {
        Optional<ZipEntry> entry = folder.file(reference);
        if (entry.isEmpty()) {
          return changed(reference.path() + " is missing");
        }
        Digest said = reference.digest();
        if (!reference.size().equals(Long.toString(entry.get().size()))
            || !folder.digest(entry.get(), said.algorithm()).equals(said)) {
          return changed(reference.path() + " was changed");
        }
      }
      return new Payload(folder)
          .broken(policy)
          .map(FolderVerification::changed)
          .orElse(Check.passed(CheckName.CONTENT_DIGEST));
    } catch (ArtifactException e) {
      return changed(String.valueOf(e.getMessage()));
    }
  }

  private static Check changed(String detail) {
    return Check.failed(CheckName.CONTENT_DIGEST, detail);
  }

  /** Files that come along and that no manifest vouches for. */
  private Check strangers() {
    Set<ZipEntry> known = new HashSet<>(folder.copies());
    known.add(folder.deployment().entry());
    known.add(folder.application().entry());
    folder.references().forEach(r -> folder.file(r).ifPresent(known::add));
    List<String> others =
        folder.zip().entries().stream()
            .filter(e -> !e.folder() && !known.contains(e))
            .map(ZipEntry::name)
            .toList();
    return others.isEmpty()
        ? Check.passed(CheckName.HIDDEN_DATA)
        : Check.warned(
            CheckName.HIDDEN_DATA,
            "%d files are named by no manifest, such as %s"
                .formatted(others.size(), others.getFirst()));
  }
}
