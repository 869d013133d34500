// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.bytes.Bytes;
import java.util.Map;
import java.util.TreeMap;

/** The small files around the noise, of each kind of archive: the least that is signed. */
final class ArchiveTexts {
  private static final String TYPES =
      "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
          + "<Default Extension=\"vsixmanifest\" ContentType=\"text/xml\"/>"
          + "<Default Extension=\"bin\" ContentType=\"application/octet-stream\"/></Types>";

  /** {@code <manifest package="acme.app"><uses-sdk minSdkVersion="24"/></manifest>}, compiled. */
  private static final String ANDROID_MANIFEST =
      "030008005001000001001c009c0000000500000000000000000000003000000000000000000000001e000000"
          + "3000000044000000580000000d006d0069006e00530064006b00560065007200730069006f006e000000"
          + "07007000610063006b0061006700650000000800610063006d0065002e00610070007000000008006d00"
          + "61006e00690066006500730074000000080075007300650073002d00730064006b000000800108000c00"
          + "00000c020101020110003800000001000000ffffffffffffffff03000000140014000100000000000000"
          + "ffffffff01000000020000000800000302000000020110003800000001000000ffffffffffffffff0400"
          + "0000140014000100000000000000ffffffff00000000ffffffff08000010180000000301100018000000"
          + "01000000ffffffffffffffff04000000030110001800000001000000ffffffffffffffff03000000";

  private static final String PUBLISHED = "Application Files/Noise_1_0_0_0/";

  private ArchiveTexts() {}

  private static Map<String, Bytes> texts(Map<String, String> texts) {
    var out = new TreeMap<String, Bytes>();
    texts.forEach((name, text) -> out.put(name, Bytes.utf8(text)));
    return out;
  }

  static Map<String, Bytes> nuget() {
    String nuspec =
        "<package><metadata><id>Noise</id><version>1.0.0</version></metadata></package>";
    return texts(Map.of("Noise.nuspec", nuspec, "[Content_Types].xml", "<Types/>"));
  }

  static Map<String, Bytes> jar() {
    return texts(Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n"));
  }

  static Map<String, Bytes> extension() {
    String manifest =
        """
        <PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
          <Metadata>
            <Identity Id="Noise" Version="1.0" Language="en-US" Publisher="Bench"/>
            <DisplayName>Noise</DisplayName>
          </Metadata>
        </PackageManifest>
        """;
    return texts(Map.of("extension.vsixmanifest", manifest, "[Content_Types].xml", TYPES));
  }

  static Map<String, Bytes> android() {
    return Map.of("AndroidManifest.xml", Bytes.fromHex(ANDROID_MANIFEST));
  }

  /** Where the noise of {@link #published} lies. */
  static String deployed() {
    return PUBLISHED + "noise.bin.deploy";
  }

  /** A publish folder; sizes and digests are put right when it is signed. */
  static Map<String, Bytes> published() {
    return texts(
        Map.of(
            "Noise.application",
            deployment(),
            PUBLISHED + "Noise.exe.manifest",
            application(),
            PUBLISHED + "Noise.exe.deploy",
            "MZ"));
  }

  private static String hash() {
    return "<hash><dsig:Transforms><dsig:Transform"
        + " Algorithm=\"urn:schemas-microsoft-com:HashTransforms.Identity\"/></dsig:Transforms>"
        + "<dsig:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha256\"/>"
        + "<dsig:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</dsig:DigestValue></hash>";
  }

  private static String application() {
    return """
    <asmv1:assembly xmlns:asmv1="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0"
        xmlns="urn:schemas-microsoft-com:asm.v2" xmlns:dsig="http://www.w3.org/2000/09/xmldsig#">
      <asmv1:assemblyIdentity name="Noise.exe" version="1.0.0.0" publicKeyToken="0000000000000000"
          language="neutral" processorArchitecture="msil" type="win32"/>
      <application/>
      <entryPoint>
        <assemblyIdentity name="Noise" version="1.0.0.0" language="neutral"
            processorArchitecture="msil"/>
        <commandLine file="Noise.exe" parameters=""/>
      </entryPoint>
      <dependency>
        <dependentAssembly dependencyType="install" codebase="Noise.exe" size="0">
          <assemblyIdentity name="Noise" version="1.0.0.0" language="neutral"
              processorArchitecture="msil"/>
          %s
        </dependentAssembly>
      </dependency>
      <file name="noise.bin" size="0">%s</file>
    </asmv1:assembly>
    """
        .formatted(hash(), hash());
  }

  private static String deployment() {
    return """
    <asmv1:assembly xmlns:asmv1="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0"
        xmlns="urn:schemas-microsoft-com:asm.v2" xmlns:dsig="http://www.w3.org/2000/09/xmldsig#">
      <assemblyIdentity name="Noise.application" version="1.0.0.0"
          publicKeyToken="0000000000000000" language="neutral" processorArchitecture="msil"
          xmlns="urn:schemas-microsoft-com:asm.v1"/>
      <description asmv2:publisher="Bench" asmv2:product="Noise"
          xmlns="urn:schemas-microsoft-com:asm.v1" xmlns:asmv2="urn:schemas-microsoft-com:asm.v2"/>
      <deployment install="true" mapFileExtensions="true"/>
      <dependency>
        <dependentAssembly dependencyType="install"
            codebase="Application Files\\Noise_1_0_0_0\\Noise.exe.manifest" size="0">
          <assemblyIdentity name="Noise.exe" version="1.0.0.0" publicKeyToken="0000000000000000"
              language="neutral" processorArchitecture="msil" type="win32"/>
          %s
        </dependentAssembly>
      </dependency>
    </asmv1:assembly>
    """
        .formatted(hash());
  }
}
