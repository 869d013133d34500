// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.appx.AppxBuilder;
import io.sgcsign.layout.cab.CabBuilder;
import io.sgcsign.layout.cat.CatalogBuilder;
import io.sgcsign.layout.cfb.CfbBuilder;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.PeFile;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A small unsigned file of every kind of every format, under every usual name.
 *
 * @param extension without the dot; it tells scripts apart
 */
public record KindSample(String format, String kind, String extension, Bytes file) {
  /**
   * All of them. A new kind adds its file here.
   *
   * @param publisher the subject of who will sign, as Windows writes it, for MSIX
   */
  public static Stream<KindSample> all(String publisher) {
    return Formats.ALL.stream()
        .map(SignatureFormat::descriptor)
        .flatMap(format ->
            format.kinds().stream()
                .flatMap(kind ->
                    kind.extensions().stream()
                        .map(extension ->
                            new KindSample(
                                format.name(),
                                kind.name(),
                                extension,
                                file(kind.name(), extension, publisher)))));
  }

  /** Whether this is the first of the kind's names. */
  public boolean usual() {
    return Formats.byName(format).orElseThrow().descriptor().kinds().stream()
        .anyMatch(k -> k.name().equals(kind) && k.extensions().getFirst().equals(extension));
  }

  /** As a file name. */
  public String name() {
    return kind + "." + extension;
  }

  @Override
  public String toString() {
    return format + "/" + name();
  }

  private static Bytes file(String kind, String extension, String publisher) {
    return switch (kind) {
      case "pe" -> program(extension.equals("efi") ? PeBuilder.efi() : PeBuilder.x64());
      case "burn" -> BurnBuilder.bundle().build();
      case "msi" -> CfbBuilder.sample(3).balanced().build();
      case "cab" -> CabBuilder.of(300, 4_000).build();
      case "cat" -> CatalogBuilder.of(5);
      case "msix" -> AppxBuilder.app(publisher).build();
      case "msixbundle" -> AppxBuilder.bundle(publisher).build();
      case "nupkg" -> PackageSamples.nupkg();
      case "snupkg" -> PackageSamples.snupkg();
      case "manifest" -> ManifestSamples.application();
      case "application" -> ManifestSamples.deployment();
      case "publish" ->
          ManifestSamples.published(Bytes.utf8("MZ program"), Bytes.utf8("MZ library"));
      case "vsix" -> ExtensionSamples.vsix();
      case "jar" -> JarSamples.jar();
      case "war" -> JarSamples.telling("WEB-INF/web.xml");
      case "ear" -> JarSamples.telling("META-INF/application.xml");
      case "aab" -> JarSamples.bundle();
      case "apk" -> ApkSamples.apk(24);
      default -> Bytes.utf8(script(kind));
    };
  }

  /** With the right checksum, as linkers make them. */
  private static Bytes program(PeBuilder builder) {
    var pe = PeFile.parse(Artifact.of(builder.sections(3, 5 * 1024).overlay(8).build()));
    return builder.checksum(pe.scan(Set.of()).checksum()).build();
  }

  /** With characters beyond ASCII and the line ends of both worlds. */
  private static String script(String kind) {
    return switch (kind) {
      case "ps1", "psm1" -> "Write-Host 'h\u00e4'\r\nWrite-Host 2\n";
      case "psd1" -> "@{ ModuleVersion = '1' }";
      case "ps1xml", "psc1", "cdxml" -> "\ufeff<Types>h\u00e4</Types>\r\n";
      case "mof" -> "instance of A { };\r\n";
      case "vbs" -> "\ufeffWScript.Echo \"h\u00e4\"\r\n";
      case "js" -> "\ufeffWScript.Echo(1); // h\u00e4\n";
      case "wsf" -> "<job><script language=\"JScript\">1</script></job>\r\n";
      default -> throw new AssertionError("Add a sample of " + kind);
    };
  }
}
