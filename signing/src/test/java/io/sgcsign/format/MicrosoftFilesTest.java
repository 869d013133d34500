// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Microsoft signed, out of an npm package that is fetched and never committed. */
final class MicrosoftFilesTest {
  private static final String PACKAGE = "node-pty@1.1.0";
  private static final String TOKEN = "1.3.6.1.4.1.311.3.3.1";

  /** Days before the certificates of this package's files expire or long after: both are asked. */
  private static final Instant SOON_AFTER = Instant.parse("2025-11-01T00:00:00Z");

  private static final Instant YEARS_LATER = Instant.parse("2033-11-01T00:00:00Z");

  private static Bytes sample(String path) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "samples"));
    Path archive = folder.resolve("node-pty-1.1.0.tgz");
    if (!Files.exists(archive)) {
      var packed =
          Tool.require("npm").run("pack", PACKAGE, "--silent", "--pack-destination", folder);
      assumeTrue(packed.ok(), "npm cannot fetch " + PACKAGE + ": this check did not run");
    }
    Tool.require("tar").succeed("-xzf", archive, "-C", folder, "package/prebuilds");
    return Bytes.wrap(Files.readAllBytes(folder.resolve("package/prebuilds").resolve(path)));
  }

  private static List<X509Certificate> certificates(CmsStructure cms) throws CertificateException {
    var out = new ArrayList<X509Certificate>();
    var factory = CertificateFactory.getInstance("X.509");
    for (Bytes der : cms.certificates()) {
      out.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der.toArray())));
    }
    return out;
  }

  /** Those whose issuer is not among them. */
  private static List<X509Certificate> tops(List<X509Certificate> all) {
    return all.stream()
        .filter(c ->
            all.stream()
                .noneMatch(other ->
                    !other.equals(c)
                        && other.getSubjectX500Principal().equals(c.getIssuerX500Principal())))
        .toList();
  }

  private static VerificationPolicy policy(Bytes file) throws CertificateException {
    var pe = PeFile.parse(Artifact.of(file));
    var cms = CmsStructure.parse(pe.certificates().entries().getFirst().content());
    var anchors = new ArrayList<>(tops(certificates(cms)));
    for (Bytes token : cms.signers().getFirst().unsigned(TOKEN)) {
      anchors.addAll(tops(certificates(CmsStructure.parse(token))));
    }
    return VerificationPolicy.of(anchors, SOON_AFTER, Set.of(KeyPurpose.CODE_SIGNING));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "win32-x64/conpty/conpty.dll",
        "win32-x64/conpty/OpenConsole.exe",
        "win32-arm64/conpty/conpty.dll",
        "win32-arm64/conpty/OpenConsole.exe"
      })
  void acceptsFilesThatMicrosoftSigned(String path) throws Exception {
    Bytes file = sample(path);
    VerificationPolicy policy = policy(file);
    var report = Samples.verify(file, policy);
    assertThat(refusals(report)).isEmpty();
    assertThat(report.valid()).isTrue();
    var signature = report.primary().orElseThrow();
    assertThat(signature.subject()).contains("CN=Microsoft");
    assertThat(signature.timestamp().orElseThrow().time())
        .isBetween(Instant.parse("2025-10-01T00:00:00Z"), SOON_AFTER);
    assertThat(Samples.verify(file, policy.at(YEARS_LATER)).valid()).isTrue();
    assertThat(refusals(Samples.verify(flip(file, file.size() / 3, 1), policy)))
        .contains(CheckName.CONTENT_DIGEST);
    var nobody = VerificationPolicy.of(List.of(), SOON_AFTER, Set.of());
    assertThat(Samples.verify(file, nobody).status()).isEqualTo(Status.UNTRUSTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"win32-x64/conpty.node", "win32-x64/pty.node", "win32-x64/winpty.dll"})
  void callsFilesUnsignedThatNobodySigned(String path) throws Exception {
    Bytes file = sample(path);
    var policy = VerificationPolicy.of(List.of(), SOON_AFTER, Set.of());
    assertThat(Samples.verify(file, policy).status()).isEqualTo(Status.UNSIGNED);
  }
}
