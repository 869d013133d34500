// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.layout.cab.CabFile;
import io.sgcsign.signature.Imprint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Cabinets (MS-CAB), signed as signtool does. */
final class CabKind implements AuthenticodeKind {
  static final FormatDescriptor.Kind CAB =
      new FormatDescriptor.Kind("cab", List.of("cab"), "Cabinets");

  /** SPC_CAB_DATA_OBJID. */
  static final String OID = "1.3.6.1.4.1.311.2.1.25";

  /** SpcLink of a file that has no name any more: what signtool writes here. */
  private static final Bytes LINK =
      DerWriter.explicit(
          2,
          DerWriter.implicit(0, Bytes.wrap("<<<Obsolete>>>".getBytes(StandardCharsets.UTF_16BE))));

  @Override
  public List<FormatDescriptor.Kind> kinds() {
    return List.of(CAB);
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return CabFile.recognise(artifact) ? Optional.of(CAB) : Optional.empty();
  }

  @Override
  public boolean begins(Artifact artifact) {
    return CabFile.recognise(artifact);
  }

  @Override
  public AuthenticodeSubject open(Artifact artifact, FormatDescriptor.Kind kind) {
    return new CabSubject(CabFile.parse(artifact));
  }

  @Override
  public Content content(Imprint imprint, Options options) {
    require(
        imprint.facts().isEmpty() && imprint.parts().isEmpty(),
        "The imprint of a cabinet has no parts and no facts");
    Bytes data = DerWriter.sequence(DerWriter.oid(OID), LINK);
    return Content.indirect(SpcIndirectData.body(data, imprint.digest()));
  }
}
