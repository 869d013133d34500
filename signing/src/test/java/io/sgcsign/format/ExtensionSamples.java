// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.util.Map;
import java.util.Optional;

/** Visual Studio extensions as the SDK builds them, and signed ones. */
public final class ExtensionSamples {
  static final SignatureFormat FORMAT = Formats.byName("vsix").orElseThrow();

  private ExtensionSamples() {}

  /** An unsigned extension without relationships. */
  public static Bytes vsix() {
    return builder().build();
  }

  static Bytes withRelationships() {
    return builder()
        .deflated(
            "_rels/.rels",
            """
            <?xml version="1.0" encoding="utf-8"?>\r
            <r:Relationships xmlns:r="http://schemas.openxmlformats.org/package/2006/relationships">
              <r:Relationship Type="http://acme.test/type" Target="/extension.vsixmanifest" Id="R1"/>
            </r:Relationships>\
            """)
        .deflated(
            "[Content_Types].xml",
            types(
                "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"))
        .build();
  }

  static ZipBuilder builder() {
    return new ZipBuilder()
        .deflated(
            "extension.vsixmanifest",
            """
            <?xml version="1.0" encoding="utf-8"?>
            <PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
              <Metadata>
                <Identity Id="Acme.Tools.7d0a" Version="1.2" Language="en-US" Publisher="Acme" />
                <DisplayName>Acme Tools</DisplayName>
              </Metadata>
              <Installation>
                <InstallationTarget Id="Microsoft.VisualStudio.Community" Version="[17.0,)" />
                <InstallationTarget Id="Microsoft.VisualStudio.Community" Version="[17.0,)" />
              </Installation>
            </PackageManifest>
            """)
        .deflated("Acme.Tools.dll", "MZ and so on".repeat(1000))
        .deflated("res/h\u00e4 l [1].png", "picture")
        .deflated("catalog.json", "{}")
        .deflated("[Content_Types].xml", types(""))
        .stored("LICENSE", Bytes.EMPTY);
  }

  private static String types(String more) {
    return """
    <?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
    <Default Extension="vsixmanifest" ContentType="text/xml" /><Default Extension="dll" ContentType="application/octet-stream" />\
    <Default Extension="PNG" ContentType="image/png" /><Override PartName="/catalog.json" ContentType="application/json" />%s</Types>\
    """
        .formatted(more);
  }

  static Issued signer(Samples samples) {
    return samples.ca.issue(
        LeafProfile.codeSigning("Extension TEST", KeyType.RSA_2048, samples.now));
  }

  static Bytes sign(
      Bytes file, Map<String, String> options, Issued issued, Optional<TimestampAuthority> tsa) {
    Options checked = Options.of(FORMAT.descriptor(), options);
    var signer = TestSigner.of(FORMAT, checked, issued, Optional.empty(), tsa);
    return PackageSamples.apply(file, FORMAT.sign(Artifact.of(file), checked, signer));
  }

  static Bytes removed(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  static VerificationReport verify(Bytes file, VerificationPolicy policy) {
    return FORMAT.verify(Artifact.of(file), Optional.empty(), policy);
  }
}
