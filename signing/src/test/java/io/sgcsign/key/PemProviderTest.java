// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Secret;
import io.sgcsign.pki.KeyType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PemProviderTest {
  @TempDir private Path folder;
  private KeyFilesFixture files;

  @BeforeEach
  void makeKey() {
    files = new KeyFilesFixture(folder, KeyType.RSA_2048);
  }

  private KeySession open(String cert, String key, String chain, String password) {
    var plain = new HashMap<String, String>();
    plain.put("cert_file", files.path(cert).toString());
    if (!key.isEmpty()) {
      plain.put("key_file", files.path(key).toString());
    }
    if (!chain.isEmpty()) {
      plain.put("chain_file", files.path(chain).toString());
    }
    Map<String, Secret> secrets =
        password.isEmpty() ? Map.of() : Map.of("password", Secret.of(password));
    return files.open("PEM", new Params(plain, secrets));
  }

  private void opens(KeySession session) {
    assertThat(session.keys().getFirst().chain()).isEqualTo(files.chain());
  }

  @Test
  void readsKeyAndCertificatesFromOneTwoOrThreeFiles() {
    opens(open("all.pem", "key.pem", "", ""));
    opens(open("leaf.pem", "key.pem", "above.pem", ""));
    files.write("one.pem", files.text("key.pem") + files.text("all.pem"));
    opens(open("one.pem", "", "", ""));
    opens(open("one.pem", "one.pem", "", ""));
    files.write("crlf.pem", files.text("one.pem").replace("\n", "\r\n"));
    opens(open("crlf.pem", "", "", ""));
  }

  @Test
  void findsTheLeafAndOrdersTheChain() {
    opens(open("mixed.pem", "key.pem", "", ""));
    assertThat(open("leaf.pem", "key.pem", "", "").keys().getFirst().chain().certificates())
        .containsExactly(files.chain().leaf());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-v2 aes-256-cbc", "-v1 PBE-SHA1-3DES", "-scrypt", "-v2prf hmacWithSHA1"})
  void readsEncryptedPkcs8(String scheme) {
    var options = new java.util.ArrayList<Object>();
    options.add("pkcs8");
    options.add("-topk8");
    options.addAll(java.util.Arrays.asList((Object[]) scheme.split(" ", -1)));
    options.addAll(
        java.util.List.of("-in", files.path("key.pem"), "-passout", files.passwordFile()));
    files.openssl("enc.pem", options.toArray());
    opens(open("all.pem", "enc.pem", "", KeyFilesFixture.PASSWORD));
    assertThatThrownBy(() -> open("all.pem", "enc.pem", "", "wrong"))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("password does not open");
    assertThatThrownBy(() -> open("all.pem", "enc.pem", "", ""))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("is encrypted");
  }

  @Test
  void readsTraditionalFormsPlainAndEncrypted() {
    files.openssl("rsa.pem", "rsa", "-traditional", "-in", files.path("key.pem"));
    assertThat(files.text("rsa.pem")).contains("BEGIN RSA PRIVATE KEY");
    opens(open("all.pem", "rsa.pem", "", ""));
    files.openssl(
        "enc.pem",
        "rsa",
        "-traditional",
        "-aes128",
        "-in",
        files.path("key.pem"),
        "-passout",
        files.passwordFile());
    assertThat(files.text("enc.pem")).contains("Proc-Type: 4,ENCRYPTED");
    opens(open("all.pem", "enc.pem", "", KeyFilesFixture.PASSWORD));
    assertThatThrownBy(() -> open("all.pem", "enc.pem", "", "wrong"))
        .hasMessageContaining("password does not open");
  }

  @Test
  void readsSec1KeysWithTheirParameters() {
    files = new KeyFilesFixture(folder, KeyType.EC_P384);
    files.openssl("ec.pem", "ec", "-in", files.path("key.pem"));
    assertThat(files.text("ec.pem")).contains("BEGIN EC PRIVATE KEY");
    files.openssl("param.pem", "ecparam", "-name", "secp384r1");
    files.write("both.pem", files.text("param.pem") + files.text("ec.pem"));
    opens(open("all.pem", "both.pem", "", ""));
  }

  @Test
  void saysWhatIsWrong() {
    refuses(() -> open("all.pem", "", "", ""), "no private key");
    files.write("two.pem", files.text("key.pem") + files.text("key.pem"));
    refuses(() -> open("all.pem", "two.pem", "", ""), "2 keys");
    refuses(() -> open("key.pem", "", "", ""), "no certificate");
    refuses(() -> open("gone.pem", "key.pem", "", ""), "does not exist");
    files.write("text.pem", "hello");
    refuses(() -> open("text.pem", "key.pem", "", ""), "no PEM file");
    files.write("cut.pem", files.text("all.pem").substring(0, 300));
    refuses(() -> open("cut.pem", "key.pem", "", ""), "damaged");
    String other = KeyFilesFixture.issue(KeyType.RSA_2048).certificatesPem();
    files.write("other.pem", other);
    refuses(() -> open("other.pem", "key.pem", "", ""), "does not belong");
    String curve = KeyFilesFixture.issue(KeyType.EC_P256).certificatesPem();
    files.write("curve.pem", curve);
    refuses(() -> open("curve.pem", "key.pem", "", ""), "No certificate");
    files.openssl("ed.pem", "genpkey", "-algorithm", "ed25519");
    refuses(() -> open("all.pem", "ed.pem", "", ""), "not used for signing");
  }

  private static void refuses(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable open, String message) {
    assertThatThrownBy(open)
        .isInstanceOfSatisfying(
            KeyException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.hint()).isNotBlank();
            });
  }
}
