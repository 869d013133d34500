// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.SampleProgram;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of program, key and signature, signed by the server and judged by others. */
final class PeMatrixIT {
  private static final String RULES = "{ \"timestamp\": \"optional\", \"allow_sha1\": true }";
  @TempDir private static Path folder;
  private static Path root;
  private static Issued rsa;
  private static ServerProcess server;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    var site = Site.in(folder).stamping(pki, Site.freePort());
    rsa = pki.signer("RSA_3072", KeyType.RSA_3072);
    for (KeyType type : List.of(KeyType.RSA_4096, KeyType.EC_P256, KeyType.EC_P384)) {
      site.provider(type.name(), pki.signer(type.name(), type), RULES);
    }
    site.provider("RSA_3072", rsa, RULES);
    root = pki.rootFile(folder);
    server = site.write().start();
    api = Api.signedUp(server.uri());
  }

  @AfterAll
  static void stop() {
    api.close();
    server.close();
  }

  /** The kinds of programs. */
  enum Kind {
    X86,
    X64,
    ARM64,
    EFI,
    ODD,
    OVERLAY,
    LARGE,
    PROGRAM;

    Bytes file() {
      return switch (this) {
        case X86 -> PeBuilder.x86().build();
        case X64 -> PeBuilder.x64().build();
        case ARM64 -> PeBuilder.arm64().build();
        case EFI -> PeBuilder.efi().build();
        case ODD -> PeBuilder.x64().overlay(7).build();
        case OVERLAY -> PeBuilder.x64().overlay(40_000).build();
        case LARGE -> PeBuilder.x64().sections(3, 1024 * 1024).build();
        case PROGRAM -> SampleProgram.create();
      };
    }

    /** sbverify 0.9.4 hashes files with an overlay or of odd length wrongly. */
    boolean knownToSbverify() {
      return this != ODD && this != OVERLAY;
    }
  }

  private static Path written(Bytes content) {
    try {
      return Files.write(Files.createTempFile(folder, "signed", ".exe"), content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Insists that osslsigncode and our verifier like it; returns what osslsigncode said. */
  private static String good(Bytes signed, boolean stamped) {
    JsonValue.Obj report = api.verify(signed).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    Path file = written(signed);
    String said =
        Tool.require("osslsigncode")
            .succeed("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", file);
    assertThat(said).contains("Succeeded").doesNotContain("MISMATCH");
    return said;
  }

  private static void goodForFirmware(Bytes signed) {
    String said = Tool.require("sbverify").succeed("--cert", root, written(signed));
    assertThat(said).contains("Signature verification OK");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void signsEveryKindOfProgram(Kind kind) {
    Bytes signed =
        api.sign(FormData.of(kind.file(), "RSA_3072").field("description", kind.name())).signed();

    assertThat(good(signed, true)).contains("Text description: " + kind.name());
    if (kind.knownToSbverify()) {
      goodForFirmware(signed);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void makesTheSameFileOfAHashAndOfAnUpload(Kind kind) {
    Map<String, String> options = Map.of("hash", "sha256", "description", "one code path");
    var form =
        FormData.of(kind.file(), "RSA_3072")
            .field("timestamp", "none")
            .field("description", "one code path");

    Bytes uploaded = api.sign(form).signed();
    Bytes hashed =
        new RemoteSigner(api, "RSA_3072", Optional.of("none"), options).sign(kind.file());

    assertThat(hashed.equals(uploaded)).isTrue();
    assertThat(good(hashed, false)).contains("one code path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA_3072", "RSA_4096", "EC_P256", "EC_P384"})
  void signsWithEveryKindOfKey(String key) {
    Bytes signed = api.sign(FormData.of(Programs.x64(), key)).signed();

    var _ = good(signed, true);
    goodForFirmware(signed);
  }

  static Stream<Arguments> digests() {
    return Stream.of("sha256", "sha384", "sha512")
        .flatMap(hash -> Stream.of("RSA_3072", "EC_P384").map(key -> Arguments.of(hash, key)));
  }

  @ParameterizedTest
  @MethodSource("digests")
  void signsWithEveryDigest(String hash, String key) {
    var form = FormData.of(Programs.x64(), key).field("hash", hash).field("page_hashes", "false");

    String said = good(api.sign(form).signed(), true);

    assertThat(said)
        .containsPattern("Message digest algorithm *: " + hash.toUpperCase(Locale.ROOT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"upload", "hash"})
  void signsTheDigestOfEveryPage(String mode) {
    Map<String, String> options = Map.of("hash", "sha256", "page_hashes", "true");
    Bytes file = Kind.LARGE.file();
    Bytes signed =
        mode.equals("hash")
            ? new RemoteSigner(api, "RSA_3072", Optional.empty(), options).sign(file)
            : api.sign(FormData.of(file, "RSA_3072").field("page_hashes", "true")).signed();

    String said = good(signed, true);

    assertThat(said).contains("Page hash algorithm  : SHA256");
    assertThat(lines(said, "Page hash ")).isEqualTo(lines(said, "Calculated page hash "));
  }

  private static String lines(String text, String start) {
    return Arrays.stream(text.split("\n"))
        .filter(l -> l.startsWith(start) && l.contains(": 0000"))
        .map(l -> l.substring(l.indexOf(": ")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + start + " in " + text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"upload", "hash"})
  void makesADualSignature(String mode) {
    Map<String, String> options = Map.of("hash", "sha1,sha256");
    Bytes file = Programs.x64();
    Bytes signed =
        mode.equals("hash")
            ? new RemoteSigner(api, "RSA_3072", Optional.empty(), options).sign(file)
            : api.sign(FormData.of(file, "RSA_3072").field("hash", "sha1,sha256")).signed();

    String said = good(signed, true);

    assertThat(said)
        .contains("Signature Index: 0  (Primary Signature)", "Signature Index: 1")
        .contains("Message digest algorithm  : SHA1", "Message digest algorithm  : SHA256")
        .contains("Number of verified signatures: 2")
        // what the time stamps are made of: SHA-256 even for the SHA-1 signature
        .contains("Hash Algorithm: sha256")
        .doesNotContain("Hash Algorithm: sha1");
  }

  @Test
  void addsASignatureToASignedProgramOrTakesItsPlace() {
    Bytes first = api.sign(FormData.of(Programs.x64(), "RSA_3072")).signed();

    Bytes both = api.sign(FormData.of(first, "RSA_4096").field("if_signed", "append")).signed();
    Bytes second = api.sign(FormData.of(first, "RSA_4096").field("if_signed", "replace")).signed();

    assertThat(good(both, true)).contains("Number of verified signatures: 2");
    assertThat(good(second, true)).contains("Number of verified signatures: 1", "CN=RSA_4096");
  }

  @Test
  void addsASignatureBesideTheFirstInFirmware() {
    Bytes first = api.sign(FormData.of(Kind.EFI.file(), "RSA_3072")).signed();

    Bytes both = api.sign(FormData.of(first, "RSA_4096").field("if_signed", "append")).signed();

    String listed = Tool.require("sbverify").succeed("--list", written(both));
    assertThat(listed).contains("signature 1", "signature 2");
    goodForFirmware(both);
  }

  @Test
  void signsAProgramThatOsslsigncodeSignedBefore() {
    Tool osslsigncode = Tool.require("osslsigncode");
    Path pfx = folder.resolve("EC_P256.pfx");
    Path target = folder.resolve("foreign.exe");
    osslsigncode.succeed(
        "sign",
        "-pkcs12",
        pfx,
        "-pass",
        TestPki.PASSWORD,
        "-h",
        "sha256",
        "-in",
        written(Programs.x64()),
        "-out",
        target);
    try {
      Bytes foreign = Bytes.wrap(Files.readAllBytes(target));
      Bytes both = api.sign(FormData.of(foreign, "RSA_3072").field("if_signed", "append")).signed();
      assertThat(api.verify(both).good().items("signatures")).hasSize(2);
      osslsigncode.succeed("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", written(both));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void padsRsaSignaturesAsAsked() throws Exception {
    var form = FormData.of(Programs.x64(), "RSA_3072").field("rsa_padding", "pss");

    Bytes signed = api.sign(form).signed();

    JsonValue.Obj report = api.verify(signed).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    var primary = (JsonValue.Obj) report.items("signatures").getFirst();
    assertThat(primary.text("signature_algorithm")).contains("rsa-pss/sha256");
    Path block = folder.resolve("pss.p7");
    Tool.require("osslsigncode")
        .succeed("extract-signature", "-in", written(signed), "-out", block);
    // today's tools know no RSA-PSS in PKCS#7; Bouncy Castle does
    var data = new CMSSignedData(Files.readAllBytes(block));
    SignerInformation signer = data.getSignerInfos().iterator().next();
    assertThat(signer.getEncryptionAlgOID()).isEqualTo("1.2.840.113549.1.1.10");
    assertThat(
            signer.verify(
                new JcaSimpleSignerInfoVerifierBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build(rsa.certificate())))
        .isTrue();
  }

  /** What the judges are worth: they refuse what was changed. */
  @Test
  void isBelievedByNobodyAfterAChange() {
    byte[] changed = api.sign(FormData.of(Programs.x64(), "RSA_3072")).signed().toArray();
    changed[700] ^= 1;
    Bytes file = Bytes.wrap(changed);

    assertThat(api.verify(file).good().text("status")).contains("invalid");
    assertThat(
            Tool.require("osslsigncode")
                .run("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", written(file))
                .ok())
        .isFalse();
    assertThat(Tool.require("sbverify").run("--cert", root, written(file)).ok()).isFalse();
  }
}
