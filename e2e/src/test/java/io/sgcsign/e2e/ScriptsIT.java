// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts, signed through the packaged server and command line, judged by others. */
final class ScriptsIT {
  private static final String SHELL = "Write-Host 'h\u00e4'\r\n";
  @TempDir private static Path folder;
  private static Judges judges;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    judges = Judges.of(folder, pki);
    place = Workplace.start(folder, pki, "{ \"timestamp\": \"optional\" }");
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static Bytes script(String kind) {
    String text =
        switch (kind) {
          case "ps1xml", "psc1", "cdxml" -> "\ufeff<Types>h\u00e4</Types>\r\n";
          case "mof" -> "instance of A { };\r\n";
          case "vbs" -> "\ufeffWScript.Echo \"h\u00e4\"\r\n";
          case "js" -> "\ufeffWScript.Echo(1); // h\u00e4\n";
          case "wsf" -> "<job><script language=\"JScript\">1</script></job>\r\n";
          default -> SHELL;
        };
    return Bytes.utf8(text);
  }

  private static String format(String kind) {
    return switch (kind) {
      case "vbs", "js", "wsf" -> "authenticode";
      default -> "powershell";
    };
  }

  private static FormData form(Bytes file, String name) {
    return new FormData().file(file, name).field("provider", "release");
  }

  private static void good(Bytes signed, String kind, boolean stamped) throws IOException {
    JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(signed, "no-name")).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    if (format(kind).equals("powershell")) {
      var _ = judges.osslsigncode(signed, kind);
    } else {
      var _ = judges.jsign(signed, kind);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ps1", "psm1", "psd1", "ps1xml", "psc1", "cdxml", "mof", "vbs", "js", "wsf"})
  void signsTheSameBytesByUploadAndByHash(String kind) throws IOException {
    Bytes file = script(kind);
    Path path = Files.write(folder.resolve("same." + kind), file.toArray());
    String sign = "/api/v1/sign/" + format(kind);

    Bytes uploaded = api.post(sign, form(file, "same." + kind).field("timestamp", "none")).signed();
    Packaged.Run run =
        place.sgcsign("sign", "-p", "release", "--timestamp", "none", path.toString());
    Bytes stamped = api.post(sign, form(file, "x").field("kind", kind)).signed();

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(uploaded);
    good(uploaded, kind, false);
    good(stamped, kind, true);
    Bytes again = api.post(sign, form(stamped, "x").field("if_signed", "append")).signed();
    good(again, kind, true);
  }

  @Test
  void tellsAScriptThatWasChanged() {
    Bytes signed = api.post("/api/v1/sign/powershell", form(Bytes.utf8(SHELL), "a.ps1")).signed();
    Bytes changed = Bytes.utf8(signed.toUtf8().replace("Write", "write"));
    Bytes git = Bytes.utf8(signed.toUtf8().replace("\r", ""));

    for (Bytes bad : new Bytes[] {changed, git, Bytes.concat(signed, Bytes.utf8("evil"))}) {
      JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(bad, "a.txt")).good();
      assertThat(report.text("status")).contains("invalid");
    }
    JsonValue.Obj bare =
        api.post(Api.VERIFY, new FormData().file(Bytes.utf8(SHELL), "a.ps1")).good();
    assertThat(bare.text("status")).contains("unsigned");
    FormData fail = form(Bytes.utf8("WScript.Echo 1"), "a.vbs").field("if_signed", "fail");
    Bytes vbs = api.post(Api.SIGN, fail).signed();
    api.post(Api.SIGN, form(vbs, "a.vbs").field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
  }

  @Test
  void signsTheSameBytesAsScriptsOfTwoLanguages() throws IOException {
    Path work = Files.createDirectories(folder.resolve("two"));
    Files.writeString(work.resolve("a.js"), "x = 1\r\n");
    Files.writeString(work.resolve("a.vbs"), "x = 1\r\n");

    Packaged.Run run = place.sgcsign("sign", "-p", "release", work + "/*");
    Packaged.Run uploads = place.sgcsign("sign", "-p", "release", "--no-prehash", work + "/*");

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(uploads.exit()).as(uploads.output()).isZero();
    assertThat(place.sgcsign("verify", work + "/*").exit()).isZero();
  }

  /** {@link EveryKindIT} does so with every kind by upload. */
  @ParameterizedTest
  @ValueSource(strings = {"ps1", "ps1xml", "vbs"})
  void givesTheScriptBackAfterFiveRounds(String kind) throws IOException {
    Path file = Files.write(folder.resolve("five." + kind), script(kind).toArray());
    for (int i = 0; i < 5; i++) {
      String rule = i % 2 == 0 ? "replace" : "append";
      Packaged.Run run =
          place.sgcsign("sign", "-p", "release", "--if-signed", rule, file.toString());
      assertThat(run.exit()).as(run.output()).isZero();
    }
    Packaged.Run removed = place.sgcsign("remove", file.toString());
    assertThat(removed.exit()).as(removed.output()).isZero();
    assertThat(Bytes.wrap(Files.readAllBytes(file))).isEqualTo(script(kind));
  }

  /** Not even the content of a signed file tells that this is a Windows script file. */
  @Test
  void signsWhatIsToldByItsNameAlone() throws IOException {
    String text = "<package\n><!--" + " ".repeat(9_000) + "--><job></job></package>\r\n";
    Path path = Files.writeString(folder.resolve("long.wsf"), text);

    Bytes uploaded = api.post(Api.SIGN, form(Bytes.utf8(text), "long.wsf")).signed();
    Packaged.Run run = place.sgcsign("sign", "-p", "release", path.toString());

    var _ = judges.jsign(uploaded, "wsf");
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(place.sgcsign("verify", path.toString()).exit()).isZero();
  }

  @Test
  void asksForTheKindWhereNothingTells() throws IOException {
    Answer refused = api.post("/api/v1/sign/powershell", form(Bytes.utf8(SHELL), "profile.txt"));
    refused.problem(Code.ARTIFACT_UNRECOGNISED);
    assertThat(refused.string("hint")).contains("kind");
    Files.writeString(folder.resolve("profile.txt"), SHELL);

    Packaged.Run run = place.sgcsign("sign", "-p", "release", "profile.txt");

    assertThat(run.exit()).isNotZero();
    assertThat(run.output()).contains("-f and --kind");
    Packaged.Run plan = place.sgcsign("sign", "-f", "powershell", "--dry-run", "profile.txt");
    Packaged.Run said =
        place.sgcsign("sign", "-f", "powershell", "--kind", "ps1", "--dry-run", "profile.txt");
    assertThat(plan.exit()).as(plan.output()).isNotZero();
    assertThat(said.exit()).as(said.output()).isZero();
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    for (String name : new String[] {"deploy.ps1", "module.psm1", "module.psd1", "setup.ps1"}) {
      Files.writeString(work.resolve(name), SHELL);
    }
    Files.writeString(work.resolve("profile.txt"), SHELL);
    Files.writeString(work.resolve("legacy.vbs"), "WScript.Echo 1\r\n");
    var run = new HowToPage("sign-scripts").run(place.environment(), work);
    assertThat(run.exit()).as(run.output()).isZero();
    for (String name : new String[] {"deploy.ps1", "profile-signed.txt", "setup-signed.ps1"}) {
      good(Bytes.wrap(Files.readAllBytes(work.resolve(name))), "ps1", true);
    }
  }
}
