// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.util.Map;
import java.util.Optional;

/** ClickOnce manifests as Visual Studio publishes them, and signed ones. */
public final class ManifestSamples {
  static final SignatureFormat FORMAT = Formats.byName("clickonce").orElseThrow();

  private ManifestSamples() {}

  /** An application manifest with a file and a library, CRLF, a byte order mark and a comment. */
  public static Bytes application() {
    return application(Bytes.utf8("MZ program"), Bytes.utf8("MZ library"), Bytes.utf8("text"));
  }

  static Bytes application(Bytes program, Bytes library, Bytes data) {
    String text =
        """
        <?xml version="1.0" encoding="utf-8"?>
        <asmv1:assembly xsi:schemaLocation="urn:schemas-microsoft-com:asm.v1 assembly.adaptive.xsd" manifestVersion="1.0" xmlns:asmv1="urn:schemas-microsoft-com:asm.v1" xmlns="urn:schemas-microsoft-com:asm.v2" xmlns:asmv2="urn:schemas-microsoft-com:asm.v2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:co.v1="urn:schemas-microsoft-com:clickonce.v1" xmlns:asmv3="urn:schemas-microsoft-com:asm.v3" xmlns:dsig="http://www.w3.org/2000/09/xmldsig#">
          <asmv1:assemblyIdentity name="Acme.exe" version="1.0.0.0" publicKeyToken="0000000000000000" language="neutral" processorArchitecture="msil" type="win32" />
          <application />
          <entryPoint>
            <assemblyIdentity name="Acme" version="1.0.0.0" language="neutral" processorArchitecture="msil" />
            <commandLine file="Acme.exe" parameters='say "h\u00e4" &amp; go&#10;on' />
          </entryPoint>
          <!-- files -->
          <trustInfo><security><applicationRequestMinimum>
            <PermissionSet Unrestricted="true" ID="Custom" SameSite="site" />
            <defaultAssemblyRequest permissionSetReference="Custom" />
          </applicationRequestMinimum></security></trustInfo>
          <dependency>
            <dependentAssembly dependencyType="preRequisite" allowDelayedBinding="true">
              <assemblyIdentity name="Microsoft.Windows.CommonLanguageRuntime" version="4.0.30319.0" />
            </dependentAssembly>
          </dependency>
        %s%s%s</asmv1:assembly>
        """
            .formatted(
                assembly("Acme", "Acme.exe", program),
                assembly("Acme.Core", "lib\\Acme.Core.dll", library),
                file("data\\t\u00e9xt & more.txt".replace("&", "&amp;"), data));
    return Bytes.utf8("\ufeff" + text.replace("\n", "\r\n"));
  }

  private static String assembly(String name, String codebase, Bytes content) {
    return """
      <dependency>
        <dependentAssembly dependencyType="install" allowDelayedBinding="true" codebase="%s" size="%d">
          <assemblyIdentity name="%s" version="1.0.0.0" language="neutral" processorArchitecture="msil" />
          %s
        </dependentAssembly>
      </dependency>
    """
        .formatted(codebase, content.size(), name, hash(content));
  }

  private static String file(String name, Bytes content) {
    return "  <file name=\"%s\" size=\"%d\">%s</file>\n"
        .formatted(name, content.size(), hash(content));
  }

  private static String hash(Bytes content) {
    byte[] digest = DigestAlgorithm.SHA256.newMessageDigest().digest(content.toArray());
    return """
    <hash>
            <dsig:Transforms>
              <dsig:Transform Algorithm="urn:schemas-microsoft-com:HashTransforms.Identity" />
            </dsig:Transforms>
            <dsig:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha256" />
            <dsig:DigestValue>%s</dsig:DigestValue>
          </hash>\
    """
        .formatted(Bytes.wrap(digest).toBase64());
  }

  /** A deployment manifest of {@link #application()}. */
  public static Bytes deployment() {
    return deployment("Application Files\\Acme_1_0_0_0\\Acme.exe.manifest", application());
  }

  static Bytes deployment(String codebase, Bytes manifest) {
    return Bytes.utf8(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <asmv1:assembly xmlns:asmv1="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0" xmlns="urn:schemas-microsoft-com:asm.v2" xmlns:dsig="http://www.w3.org/2000/09/xmldsig#">
          <assemblyIdentity name="Acme.application" version="1.0.0.0" publicKeyToken="0000000000000000" language="neutral" processorArchitecture="msil" xmlns="urn:schemas-microsoft-com:asm.v1" />
          <description asmv2:publisher="Acme" asmv2:product="Acme" xmlns="urn:schemas-microsoft-com:asm.v1" xmlns:asmv2="urn:schemas-microsoft-com:asm.v2" />
          <deployment install="true" mapFileExtensions="true" />
          <dependency>
            <dependentAssembly dependencyType="install" codebase="%s" size="%d">
              <assemblyIdentity name="Acme.exe" version="1.0.0.0" publicKeyToken="0000000000000000" language="neutral" processorArchitecture="msil" type="win32" />
              %s
            </dependentAssembly>
          </dependency>
        </asmv1:assembly>\
        """
            .formatted(codebase, manifest.size(), hash(manifest)));
  }

  /** A publish folder whose manifests do not know yet what lies there. */
  public static Bytes published(Bytes program, Bytes library) {
    return folder(program, library).build();
  }

  static ZipBuilder folder(Bytes program, Bytes library) {
    String files = "Application Files/Acme_1_0_0_0/";
    return new ZipBuilder()
        .deflated("setup.exe", "MZ not named by any manifest")
        .deflated("Acme.application", deployment())
        .deflated(files + "Acme.application", deployment())
        .deflated(files + "Acme.exe.manifest", application())
        .deflated(files + "Acme.exe.deploy", program)
        .deflated(files + "lib/Acme.Core.dll.deploy", library)
        .deflated(files + "data/t\u00e9xt & more.txt.deploy", "text")
        .deflated("Application Files/Acme_0_9_0_0/Acme.application", "an older one");
  }

  static Issued signer(Samples samples) {
    return samples.ca.issue(
        LeafProfile.codeSigning("Manifest, \"TEST\"", KeyType.RSA_2048, samples.now));
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
