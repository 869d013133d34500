// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.layout.msi.InstallerPackage;
import io.sgcsign.signature.Imprint;
import java.util.List;
import java.util.Optional;

/** Packages, patches, merge modules and transforms of Windows Installer. */
final class MsiKind implements AuthenticodeKind {
  static final String EXTENDED = "msi_extended";

  static final FormatDescriptor.Kind MSI =
      new FormatDescriptor.Kind(
          "msi", List.of("msi", "msp", "msm", "mst"), "Windows Installer packages and patches");

  /** {000C10F1-0000-0000-C000-000000000046}. */
  private static final Bytes GUID = Bytes.fromHex("f1100c0000000000c000000000000046");

  /** What osslsigncode, relic and jsign write. */
  private static final SipInfo SIP = new SipInfo(1, GUID);

  /** What signtool writes into packages with MsiDigitalSignatureEx. */
  private static final SipInfo SIP_OF_SIGNTOOL = new SipInfo(2, GUID);

  /** Whether {@code content} speaks of an installer package. */
  static boolean in(SpcContent content) {
    return SIP.in(content) || SIP_OF_SIGNTOOL.in(content);
  }

  @Override
  public List<FormatDescriptor.Kind> kinds() {
    return List.of(MSI);
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.choice(
            EXTENDED,
            List.of("auto", "true", "false"),
            "auto",
            Needed.CLIENT,
            "MSI only: also sign names, sizes and times (MsiDigitalSignatureEx); auto: with one"
                + " digest."));
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return InstallerPackage.recognise(artifact) ? Optional.of(MSI) : Optional.empty();
  }

  @Override
  public boolean begins(Artifact artifact) {
    return InstallerPackage.begins(artifact);
  }

  @Override
  public AuthenticodeSubject open(Artifact artifact, FormatDescriptor.Kind kind) {
    return new MsiSubject(InstallerPackage.parse(artifact));
  }

  @Override
  public Content content(Imprint imprint, Options options) {
    require(
        imprint.facts().isEmpty() && imprint.parts().isEmpty(),
        "The imprint of an installer package has no parts and no facts");
    return Content.indirect(SpcIndirectData.body(SIP.data(), imprint.digest()));
  }
}
