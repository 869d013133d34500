// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.util.Map;
import java.util.Optional;

/** Java archives, and signed ones. */
public final class JarSamples {
  static final SignatureFormat FORMAT = Formats.byName("jar").orElseThrow();

  private JarSamples() {}

  /** A multi-release library with a long name, a section of its own and a service. */
  public static Bytes jar() {
    return new ZipBuilder()
        .deflated("META-INF/", "")
        .deflated(
            "META-INF/MANIFEST.MF",
            """
            Manifest-Version: 1.0\r
            Multi-Release: true\r
            Main-Class: acme.Main\r
            \r
            Name: acme/Main.class\r
            X-Note: kept\r
            \r
            """)
        .deflated("acme/", "")
        .deflated("acme/Main.class", "no class, but who looks".repeat(100))
        .deflated("acme/" + "a/long/path/".repeat(12) + "zoë.txt", "text")
        .deflated("META-INF/versions/21/acme/Main.class", "another".repeat(50))
        .deflated("META-INF/services/acme.Service", "acme.Main")
        .stored("acme/empty", Bytes.EMPTY)
        .build();
  }

  static Bytes war() {
    return new ZipBuilder()
        .deflated("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nBuilt-By: somebody")
        .deflated("WEB-INF/web.xml", "<web-app/>")
        .build();
  }

  /** With the shortest manifest and the entry that tells the kind. */
  static Bytes telling(String entry) {
    return new ZipBuilder()
        .deflated("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n")
        .deflated(entry, "<application/>")
        .build();
  }

  /** Without a manifest, as bundletool makes them. */
  public static Bytes bundle() {
    return new ZipBuilder()
        .deflated("BundleConfig.pb", "config")
        .deflated("base/dex/classes.dex", "dex".repeat(100))
        .build();
  }

  static Bytes sign(
      Bytes file, Map<String, String> options, Issued issued, Optional<TimestampAuthority> tsa) {
    return sign(file, options, issued, Optional.empty(), tsa);
  }

  static Bytes sign(
      Bytes file,
      Map<String, String> options,
      Issued issued,
      Optional<SignatureAlgorithm> algorithm,
      Optional<TimestampAuthority> tsa) {
    Options checked = Options.of(FORMAT.descriptor(), options);
    var signer = TestSigner.of(FORMAT, checked, issued, algorithm, tsa);
    return PackageSamples.apply(file, FORMAT.sign(Artifact.of(file), checked, signer));
  }

  static Bytes removed(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  /** The same archive with bytes put in at {@code at}, of which no header knows. */
  static Bytes shifted(Bytes file, int at, Bytes inserted) {
    var zip = ZipFile.parse(Artifact.of(file));
    Bytes out = Bytes.concat(file.slice(0, at), inserted, file.slice(at, file.size()));
    for (ZipEntry entry : zip.entries()) {
      if (entry.headerAt() >= at) {
        int field = (int) entry.directoryAt() + inserted.size() + 42;
        out = ZipBuilder.u32(out, field, entry.headerAt() + inserted.size());
      }
    }
    int end = out.size() - 22;
    long directoryAt = zip.entries().getFirst().directoryAt() + inserted.size();
    return ZipBuilder.u32(out, end + 16, directoryAt);
  }

  static VerificationReport verify(Bytes file, VerificationPolicy policy) {
    return FORMAT.verify(Artifact.of(file), Optional.empty(), policy);
  }
}
