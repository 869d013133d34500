// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The kinds of files one endpoint name takes: where a new kind of Authenticode files is added.
 * Those told by content come before those that need a name.
 */
record AuthenticodeKinds(List<AuthenticodeKind> all) {
  static final AuthenticodeKinds AUTHENTICODE =
      new AuthenticodeKinds(
          List.of(
              new PeKind(),
              new BurnKind(),
              new MsiKind(),
              new CabKind(),
              new CatalogKind(),
              new MsixKind(),
              ScriptKind.SCRIPT_HOST));
  static final AuthenticodeKinds POWERSHELL = new AuthenticodeKinds(List.of(ScriptKind.POWERSHELL));

  AuthenticodeKinds {
    all = List.copyOf(all);
  }

  List<FormatDescriptor.Kind> kinds() {
    return all.stream().flatMap(k -> k.kinds().stream()).toList();
  }

  List<Option> options() {
    return all.stream().flatMap(k -> k.options().stream()).toList();
  }

  List<String> facts() {
    return all.stream().flatMap(k -> k.facts().stream()).toList();
  }

  /** The most key uses one file can need for each digest. */
  int asks() {
    return all.stream().mapToInt(AuthenticodeKind::asks).max().orElse(1);
  }

  Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return all.stream().flatMap(k -> k.recognise(artifact, nameHint).stream()).findFirst();
  }

  /** Who knows the kind of this name. */
  Optional<AuthenticodeKind> byName(String kind) {
    return all.stream().filter(k -> named(k, kind).isPresent()).findFirst();
  }

  /**
   * Reads a file.
   *
   * @param said what the caller says it is; empty: its content decides
   * @throws ArtifactException if it is of no kind here or damaged
   */
  AuthenticodeSubject open(Artifact artifact, Optional<String> said) {
    if (said.isPresent()) {
      AuthenticodeKind kind = byName(said.get()).orElseThrow();
      return kind.open(artifact, named(kind, said.get()).orElseThrow());
    }
    for (AuthenticodeKind kind : all) {
      Optional<FormatDescriptor.Kind> found = kind.recognise(artifact, "");
      if (found.isPresent()) {
        return kind.open(artifact, found.get());
      }
    }
    for (AuthenticodeKind kind : all) {
      if (kind.begins(artifact)) {
        return kind.open(artifact, kind.kinds().getFirst());
      }
    }
    throw unrecognised(artifact);
  }

  private static Optional<FormatDescriptor.Kind> named(AuthenticodeKind kind, String name) {
    return kind.kinds().stream().filter(k -> k.name().equals(name)).findFirst();
  }

  private ArtifactException unrecognised(Artifact artifact) {
    if (artifact.size() == 0) {
      return new ArtifactException(
          "SGC-ARTIFACT-EMPTY", "The file has no bytes", "Send the file's content.");
    }
    String known =
        kinds().stream()
            .map(k -> k.name() + " (" + k.description() + ")")
            .collect(Collectors.joining(", "));
    return new ArtifactException(
        "SGC-ARTIFACT-UNRECOGNISED",
        "The content is that of no file this format signs",
        "Known are: " + known + ". Say with the option kind what a script is.");
  }
}
