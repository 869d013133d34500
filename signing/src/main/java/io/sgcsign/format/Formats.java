// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.format.apk.ApkFormat;
import io.sgcsign.format.clickonce.ClickOnceFormat;
import io.sgcsign.format.jar.JarFormat;
import io.sgcsign.format.nuget.NugetFormat;
import io.sgcsign.format.vsix.VsixFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The formats of this library: the one list a new format is added to. */
public final class Formats {
  public static final List<SignatureFormat> ALL =
      List.of(
          new AuthenticodeFormat(
              "authenticode",
              "Microsoft Authenticode for Windows programs, installer packages and scripts",
              AuthenticodeKinds.AUTHENTICODE),
          new AuthenticodeFormat(
              "powershell",
              "Microsoft Authenticode for PowerShell files",
              AuthenticodeKinds.POWERSHELL),
          new NugetFormat(),
          new ClickOnceFormat(),
          new VsixFormat(),
          new JarFormat(),
          new ApkFormat());

  /** Names of those whose keys sign nothing else. */
  public static final Set<String> ALONE =
      ALL.stream()
          .filter(SignatureFormat::aloneOnItsKey)
          .map(f -> f.descriptor().name())
          .collect(Collectors.toUnmodifiableSet());

  private Formats() {}

  public static Optional<SignatureFormat> byName(String name) {
    return ALL.stream().filter(f -> f.descriptor().name().equals(name)).findFirst();
  }
}
