// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.jar;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Signature files as signers of other archives write them. */
public final class SignatureFiles {
  private static final Set<String> MAIN =
      Set.of("signature-version", "created-by", "sha-256-digest-manifest", "x-android-apk-signed");

  private static final Set<String> ENTRY = Set.of("name", "sha-256-digest");

  private SignatureFiles() {}

  /**
   * Why this is no signature file of digests by SHA-256; empty: it is one and nothing else.
   *
   * @throws ArtifactException if it has no sections
   */
  public static Optional<String> fault(Bytes file) {
    if (!file.toUtf8().endsWith("\r\n\r\n")) {
      return Optional.of("does not end with an empty line");
    }
    List<Section> sections = Section.parse(file, "The signature file");
    Section main = sections.getFirst();
    if (!main.attribute("Signature-Version").equals(Optional.of("1.0"))
        || !MAIN.containsAll(main.attributes().keySet())
        || main.digest("-Manifest").isEmpty()) {
      return Optional.of("is no signature file of version 1.0");
    }
    boolean digests =
        sections.stream()
            .skip(1)
            .allMatch(s -> s.attributes().keySet().equals(ENTRY) && s.digest("").isPresent());
    return digests ? Optional.empty() : Optional.of("says more of a file than its digest");
  }
}
