// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.layout.cfb.CfbBuilder;
import io.sgcsign.layout.msi.InstallerPackage;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jsign.AuthenticodeSigner;
import net.jsign.DigestAlgorithm;
import net.jsign.Signable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.cms.CMSSignedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed installer packages, against osslsigncode and jsign in both directions. */
final class MsiSignaturesTest {
  // the tools compare with the clock of the machine
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued rsa =
      samples.ca.issue(LeafProfile.codeSigning("Package TEST", KeyType.RSA_2048, samples.now));
  private final Random random = new Random(84);

  @TempDir Path folder;

  /** A package by its name in the tests below. */
  private Bytes made(String kind) throws IOException {
    return switch (kind) {
      case "version 3" -> CfbBuilder.sample(3).balanced().build();
      case "version 4" -> CfbBuilder.sample(4).balanced().build();
      case "scattered" -> CfbBuilder.sample(3).scattered().build();
      case "many streams" -> many();
      case "with a DIFAT" ->
          CfbBuilder.sample(3).stream("Big", CfbBuilder.bytes(random, 8_000_000)).build();
      case "wixl" -> wixl();
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private Bytes many() {
    var builder = CfbBuilder.version(3).balanced();
    for (int i = 0; i < 300; i++) {
      builder.stream("Stream " + i, CfbBuilder.bytes(random, random.nextInt(6000)));
    }
    return builder.build();
  }

  private Bytes wixl() throws IOException {
    Tool wixl = Tool.require("wixl");
    Files.write(folder.resolve("program.bin"), CfbBuilder.bytes(random, 100_000).toArray());
    Path source =
        Files.writeString(
            folder.resolve("package.wxs"),
            """
            <Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
              <Product Id="*" Name="TEST" Language="1033" Version="1.0" Manufacturer="TEST"
                  UpgradeCode="12345678-1234-1234-1234-111111111111">
                <Package InstallerVersion="200" Compressed="yes"/>
                <Media Id="1" Cabinet="a.cab" EmbedCab="yes"/>
                <Directory Id="TARGETDIR" Name="SourceDir">
                  <Component Id="C" Guid="12345678-1234-1234-1234-222222222222">
                    <File Id="F" Source="%s" KeyPath="yes"/>
                  </Component>
                </Directory>
                <Feature Id="M" Level="1"><ComponentRef Id="C"/></Feature>
              </Product>
            </Wix>
            """
                .formatted("program.bin")); // beside the source
    Path out = folder.resolve("package.msi");
    var _ = wixl.succeed("-o", out, source);
    return Bytes.wrap(Files.readAllBytes(out));
  }

  private Path write(Bytes file) throws IOException {
    return Files.write(Files.createTempFile(folder, "p", ".msi"), file.toArray());
  }

  private Tool.Result osslsigncode(Bytes file) throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem());
    return Tool.require("osslsigncode")
        .run("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", write(file));
  }

  private String osslsigncodeAccepts(Bytes file) throws IOException {
    var said = osslsigncode(file);
    assertThat(said.ok()).as(said.output()).isTrue();
    assertThat(said.output())
        .contains("Signature verification: ok")
        .doesNotContain("MISMATCH", "failed");
    return said.output();
  }

  private VerificationReport accepts(Bytes file, int signatures) {
    VerificationReport report = samples.verify(file);
    assertThat(Samples.refusals(report)).as("%s", report.fileChecks()).isEmpty();
    assertThat(report.valid()).isTrue();
    assertThat(report.signatures()).hasSize(signatures);
    return report;
  }

  private boolean valid(Bytes file) {
    try {
      return samples.verify(file).valid();
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
      return false;
    }
  }

  private Bytes stamped(Bytes file, Map<String, String> options) {
    return samples.stamped(file, options);
  }

  private static Bytes strip(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(Samples.FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"version 3", "version 4", "scattered", "many streams", "with a DIFAT", "wixl"})
  void osslsigncodeAndJsignAcceptEverySignatureWeMake(String kind) throws Exception {
    Bytes file = made(kind);
    for (String hash : List.of("sha1", "sha256", "sha384", "sha512")) {
      Bytes signed = stamped(file, Map.of("hash", hash, "description", "A package"));
      accepts(signed, 1);
      assertThat(osslsigncodeAccepts(signed))
          .contains("Calculated MsiDigitalSignatureEx", "Timestamp Server Signature verification");
      goodForJsign(signed, hash);
    }
    Bytes plain = stamped(file, Map.of("msi_extended", "false"));
    assertThat(osslsigncodeAccepts(plain)).contains("MsiDigitalSignatureEx stream doesn't exist");
    goodForJsign(plain, "sha256");
    Bytes dual = stamped(file, Map.of("hash", "sha1,sha256"));
    accepts(dual, 2);
    osslsigncodeAccepts(dual);
    assertThat(strip(dual).size()).isEqualTo(file.size());
  }

  /** jsign 7.4 does not verify: it reads the signature and digests the file. */
  private void goodForJsign(Bytes file, String hash) throws Exception {
    var algorithm = DigestAlgorithm.of(hash);
    try (Signable signable = Signable.of(write(file).toFile())) {
      var signature = new CMSSignedData(signable.getSignatures().getFirst().toASN1Structure());
      assertThat(ASN1Sequence.getInstance(signature.getSignedContent().getContent()))
          .isEqualTo(ASN1Sequence.getInstance(signable.createIndirectData(algorithm)));
    }
  }

  private Bytes osslsigncodeSigns(Bytes file, Object... more) throws IOException {
    Path key = Files.writeString(folder.resolve("key.pem"), rsa.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), rsa.certificatesPem());
    Path out = folder.resolve("out.msi");
    Files.deleteIfExists(out);
    var arguments = new ArrayList<Object>(List.of("sign", "-certs", chain, "-key", key));
    arguments.addAll(Arrays.asList(more));
    arguments.addAll(List.of("-in", write(file), "-out", out));
    assertThat(Tool.require("osslsigncode").succeed(arguments.toArray())).contains("Succeeded");
    return Bytes.wrap(Files.readAllBytes(out));
  }

  // osslsigncode 2.9 writes no file whose storages lie in storages so that others can read it
  @ParameterizedTest
  @ValueSource(strings = {"many streams", "wixl"})
  void weAcceptWhatOsslsigncodeSigned(String kind) throws IOException {
    Bytes file = made(kind);
    for (String hash : List.of("sha1", "sha256", "sha384", "sha512")) {
      accepts(osslsigncodeSigns(file, "-h", hash), 1);
      accepts(osslsigncodeSigns(file, "-h", hash, "-add-msi-dse"), 1);
    }
    Bytes once = osslsigncodeSigns(file, "-h", "sha256", "-add-msi-dse");
    Bytes twice = osslsigncodeSigns(once, "-h", "sha256", "-add-msi-dse", "-nest");
    accepts(twice, 2);
    Bytes ours = stamped(twice, Map.of("existing", "append"));
    accepts(ours, 3);
    osslsigncodeAccepts(ours);
    Bytes replaced = stamped(ours, Map.of());
    accepts(replaced, 1);
    osslsigncodeAccepts(replaced);
    rejectsChanges(once);
    // and it appends to ours
    accepts(osslsigncodeSigns(replaced, "-h", "sha256", "-add-msi-dse", "-nest"), 2);
  }

  private Bytes jsign(Bytes file, boolean replace) throws Exception {
    Path target = write(file);
    var chain = rsa.chain().certificates().toArray(X509Certificate[]::new);
    var signer =
        new AuthenticodeSigner(chain, rsa.keys().getPrivate())
            .withDigestAlgorithm(DigestAlgorithm.SHA256)
            .withSignaturesReplaced(replace)
            .withTimestamping(false);
    try (Signable signable = Signable.of(target.toFile())) {
      signer.sign(signable);
    }
    return Bytes.wrap(Files.readAllBytes(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"version 3", "version 4", "scattered", "many streams", "with a DIFAT", "wixl"})
  void weAcceptWhatJsignSigned(String kind) throws Exception {
    Bytes file = made(kind);
    Bytes once = jsign(file, true);
    accepts(once, 1);
    rejectsChanges(once);
    accepts(jsign(once, false), 2);
    Bytes ours = stamped(once, Map.of("existing", "append"));
    accepts(ours, 2);
    osslsigncodeAccepts(ours);
    Bytes beside = jsign(stamped(file, Map.of()), false);
    // what jsign 7.4 writes changes the state of storages, which breaks extended signatures
    assertThat(valid(beside)).isEqualTo(osslsigncode(beside).ok());
    assertThat(valid(beside)).isEqualTo(List.of("many streams", "wixl").contains(kind));
    accepts(jsign(stamped(file, Map.of("msi_extended", "false")), true), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"version 3", "version 4", "many streams", "wixl"})
  void fiveRoundsStayGood(String kind) throws IOException {
    Bytes file = made(kind);
    Bytes signed = file;
    for (int round = 0; round < 5; round++) {
      signed = stamped(signed, Map.of("description", "Round " + round));
      signed = stamped(signed, Map.of("existing", "append"));
      accepts(signed, 2);
      osslsigncodeAccepts(signed);
      assertThat(strip(signed).size()).isEqualTo(file.size());
      signed = stamped(signed, Map.of("msi_extended", round % 2 == 0 ? "false" : "true"));
      accepts(signed, 1);
      osslsigncodeAccepts(signed);
      signed = round % 2 == 0 ? strip(signed) : signed;
    }
    Bytes bare = strip(signed);
    assertThat(samples.verify(bare).status().name()).isEqualTo("UNSIGNED");
    // colours and neighbours in the directory are all that may differ from what came first
    assertThat(stamped(bare, Map.of()).size()).isEqualTo(stamped(file, Map.of()).size());
    assertThat(strip(stamped(bare, Map.of()))).isEqualTo(bare);
  }

  private void rejectsChanges(Bytes signed) {
    assertThat(valid(signed)).isTrue();
    Bytes name = Bytes.wrap("\u0005DigitalSignature".getBytes(StandardCharsets.UTF_16LE));
    assertThat(valid(Samples.flip(signed, indexOf(signed, name.toArray()), 1))).isFalse();
    Bytes block = Samples.FORMAT.blocks(Artifact.of(signed)).getFirst();
    int place = indexOf(signed, block.slice(0, 60).toArray());
    for (int at = 0; at < 150; at++) { // behind it come certificates, of which some may go
      assertThat(valid(Samples.flip(signed, place + at, 1))).as("flip at %d", at).isFalse();
    }
    assertThat(valid(signed.slice(0, signed.size() - 600))).isFalse();
    assertThat(valid(signed.slice(0, signed.size() / 2))).isFalse();
    assertThat(valid(Bytes.concat(signed, Bytes.utf8("PK\u0005\u0006")))).isFalse();
    assertThat(valid(Bytes.concat(signed, Bytes.wrap(new byte[5000]), Bytes.utf8("JAR"))))
        .isFalse();
  }

  private static int indexOf(Bytes in, byte[] what) {
    return new String(in.toArray(), StandardCharsets.ISO_8859_1)
        .indexOf(new String(what, StandardCharsets.ISO_8859_1));
  }

  @Test
  void refusesEveryChangeOfContentAndOfWhatTheDirectorySays() throws IOException {
    Bytes inner = CfbBuilder.bytes(random, 5000);
    Bytes small = CfbBuilder.bytes(random, 100);
    Bytes file =
        CfbBuilder.version(3).balanced().stream("Large", inner)
            .storage("Storage", CfbBuilder.MSI)
            .stream("Small", small)
            .end()
            .build();
    Bytes extended = stamped(file, Map.of());
    Bytes plain = stamped(file, Map.of("msi_extended", "false"));
    rejectsChanges(extended);
    rejectsChanges(plain);
    for (Bytes content : List.of(inner, small)) {
      for (int at = 0; at < content.size(); at += 7) {
        int place = indexOf(extended, content.slice(0, 64).toArray());
        Bytes changed = Samples.flip(extended, Math.min(place + at, place + 99), 1);
        assertThat(valid(changed)).isFalse();
        assertThat(osslsigncodeOr(changed, at)).isFalse();
      }
    }
    int storage = indexOf(extended, "Storage".getBytes(StandardCharsets.UTF_16LE));
    // a time of the storage: only the extended signature covers it
    assertThat(Samples.refusals(samples.verify(Samples.flip(extended, storage + 105, 1))))
        .containsExactly(CheckName.METADATA);
    int same = indexOf(plain, "Storage".getBytes(StandardCharsets.UTF_16LE));
    assertThat(valid(Samples.flip(plain, same + 105, 1))).isTrue();
    assertThat(valid(Samples.flip(plain, same + 80, 1))).as("its class").isFalse();
  }

  /** A process for each would take minutes. */
  private boolean osslsigncodeOr(Bytes changed, int at) throws IOException {
    return at % 1001 == 0 && osslsigncode(changed).ok();
  }

  @Test
  void saysWhereExtendedSignaturesDoNotGo() throws IOException {
    Bytes file = made("version 3");
    Bytes extended = stamped(file, Map.of());
    Bytes plain = stamped(file, Map.of("msi_extended", "false"));

    assertThatThrownBy(() -> stamped(extended, Map.of("existing", "append", "hash", "sha512")))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("of another digest");
    assertThatThrownBy(() -> stamped(plain, Map.of("existing", "append", "msi_extended", "true")))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("was made without");
    assertThatThrownBy(
            () -> stamped(extended, Map.of("existing", "append", "msi_extended", "false")))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("was made with");
    assertThatThrownBy(() -> stamped(file, Map.of("hash", "sha1,sha256", "msi_extended", "true")))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("one hash");
    accepts(stamped(plain, Map.of("existing", "append", "hash", "sha512")), 2);
  }

  @Test
  void refusesDocumentsOfOfficeAndPackagesWithMoreBehindThem() throws IOException {
    Bytes word =
        CfbBuilder.sample(3).rootClass(Bytes.fromHex("0609020000000000c000000000000046")).build();
    assertThat(Samples.FORMAT.recognise(Artifact.of(word), "a.msi")).isEmpty();
    assertThatThrownBy(() -> stamped(word, Map.of()))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("no Windows Installer package");
    Bytes glued = Bytes.concat(made("version 3"), Bytes.utf8("PK"));
    assertThatThrownBy(() -> stamped(glued, Map.of()))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("CVE-2020-1464");
    Bytes signed = Bytes.concat(stamped(made("version 3"), Map.of()), Bytes.utf8("PK"));
    assertThat(Samples.refusals(samples.verify(signed))).containsExactly(CheckName.HIDDEN_DATA);
  }

  @Test
  void refusesTheSignatureOfAnotherKindOfFile() throws IOException {
    Bytes script = stamped(Bytes.utf8("WScript.Echo 1\r\n"), Map.of("kind", "vbs"));
    Bytes block = Samples.FORMAT.blocks(Artifact.of(script)).getFirst();
    Bytes empty = CfbBuilder.version(3).stream("\u0005DigitalSignature", block).build();
    VerificationReport report = samples.verify(empty);
    assertThat(report.valid()).isFalse();
    assertThat(Samples.refusals(report)).contains(CheckName.STRUCTURE);
  }

  @Test
  void knowsWhatSigntoolWritesAndNothingElse() throws IOException {
    var subject = new MsiSubject(InstallerPackage.parse(Artifact.of(made("version 3"))));
    var sha256 = io.sgcsign.pki.DigestAlgorithm.SHA256;
    var scan = subject.scan(Set.of(sha256));
    for (String version : List.of("01", "02")) {
      var content = sipInfo(version, scan.digest(sha256).value());
      assertThat(subject.judge(content, scan)).allMatch(c -> c.outcome() == Outcome.PASSED);
    }
    assertThatThrownBy(() -> subject.judge(sipInfo("03", Bytes.EMPTY), scan))
        .isInstanceOf(DerException.class)
        .hasMessageContaining("another kind");
  }

  private static SpcContent sipInfo(String version, Bytes digest) {
    String value =
        "30240201" + version + "0410f1100c0000000000c000000000000046" + "020100".repeat(5);
    return new SpcContent(
        "1.3.6.1.4.1.311.2.1.30",
        Optional.of(Bytes.fromHex(value)),
        "2.16.840.1.101.3.4.2.1",
        digest);
  }
}
