// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** NuGet packages as {@code dotnet pack} lays them out, and signed ones. */
public final class PackageSamples {
  static final SignatureFormat FORMAT = Formats.byName("nuget").orElseThrow();

  private PackageSamples() {}

  /** An unsigned package. */
  public static Bytes nupkg() {
    return builder("").build();
  }

  /** An unsigned package with a library of {@code size} bytes that do not shrink. */
  public static Bytes nupkg(int size) {
    byte[] noise = new byte[size];
    new Random(size).nextBytes(noise);
    return builder("").stored("lib/net8.0/Large.dll", Bytes.wrap(noise)).build();
  }

  static Bytes snupkg() {
    return builder("<packageTypes><packageType name=\"SymbolsPackage\"/></packageTypes>").build();
  }

  static ZipBuilder builder(String more) {
    return new ZipBuilder()
        .deflated("_rels/.rels", "<Relationships/>")
        .deflated(
            "Acme.Tools.nuspec",
            """
            <?xml version="1.0" encoding="utf-8"?>
            <package><metadata><id>Acme.Tools</id><version>1.2.3-rc.1</version>%s</metadata></package>
            """
                .formatted(more))
        .deflated("lib/net8.0/Acme.Tools.dll", "MZ and so on".repeat(1000))
        .deflated("[Content_Types].xml", "<Types/>")
        .stored("content/empty.txt", Bytes.EMPTY);
  }

  static Issued signer(Samples samples) {
    return samples.ca.issue(LeafProfile.codeSigning("Package TEST", KeyType.RSA_2048, samples.now));
  }

  static Bytes sign(
      Bytes file, Map<String, String> options, Issued issued, Optional<TimestampAuthority> tsa) {
    Options checked = Options.of(FORMAT.descriptor(), options);
    var signer = TestSigner.of(FORMAT, checked, issued, Optional.empty(), tsa);
    return apply(file, FORMAT.sign(Artifact.of(file), checked, signer));
  }

  static Bytes apply(Bytes file, Signed signed) {
    if (signed instanceof Signed.Patched patched) {
      var out = Artifact.of(file).with(patched.patch());
      return out.read(0, (int) out.size());
    }
    throw new AssertionError("It patches");
  }

  static Bytes removed(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  /** The package signature file. */
  static Bytes block(Bytes file) {
    ZipFile zip = ZipFile.parse(Artifact.of(file));
    return zip.read(zip.entry(".signature.p7s").orElseThrow(), 1 << 20);
  }

  static VerificationReport verify(Bytes file, VerificationPolicy policy) {
    return FORMAT.verify(Artifact.of(file), Optional.empty(), policy);
  }
}
