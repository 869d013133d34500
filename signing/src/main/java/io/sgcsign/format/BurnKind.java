// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.layout.pe.BurnBundle;
import io.sgcsign.signature.Imprint;
import java.util.List;
import java.util.Optional;

/** WiX Burn bundles: programs in which an engine has to be signed before they are. */
final class BurnKind implements AuthenticodeKind {
  static final FormatDescriptor.Kind BURN =
      new FormatDescriptor.Kind("burn", List.of("exe"), "WiX Burn bundles with their engines");

  private final PeKind program = new PeKind();

  @Override
  public List<FormatDescriptor.Kind> kinds() {
    return List.of(BURN);
  }

  @Override
  public int asks() {
    return 2;
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return BurnBundle.recognise(artifact) ? Optional.of(BURN) : Optional.empty();
  }

  @Override
  public boolean begins(Artifact artifact) {
    return BurnBundle.recognise(artifact);
  }

  @Override
  public AuthenticodeSubject open(Artifact artifact, FormatDescriptor.Kind kind) {
    return BurnBundle.parse(artifact)
        .<AuthenticodeSubject>map(BurnSubject::new)
        .orElseThrow(BurnSubject::none);
  }

  @Override
  public Content content(Imprint imprint, Options options) {
    return program.content(imprint, options);
  }
}
