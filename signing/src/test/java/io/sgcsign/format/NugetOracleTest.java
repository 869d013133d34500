// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.Pem;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;
import net.jsign.Signable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What openssl, Info-ZIP, jsign and NuGet's own way of hashing say about packages we signed. */
final class NugetOracleTest {
  // openssl compares with the clock of the machine
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued signer = PackageSamples.signer(samples);

  @TempDir Path folder;

  private Bytes signed(Bytes file, String hash) {
    return PackageSamples.sign(file, Map.of("hash", hash), signer, Optional.of(samples.tsa));
  }

  /** The package signature file as the JDK and Info-ZIP read it. */
  private Path block(Bytes file) throws IOException {
    Path onDisk = Files.write(folder.resolve("signed.nupkg"), file.toArray());
    Tool.require("unzip").succeed("-tq", onDisk);
    try (var zip = new ZipFile(onDisk.toFile())) {
      var names = zip.stream().map(java.util.zip.ZipEntry::getName).toList();
      assertThat(names).endsWith(".signature.p7s");
      var entry = zip.getEntry(".signature.p7s");
      assertThat(entry.getMethod()).isEqualTo(java.util.zip.ZipEntry.STORED);
      return Files.write(folder.resolve("signature.p7s"), zip.getInputStream(entry).readAllBytes());
    }
  }

  private Path root() throws IOException {
    return Files.writeString(folder.resolve("root.pem"), Pem.encode(List.of(samples.ca.root())));
  }

  @ParameterizedTest
  @CsvSource({
    "sha256, SHA-256, 2.16.840.1.101.3.4.2.1",
    "sha384, SHA-384, 2.16.840.1.101.3.4.2.2",
    "sha512, SHA-512, 2.16.840.1.101.3.4.2.3"
  })
  void opensslVerifiesTheSignatureOverNugetsDigest(String hash, String jca, String oid)
      throws Exception {
    for (Bytes file : List.of(PackageSamples.nupkg(), PackageSamples.nupkg(300_000))) {
      Bytes signed = signed(file, hash);
      Path block = block(signed);
      Path content = folder.resolve("content");
      String said =
          Tool.require("openssl")
              .succeed(
                  "cms",
                  "-verify",
                  "-inform",
                  "DER",
                  "-in",
                  block,
                  "-CAfile",
                  root(),
                  "-purpose",
                  "any",
                  "-binary",
                  "-out",
                  content);
      assertThat(said).contains("CMS Verification successful");
      assertThat(Files.readString(content))
          .isEqualTo(
              "Version:1\n\n%s-Hash:%s\n\n".formatted(oid, NugetContentHash.of(signed, jca)));
    }
  }

  @Test
  void opensslVerifiesTheTimeStampAndSeesTheAttributes() throws Exception {
    Path block = block(signed(PackageSamples.nupkg(), "sha256"));
    SignerInformation info =
        new CMSSignedData(Files.readAllBytes(block)).getSignerInfos().iterator().next();
    Path value = Files.write(folder.resolve("value"), info.getSignature());
    var token =
        info.getUnsignedAttributes()
            .get(new org.bouncycastle.asn1.ASN1ObjectIdentifier("1.2.840.113549.1.9.16.2.14"));
    Path stamp =
        Files.write(
            folder.resolve("token"),
            token.getAttrValues().getObjectAt(0).toASN1Primitive().getEncoded("DER"));
    assertThat(
            Tool.require("openssl")
                .succeed(
                    "ts", "-verify", "-in", stamp, "-token_in", "-data", value, "-CAfile", root()))
        .contains("Verification: OK");
    assertThat(info.getSignedAttributes().get(CMSAttributes.signingTime)).isNotNull();
    String shown =
        Tool.require("openssl").succeed("cms", "-cmsout", "-print", "-inform", "DER", "-in", block);
    assertThat(shown)
        .contains(
            "id-smime-cti-ets-proofOfOrigin",
            "id-smime-aa-signingCertificateV2",
            "UTCTIME:Nov 21 12:00:00 2026 GMT");
  }

  @Test
  void jsignReadsOursAndReplacesIt() throws Exception {
    Bytes signed = signed(PackageSamples.nupkg(), "sha256");
    Path file = Files.write(folder.resolve("x.nupkg"), signed.toArray());
    try (Signable signable = Signable.of(file.toFile())) {
      List<CMSSignedData> found = signable.getSignatures();
      assertThat(found).hasSize(1);
      assertThat(found.getFirst().getSignerInfos()).hasSize(1);
      signable.setSignatures(List.of());
      signable.save();
    }
    assertThat(Bytes.wrap(Files.readAllBytes(file))).isEqualTo(PackageSamples.nupkg());
  }
}
