// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.appx.AppxBuilder;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.WindowsName;
import io.sgcsign.signature.Imprint;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MSIX packages and bundles, signed through the packaged server and command line. */
final class MsixIT {
  @TempDir private static Path folder;
  private static Judges judges;
  private static Workplace place;
  private static Api api;
  private static String publisher;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    judges = Judges.of(folder, pki);
    Issued signer = pki.signer("Release & Co., Ltd", KeyType.RSA_3072);
    publisher = WindowsName.of(signer.certificate().getSubjectX500Principal()).toString();
    place =
        Workplace.start(
            folder,
            pki,
            site -> site.provider("release", signer, "{ \"timestamp\": \"optional\" }"));
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static Bytes app() {
    return AppxBuilder.app(publisher).build();
  }

  private static FormData form(Bytes file) {
    return new FormData().file(file, "package.bin").field("provider", "release");
  }

  private static void good(Bytes signed, boolean stamped) throws IOException {
    JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(signed, "no-name")).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    assertThat(report.object("facts").orElseThrow().text("publisher")).contains(publisher);
    assertThat(judges.osslsigncode(signed, "msix")).contains("Number of verified signatures: 1");
  }

  @Test
  void signsTheSameBytesByUploadAndByHash() throws IOException {
    Bytes bundle = AppxBuilder.bundle(publisher).build();
    for (Bytes file : List.of(app(), bundle)) {
      Path path = Files.write(folder.resolve("same.msix"), file.toArray());

      Bytes uploaded = api.sign(form(file).field("timestamp", "none")).signed();
      Packaged.Run run =
          place.sgcsign("sign", "-p", "release", "--timestamp", "none", path.toString());

      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(uploaded);
      good(uploaded, false);
      good(api.sign(form(file)).signed(), true);
    }
  }

  @Test
  void signsWithTheDigestOfTheBlockMapOnly() throws IOException {
    Bytes file = AppxBuilder.app(publisher).hash(DigestAlgorithm.SHA512).build();
    good(api.sign(form(file).field("hash", "sha512")).signed(), true);
    String detail = api.sign(form(file)).problem(Code.OPTION_INVALID).toString();
    assertThat(detail).contains("hash=sha512");
    api.sign(form(app()).field("hash", "sha256,sha512")).problem(Code.OPTION_INVALID);
  }

  @Test
  void replacesASignatureAndRefusesASecondOne() throws IOException {
    Bytes signed = api.sign(form(app())).signed();
    api.sign(form(signed).field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
    api.sign(form(signed).field("if_signed", "append")).problem(Code.ALREADY_SIGNED);
    good(api.sign(form(signed).field("if_signed", "replace")).signed(), true);
    assertThat(api.sign(form(signed).field("if_signed", "skip")).signed()).isEqualTo(signed);
  }

  @Test
  void refusesAnotherPublisherByUploadAndByHash() throws IOException {
    Bytes foreign = AppxBuilder.app("CN=Contoso, S=Ohio, C=US").build();
    String problem = api.sign(form(foreign)).problem(Code.ARTIFACT_PUBLISHER).toString();
    assertThat(problem).contains("CN=Contoso, S=Ohio, C=US", "Publisher=", "Release &amp; Co.");

    Path path = Files.write(folder.resolve("foreign.msix"), foreign.toArray());
    Packaged.Run run = place.sgcsign("sign", "-p", "release", path.toString());
    assertThat(run.exit()).isNotZero();
    assertThat(run.output()).contains("SGC-ARTIFACT-PUBLISHER", "CN=Contoso, S=Ohio, C=US");
    assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(foreign);
  }

  @Test
  void refusesAnImprintThatNamesAnotherPublisherThanTheSigner() {
    var context = RemoteSigner.context(api, "release", "sha256");
    Imprint honest = RemoteSigner.imprint(app(), Map.of(), context);
    assertThat(hash(honest).toString()).contains("block=Obj");
    var facts = new TreeMap<>(Map.of("publisher", "CN=Contoso"));
    var lying =
        new Imprint(
            honest.format(),
            honest.kind(),
            honest.digest(),
            honest.artifact(),
            honest.signer(),
            honest.parts(),
            facts);
    assertThat(hash(lying).toString()).contains("CN=Contoso").doesNotContain("block=Obj");
  }

  private static JsonValue.Obj hash(Imprint imprint) {
    var item = new HashRequest.Item("x.msix", Optional.empty(), 0, Optional.empty(), imprint);
    return api.hash(new HashRequest("release", Optional.of("none"), Map.of(), List.of(item)))
        .good();
  }

  @Test
  void tellsAPackageThatWasChanged() {
    Bytes signed = api.sign(form(app())).signed();
    byte[] changed = signed.toArray();
    changed[100] ^= 1;
    var form = new FormData().file(Bytes.wrap(changed), "a");
    assertThat(api.post(Api.VERIFY, form).good().text("status")).contains("invalid");
    var bare = new FormData().file(app(), "a");
    assertThat(api.post(Api.VERIFY, bare).good().text("status")).contains("unsigned");
    api.sign(form(signed.slice(0, 5_000))).problem(Code.ARTIFACT_TRUNCATED);
    api.sign(form(Bytes.concat(signed, Bytes.utf8("x")))).problem(Code.ARTIFACT_HIDDEN_DATA);
    Bytes lying = AppxBuilder.app(publisher).unmapped("more.txt", Bytes.EMPTY).build();
    api.sign(form(lying)).problem(Code.ARTIFACT_MALFORMED);
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    Files.write(work.resolve("MyApp.msix"), app().toArray());
    Files.write(work.resolve("Upload.msix"), app().toArray());
    Files.write(work.resolve("MyApp.msixbundle"), AppxBuilder.bundle(publisher).build().toArray());
    Files.write(work.resolve("Foreign.msix"), AppxBuilder.app("CN=X").build().toArray());
    Files.copy(judges.root(), work.resolve("root.pem"));
    var run = new HowToPage("sign-msix-packages").run(place.environment(), work);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output())
        .contains("SGC-ARTIFACT-PUBLISHER", "Example.App", "  publisher     " + publisher);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("MyApp-signed.msixbundle"))), true);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("Uploaded.msix"))), true);
  }
}
