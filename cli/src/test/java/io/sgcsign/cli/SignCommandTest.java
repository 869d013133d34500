// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.FakeServer.Seen;
import io.sgcsign.cli.FakeServer.Trouble;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.verify.VerificationPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code sgcsign sign} does with files, seen from its folder and from the server. */
final class SignCommandTest {
  private static final Issued KEY = Desk.key("Fake");
  private static final Issued OTHER = Desk.key("Other");
  private static final String BY = "  CN=Fake, O=sgcsign TEST\\, not for production\n";
  @TempDir private Path folder;
  private FakeServer server;
  private Desk desk;

  @BeforeEach
  void start() {
    server = new FakeServer(KEY);
    desk = Desk.in(folder, server);
  }

  @AfterEach
  void stop() {
    assertThat(server.faults()).isEmpty();
    server.close();
  }

  private Desk.Run good(String... words) {
    Desk.Run run = desk.sign(words);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    return run;
  }

  private Desk.Run misused(String... words) {
    Desk.Run run = desk.sign(words);
    assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.failure()).as(run.err()).hasSize(3);
    assertThat(server.uses()).isEmpty();
    return run;
  }

  private static boolean signed(Path file) {
    var report =
        FakeServer.FORMAT.verify(
            Artifact.of(Desk.read(file)),
            Optional.empty(),
            VerificationPolicy.of(List.of(), Desk.NOW, Set.of()));
    return report.primary().isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--prehash", "--no-prehash"})
  void signsInPlaceAndKeepsTheMode(String how) throws IOException {
    Path file = desk.program("app.exe", 1);
    var mode = PosixFilePermissions.fromString("rwxr-x--x");
    Files.setPosixFilePermissions(file, mode);

    Desk.Run run = good("app.exe", how);

    assertThat(run.out()).isEqualTo("signed   app.exe" + BY);
    assertThat(signed(file)).isTrue();
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(mode);
    assertThat(desk.files()).containsExactly("app.exe");
  }

  @Test
  void signsIntoAFileWithTheModeOfTheSource() throws IOException {
    Path file = desk.program("app.exe", 1);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr--r--"));

    Desk.Run run = good("app.exe", "-o", "out/signed.exe");

    assertThat(run.out()).isEqualTo("signed   app.exe -> out/signed.exe" + BY);
    assertThat(Desk.read(file)).isEqualTo(Desk.program(1));
    assertThat(signed(folder.resolve("out/signed.exe"))).isTrue();
    assertThat(Files.getPosixFilePermissions(folder.resolve("out/signed.exe")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr--r--"));
  }

  @Test
  void signsWhatAPatternFindsIntoAFolder() {
    for (String name : List.of("dist/a.exe", "dist/x/b.exe", "dist/x/y/c.exe", "dist/x/d.dll")) {
      var _ = desk.program(name, name.hashCode());
    }

    Desk.Run run = good("dist/**/*.exe", "-o", "out", "--exclude", "dist/x/y/*");

    assertThat(run.out().lines())
        .containsExactly(
            "signed   dist/a.exe -> out/a.exe" + BY.stripTrailing(),
            "signed   dist/x/b.exe -> out/x/b.exe" + BY.stripTrailing());
    assertThat(run.err()).contains("2 signed");
    assertThat(desk.files()).contains("out/a.exe", "out/x/b.exe").hasSize(6);
    assertThat(server.seen().stream().flatMap(s -> s.keys().stream()).distinct()).hasSize(2);
  }

  @Test
  void readsNamesFromAFileAndFromStandardInput() {
    var _ = desk.program("my app.exe", 1);
    var _ = desk.program("b.exe", 2);
    var _ = desk.write("list.txt", Bytes.utf8("my app.exe\r\n\nb.exe\n"));

    assertThat(good("--files-from", "list.txt").out()).contains("my app.exe", "b.exe");

    desk.typing("my app.exe\0b.exe\0");
    assertThat(good("--files-from", "-", "--if-signed", "skip").out().lines())
        .allMatch(l -> l.startsWith("skipped  "))
        .hasSize(2);
    assertThat(server.uses()).hasSize(2);
  }

  @Test
  void asksForManyFilesInFewRequests() {
    for (int i = 0; i < 40; i++) {
      var _ = desk.program("f%02d.exe".formatted(i), i);
    }

    assertThat(good("*.exe", "-j", "2").out().lines()).hasSize(40);

    assertThat(server.uses()).hasSize(40).doesNotHaveDuplicates();
    assertThat(server.seen()).hasSizeLessThan(20);
  }

  @Test
  void sendsWhatTheFlagsSay() {
    var _ = desk.program("app.exe", 1);

    var _ = desk.sign("app.exe", "--desc", "My app", "--url", "https://x.test", "--timestamp=none");
    var _ = desk.sign("app.exe", "--no-prehash", "-p", "build", "--if-signed", "append");

    assertThat(server.seen())
        .extracting(Seen::fields)
        .containsExactly(
            Map.of(
                "provider", "build",
                "hash", "sha256",
                "rsa_padding", "pkcs1",
                "page_hashes", "false",
                "description", "My app",
                "url", "https://x.test",
                "timestamp", "none"),
            Map.of(
                "provider", "build",
                "hash", "sha256",
                "rsa_padding", "pkcs1",
                "page_hashes", "false",
                "if_signed", "append"));
  }

  @Test
  void doesWithSignedFilesAsTold() {
    Path file = desk.program("app.exe", 1);
    var _ = good("app.exe");
    Bytes first = Desk.read(file);

    Desk.Run fail = desk.sign("app.exe", "--if-signed", "fail");
    assertThat(fail.exit()).isEqualTo(ExitCode.NOT_SIGNABLE);
    assertThat(fail.err()).contains("SGC-ALREADY-SIGNED", "--if-signed skip, append or replace");
    assertThat(good("app.exe", "--if-signed", "skip").out()).startsWith("skipped  app.exe");
    assertThat(Desk.read(file)).isEqualTo(first);
    assertThat(server.uses()).hasSize(1);

    var _ = good("app.exe", "--if-signed", "append");
    Bytes two = Desk.read(file);
    assertThat(two.size()).isGreaterThan(first.size());
    var _ = good("app.exe");
    assertThat(Desk.read(file).size()).as("replaced").isEqualTo(first.size());
  }

  @Test
  void skipsOnlyWhatIsItsOwn() {
    Path file = desk.program("app.exe", 1);
    try (var others = new FakeServer(OTHER)) {
      assertThat(Desk.in(folder, others).sign("app.exe").exit()).isEqualTo(ExitCode.OK);
    }
    Bytes before = Desk.read(file);

    assertThat(good("app.exe", "--if-signed", "skip").out()).startsWith("signed   app.exe");

    assertThat(Desk.read(file)).isNotEqualTo(before);
  }

  @Test
  void rehearsesWithoutAServer() {
    Path file = desk.program("a.exe", 1);
    var _ = desk.write("b.exe", Bytes.utf8("no program"));
    var offline = Desk.in(folder);

    Desk.Run run = offline.sign("a.exe", "--dry-run", "-o", "out.exe");

    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).isEqualTo("would sign a.exe -> out.exe\n");
    assertThat(offline.sign("b.exe", "--dry-run").exit()).isEqualTo(ExitCode.NOT_SIGNABLE);
    assertThat(Desk.read(file)).isEqualTo(Desk.program(1));
    assertThat(desk.files()).containsExactly("a.exe", "b.exe");
    assertThat(server.seen()).isEmpty();
  }

  @Test
  void printsOneJsonObject() {
    Path file = desk.program("app.exe", 1);
    var _ = desk.write("no.exe", Bytes.utf8("no program"));

    Desk.Run run = desk.sign("app.exe", "no.exe", "--json", "--report", "report.json");

    assertThat(run.exit()).isEqualTo(ExitCode.PARTIAL);
    JsonValue.Obj json = (JsonValue.Obj) Json.parse(run.out());
    assertThat(json.integer("schema_version")).contains(1L);
    assertThat(json.integer("exit_code")).contains(10L);
    var files = json.items("files").stream().map(JsonValue.Obj.class::cast).toList();
    JsonValue.Obj good = files.get(0);
    assertThat(good.text("name")).contains("app.exe");
    assertThat(good.text("status")).contains("signed");
    assertThat(good.text("sha256")).contains(Digest.sha256(Desk.read(file)).value().toHex());
    assertThat(good.text("request_id")).contains("req_0");
    assertThat(good.integer("log_index")).contains(7L);
    assertThat(good.items("warnings")).hasSize(1);
    JsonValue.Obj problem = files.get(1).object("problem").orElseThrow();
    assertThat(files.get(1).text("status")).contains("failed");
    assertThat(problem.text("code")).contains("SGC-ARTIFACT-UNRECOGNISED");
    assertThat(problem.integer("exit_code")).contains(8L);
    assertThat(problem.members()).containsKeys("title", "detail", "hint");
    assertThat(Desk.read(folder.resolve("report.json")).toUtf8()).isEqualTo(run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nowhere.exe | There is no file nowhere.exe",
        "none/*.exe | No file matches 'none/*.exe'",
        "dist | dist is a folder",
        "-j 2 | There is nothing to do",
        "app.exe --if-signed sometimes | --if-signed is fail, skip, append, replace",
        "app.exe --timestmp none | Did you mean --timestamp?",
        "app.exe --jobs 0 | --jobs takes a number from 1",
        "app.exe --dual --hash sha256 | --dual and --hash contradict each other",
        "app.exe --prehash --no-prehash | contradict each other",
        "app.exe -p nowhere | Known are: build."
      })
  void saysWhatIsWrongWithACommand(String words, String hint) {
    var _ = desk.program("app.exe", 1);
    var _ = desk.program("dist/b.exe", 2);

    assertThat(misused(words.split(" ", -1)).err()).contains(hint);

    assertThat(Desk.read(folder.resolve("app.exe"))).isEqualTo(Desk.program(1));
  }

  @Test
  void refusesTwoFilesForOnePlace() {
    var _ = desk.program("a/x.exe", 1);
    var _ = desk.program("b/x.exe", 2);

    assertThat(misused("a/x.exe", "b/x.exe", "-o", "out").err())
        .contains("a/x.exe and b/x.exe would both go to");
    assertThat(desk.files()).containsExactly("a/x.exe", "b/x.exe");
  }

  @Test
  void needsAServerAKeyAndAProvider() {
    var _ = desk.program("app.exe", 1);
    var bare = Desk.in(folder);

    assertThat(bare.sign("app.exe").err()).contains("SGCSIGN_SERVER");
    bare.variable("SGCSIGN_SERVER", server.uri().toString());
    Desk.Run keyless = bare.sign("app.exe");
    assertThat(keyless.exit()).isEqualTo(ExitCode.AUTHENTICATION);
    assertThat(keyless.err()).contains("SGCSIGN_APIKEY");
    bare.variable("SGCSIGN_APIKEY", FakeServer.API_KEY);
    assertThat(bare.sign("app.exe").err()).contains("No provider is named", "may use: build");
  }

  @Test
  void showsColoursAndProgressOnlyToPeople() {
    var _ = desk.program("app.exe", 1);
    var _ = desk.program("b.exe", 2);
    server.meets(Trouble.html());

    assertThat(desk.sign("app.exe").err()).doesNotContain("\u001b");
    desk.atTerminal();
    assertThat(good("app.exe", "b.exe").err()).contains("\u001b[33mwarning: ", "\r\u001b[K1/2");
    desk.variable("NO_COLOR", "1");
    assertThat(good("app.exe", "b.exe").err()).contains("\r\u001b[K1/2").doesNotContain("[33m");
    desk.variable("CI", "true");
    assertThat(good("app.exe", "b.exe", "-v").err()).doesNotContain("\u001b");
    assertThat(good("app.exe", "b.exe", "-q"))
        .extracting(Desk.Run::out, Desk.Run::err)
        .containsExactly("", "");
  }
}
