// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.assembly.SelfTest;
import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PfxProviderTest {
  private static final String[] TRIPLE_DES = {
    "-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"
  };
  private static final String[] AES = {
    "-certpbe", "AES-256-CBC", "-keypbe", "AES-256-CBC", "-macalg", "sha256", "-iter", "2000"
  };

  private static final String ASCII = "correct horse"; // keytool guesses the encoding of others

  @TempDir private Path folder;
  private KeyFilesFixture files;

  @BeforeEach
  void makeKey() {
    files = new KeyFilesFixture(folder, KeyType.EC_P256);
  }

  static Stream<Arguments> exports() {
    return Stream.of(
        Arguments.of("openssl 3", new String[0]),
        Arguments.of("openssl 3 with a name", new String[] {"-name", "A name"}),
        Arguments.of("openssl 1.1", new String[] {"-legacy"}),
        Arguments.of("openssl without MAC", new String[] {"-nomac"}),
        Arguments.of("Windows TripleDES-SHA1", windows(TRIPLE_DES)),
        Arguments.of("Windows AES256-SHA256", windows(AES)));
  }

  private static String[] windows(String[] encryption) {
    return Stream.concat(
            Stream.of(encryption),
            Stream.of(
                "-name",
                "{6B1D5C8A-0F9E-4C1B-9A53-0A8B6C7D8E9F}",
                "-CSP",
                "Microsoft Enhanced Cryptographic Provider v1.0"))
        .toArray(String[]::new);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("exports")
  void readsWhatOtherProgramsExport(String name, String[] options) {
    Path file = files.export("k.pfx", (Object[]) options);
    try (var session = files.pfx(file)) {
      assertThat(session.state()).isEqualTo(KeySession.SessionState.READY);
      assertThat(session.keys()).as(name).hasSize(1);
      assertThat(session.keys().getFirst().chain()).isEqualTo(files.chain());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"RSA_3072", "RSA_4096", "EC_P384"})
  void signsWithEveryKindOfKey(KeyType type) {
    files = new KeyFilesFixture(folder, type);
    try (var session = files.pfx(files.export("k.pfx"))) {
      var assembler = new SignatureAssembler(CryptoBackend.select(new SecureRandom()));
      SigningKey key = session.keys().getFirst();
      var used = new SelfTest(assembler).run(key, Bytes.utf8("nonce"));
      assertThat(used).isEqualTo(key.algorithms().iterator().next());
      assertThat(used.digest()).isEqualTo(type.digest());
    }
  }

  @Test
  void readsWhatKeytoolExportsAndAsksForAnAliasIfThereAreSeveral() {
    Path file = files.path("k.pfx");
    files.openssl(
        "k.pfx",
        "pkcs12",
        "-export",
        "-name",
        "First",
        "-inkey",
        files.path("key.pem"),
        "-in",
        files.path("all.pem"),
        "-passout",
        "pass:" + ASCII);
    Tool.require("keytool")
        .succeed(
            "-genkeypair",
            "-alias",
            "second",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=Second TEST",
            "-keystore",
            file,
            "-storetype",
            "PKCS12",
            "-storepass",
            ASCII);
    assertThatThrownBy(() -> files.pfx(file, ASCII, Map.of()))
        .isInstanceOfSatisfying(
            KeyException.class,
            e -> {
              assertThat(e).hasMessageContaining("holds 2 keys");
              assertThat(e.hint()).contains("first").contains("second");
            });
    assertThat(subject(file, "second")).isEqualTo("CN=Second TEST");
    assertThat(subject(file, "FIRST")).contains("Key File TEST");
    assertThatThrownBy(() -> subject(file, "third")).hasMessageContaining("no key \"third\"");
  }

  private String subject(Path file, String alias) {
    try (var session = files.pfx(file, ASCII, Map.of("alias", alias))) {
      var leaf = session.keys().getFirst().chain().leaf();
      return leaf.getSubjectX500Principal().getName();
    }
  }

  @Test
  void takesALeafWithoutItsIssuersAndCertificatesInAnyOrder() {
    Path lonely =
        files.openssl(
            "leaf.pfx",
            "pkcs12",
            "-export",
            "-inkey",
            files.path("key.pem"),
            "-in",
            files.path("leaf.pem"),
            "-passout",
            files.passwordFile());
    assertThat(files.pfx(lonely).keys().getFirst().chain().certificates())
        .containsExactly(files.chain().leaf());
    Path mixed =
        files.openssl(
            "mixed.pfx",
            "pkcs12",
            "-export",
            "-inkey",
            files.path("key.pem"),
            "-in",
            files.path("mixed.pem"),
            "-passout",
            files.passwordFile());
    assertThat(files.pfx(mixed).keys().getFirst().chain()).isEqualTo(files.chain());
  }

  @Test
  void takesAnEmptyPassword() {
    Path file =
        files.openssl(
            "open.pfx",
            "pkcs12",
            "-export",
            "-inkey",
            files.path("key.pem"),
            "-in",
            files.path("all.pem"),
            "-passout",
            "pass:");
    assertThat(files.pfx(file, "", Map.of()).keys()).hasSize(1);
    var params = new Params(Map.of("file", file.toString()), Map.of());
    assertThat(files.open("PFX", params).keys()).hasSize(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("exports")
  void saysThatThePasswordIsWrong(String name, String[] options) {
    Path file = files.export("k.pfx", (Object[]) options);
    assertThatThrownBy(() -> files.pfx(file, "wrong", Map.of()))
        .as(name)
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("password does not open")
        .hasMessageNotContaining("wrong");
  }

  @Test
  void saysWhatIsWrongWithOtherFiles() throws IOException {
    Path none =
        files.openssl(
            "none.pfx",
            "pkcs12",
            "-export",
            "-nokeys",
            "-in",
            files.path("all.pem"),
            "-passout",
            files.passwordFile());
    refuses(none, "holds no private key");
    refuses(files.path("gone.pfx"), "does not exist");
    refuses(files.path("key.pem"), "no PKCS#12 file");
    refuses(Files.write(files.path("empty.pfx"), new byte[0]), "is empty");
    refuses(Files.write(files.path("big.pfx"), new byte[1024 * 1024 + 1]), "more than");
    byte[] cut = Files.readAllBytes(files.export("k.pfx"));
    refuses(
        Files.write(files.path("cut.pfx"), java.util.Arrays.copyOf(cut, cut.length / 2)),
        "cannot be read as PKCS#12");
    refuses(folder, "cannot be read");
  }

  private void refuses(Path file, String message) {
    assertThatThrownBy(() -> files.pfx(file))
        .isInstanceOfSatisfying(
            KeyException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.hint()).isNotBlank();
            });
  }

  @Test
  void refusesAShortRsaKey() {
    files = new KeyFilesFixture(folder, KeyType.RSA_1024);
    refuses(files.export("weak.pfx"), "1024 bits");
  }

  @Test
  void takesANewFileAfterASecondAndKeepsTheOldKeyIfItIsBad() throws IOException {
    Path file = files.export("k.pfx");
    var session = files.pfx(file);
    var first = session.keys();
    byte[] other = Files.readAllBytes(new KeyFilesFixture(folder, KeyType.EC_P384).export("2.pfx"));
    Files.write(file, other);
    assertThat(session.keys()).as("not looked at again yet").isSameAs(first);
    files.pass(Duration.ofSeconds(1));
    var second = session.keys();
    assertThat(second.getFirst().chain()).isNotEqualTo(first.getFirst().chain());
    Files.writeString(file, "not a key");
    files.pass(Duration.ofSeconds(1));
    assertThat(session.keys()).isSameAs(second);
    assertThat(session.state().ready()).isTrue();
    assertThat(session.state().detail()).contains("old key").contains("no PKCS#12 file");
    Files.write(file, other);
    files.pass(Duration.ofSeconds(1));
    assertThat(session.state()).isEqualTo(KeySession.SessionState.READY);
    session.close();
    assertThat(session.keys()).isEmpty();
    assertThat(session.state().ready()).isFalse();
  }
}
