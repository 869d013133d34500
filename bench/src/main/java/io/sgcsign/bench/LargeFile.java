// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The kinds of files that {@link FormatBench} signs, and who else signs them. */
enum LargeFile {
  PE("authenticode", "exe", "", true, true),
  MSI("authenticode", "msi", "wixl", true, true),
  CAB("authenticode", "cab", "gcab", true, true),
  PS1("powershell", "ps1", "", true, true),
  MSIX("authenticode", "msix", "", true, true),
  NUPKG("nuget", "nupkg", "", false, true),
  VSIX("vsix", "vsix", "", false, false),
  CLICKONCE("clickonce", "zip", "", false, false),
  JAR("jar", "jar", "", false, false),
  APK("apk", "apk", "", false, false);

  private static final String WXS =
      """
      <Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
        <Product Id="*" Name="TEST" Language="1033" Version="1.0" Manufacturer="TEST"
            UpgradeCode="12345678-1234-1234-1234-111111111111">
          <Package InstallerVersion="200" Compressed="yes"/>
          <Media Id="1" Cabinet="a.cab" EmbedCab="yes"/>
          <Directory Id="TARGETDIR" Name="SourceDir">
            <Component Id="C" Guid="12345678-1234-1234-1234-222222222222">
              <File Id="F" Source="noise.bin" KeyPath="yes"/>
            </Component>
          </Directory>
          <Feature Id="M" Level="1"><ComponentRef Id="C"/></Feature>
        </Product>
      </Wix>
      """;
  private static final String NOISE = "lib/noise.bin";

  private final String format;
  private final String extension;
  private final String maker;
  private final boolean osslsigncode;
  private final boolean jsign;

  LargeFile(String format, String extension, String maker, boolean osslsigncode, boolean jsign) {
    this.format = format;
    this.extension = extension;
    this.maker = maker;
    this.osslsigncode = osslsigncode;
    this.jsign = jsign;
  }

  String format() {
    return format;
  }

  String extension() {
    return extension;
  }

  /** The program that makes it; empty: we do. */
  String maker() {
    return maker;
  }

  boolean osslsigncode() {
    return osslsigncode;
  }

  boolean jsign() {
    return jsign;
  }

  Map<String, String> options() {
    return switch (this) {
      case PS1 -> Map.of("kind", "ps1");
      case APK -> Map.of("schemes", "v2,v3"); // as apksigner for Android 7 and newer
      default -> Map.of();
    };
  }

  /**
   * Writes one; false: the program that makes it is not here.
   *
   * @param publisher the subject of who will sign it, as Windows writes it
   */
  boolean write(Path file, int mib, Commands commands, String publisher) throws IOException {
    switch (this) {
      case PE -> SampleFiles.program(file, mib);
      case PS1 -> SampleFiles.script(file, mib);
      case MSIX -> AppPackage.write(file, mib, publisher);
      case NUPKG -> SampleFiles.archive(file, mib, ArchiveTexts.nuget(), NOISE);
      case VSIX -> SampleFiles.archive(file, mib, ArchiveTexts.extension(), NOISE);
      case CLICKONCE ->
          SampleFiles.archive(file, mib, ArchiveTexts.published(), ArchiveTexts.deployed());
      case JAR -> SampleFiles.archive(file, mib, ArchiveTexts.jar(), NOISE);
      case APK -> SampleFiles.archive(file, mib, ArchiveTexts.android(), NOISE);
      case MSI, CAB -> {
        return make(file, mib, commands);
      }
    }
    return true;
  }

  private boolean make(Path file, int mib, Commands commands) throws IOException {
    if (!Commands.installed(maker)) {
      return false;
    }
    Path noise = file.resolveSibling("noise.bin");
    try (var out = Files.newOutputStream(noise)) {
      SampleFiles.noise(out, mib);
    }
    if (this == CAB) {
      commands.run(List.of(maker, "-c", "-n", file.toString(), noise.toString()));
    } else {
      Path source = Files.writeString(file.resolveSibling("noise.wxs"), WXS);
      commands.run(List.of(maker, "-o", file.toString(), source.toString()));
    }
    Files.delete(noise);
    return true;
  }
}
