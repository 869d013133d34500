// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.ExtensionSamples;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Visual Studio extensions, signed through the packaged server and command line, judged by others.
 */
final class VsixIT {
  private static final String SIGN = "/api/v1/sign/vsix";
  private static final Bytes FILE = ExtensionSamples.vsix();
  @TempDir private static Path folder;
  private static Judges judges;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    judges = Judges.of(folder, pki);
    String rules = "{ \"timestamp\": \"optional\" }";
    place =
        Workplace.start(
            folder,
            pki,
            site ->
                site.provider("release", pki.signer("Release", KeyType.RSA_3072), rules)
                    .provider("ec", pki.signer("Elliptic", KeyType.EC_P256), rules));
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static FormData form(Bytes file) {
    return form(file, "release");
  }

  private static FormData form(Bytes file, String provider) {
    return new FormData().file(file, "a.vsix").field("provider", provider);
  }

  private static JsonValue.Obj report(Bytes file) {
    return api.post(Api.VERIFY, new FormData().file(file, "no-name")).good();
  }

  /** Insists that xmlsec1, openssl and our verifier, asked for any format, agree. */
  private static void good(Bytes signed, boolean stamped) throws IOException {
    JsonValue.Obj report = report(signed);
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.text("format")).contains("vsix");
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    judges.vsix(signed, stamped);
  }

  /** Names and checksums of the parts that do not tell the time of signing. */
  private static Set<String> parts(Bytes archive) throws IOException {
    Path path = Files.write(folder.resolve("parts.zip"), archive.toArray());
    try (var zip = new ZipFile(path.toFile())) {
      return zip.stream()
          .map(e -> e.getName() + (e.getName().endsWith(".psdsxs") ? "" : " " + e.getCrc()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void signsTheSamePartsByUploadAndByHash() throws IOException {
    Path path = Files.write(folder.resolve("same.vsix"), FILE.toArray());

    Bytes uploaded = api.post(SIGN, form(FILE).field("timestamp", "none")).signed();
    var run = place.sgcsign("sign", "-p", "release", "--timestamp", "none", path.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    Bytes hashed = Bytes.wrap(Files.readAllBytes(path));
    assertThat(parts(hashed)).isEqualTo(parts(uploaded));
    good(uploaded, false);
    good(hashed, false);
    good(api.post(SIGN, form(FILE)).signed(), true);
  }

  @Test
  void refusesASecondSignatureAndKeysVisualStudioDoesNotKnow() throws IOException {
    Bytes signed = api.post(SIGN, form(FILE)).signed();
    api.post(SIGN, form(signed).field("if_signed", "append")).problem(Code.ALREADY_SIGNED);
    api.post(SIGN, form(signed).field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
    api.post(SIGN, form(FILE, "ec")).problem(Code.CERTIFICATE_UNFIT);
    api.post(SIGN, form(FILE).field("hash", "sha1")).problem(Code.SHA1_NOT_ALLOWED);
    good(api.post(SIGN, form(signed).field("if_signed", "replace")).signed(), true);
  }

  @Test
  void tellsAnExtensionThatWasChanged() {
    Bytes signed = api.post(SIGN, form(FILE)).signed();
    byte[] changed = signed.toArray();
    int at = new String(changed, StandardCharsets.ISO_8859_1).indexOf("Acme.Tools.dll");
    changed[at] ^= 1;
    var asked = new FormData().file(Bytes.wrap(changed), "a").field("format", "vsix");
    api.post(Api.VERIFY, asked).problem(Code.ARTIFACT_MALFORMED);
    Bytes more = Bytes.concat(signed, Bytes.utf8("appended"));
    assertThat(api.post(Api.VERIFY, new FormData().file(more, "a")).status()).isEqualTo(422);
    assertThat(report(FILE).text("status")).contains("unsigned");
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Tool.require("xmlsec1");
    Path work = Files.createDirectories(folder.resolve("how-to"));
    for (String name : List.of("Acme.Tools.vsix", "Other.vsix", "Upload.vsix")) {
      Files.write(work.resolve(name), FILE.toArray());
    }
    Files.copy(judges.root(), work.resolve("root.pem"));
    var run = new HowToPage("sign-vsix").run(place.environment(), work);
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).contains("SignedInfo References (ok/all): 1/1");
    good(Bytes.wrap(Files.readAllBytes(work.resolve("Acme.Tools.vsix"))), true);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("uploaded.vsix"))), true);
  }
}
