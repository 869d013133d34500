// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README, followed by a newcomer: {@code ./quickstart}, then every command under "Sign". */
class ReadmeIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MAX_LINES = 150;

  @TempDir static Path folder;
  private static Process quickstart;
  private static Path output;

  @BeforeAll
  static void startTheQuickstart() throws IOException {
    output = folder.resolve("quickstart.log");
    quickstart =
        Packaged.process(
                List.of(
                    Packaged.root().resolve("quickstart").toString(),
                    "--dir",
                    folder.resolve("quickstart-data").toString(),
                    "--port",
                    "0"),
                Map.of(),
                folder)
            .redirectOutput(output.toFile())
            .start();
    Poll.until(
        "the quickstart signs and its server runs",
        PATIENCE,
        () -> text(output).contains("The server runs") || !quickstart.isAlive());
    assertThat(quickstart.isAlive()).as(text(output)).isTrue();
  }

  @AfterAll
  static void stopIt() throws InterruptedException {
    quickstart.destroy();
    assertThat(quickstart.waitFor(PATIENCE)).isTrue();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static String readme() {
    return text(Packaged.root().resolve("README.md"));
  }

  /** The indented lines of a section: the commands a reader copies. */
  private static String commands(String section) {
    String from = readme().substring(readme().indexOf("\n## " + section + "\n") + 4);
    return from.substring(0, from.indexOf("\n## "))
        .lines()
        .filter(l -> l.startsWith("    "))
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void letsANewcomerSignAndVerifyWithItsOwnCommands() throws IOException {
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.createSymbolicLink(work.resolve("bin"), Packaged.root().resolve("bin"));
    Files.createSymbolicLink(work.resolve("quickstart-data"), folder.resolve("quickstart-data"));
    String script = "set -e\n" + commands("Sign");
    assertThat(script).contains("sgcsign sign", "sgcsign verify", "curl", "receipt verify");
    var run = Packaged.run(List.of("bash", "-c", script), Map.of(), work);
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(work.resolve("hello-signed.exe")).exists();
    assertThat(work.resolve("hello-signed.exe.tlog-proof")).exists();
  }

  @Test
  void saysInFewLinesWhatTheQuickstartDid() {
    assertThat(text(output).lines()).hasSizeLessThanOrEqualTo(25);
    assertThat(text(output)).contains("https://localhost:", "/api/v1/openapi.json", "Next:");
  }

  @Test
  void keepsTheQuickstartsFilesPrivate() throws IOException {
    try (var files = Files.walk(folder.resolve("quickstart-data"))) {
      for (Path file : files.toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        assertThat(mode).as(file.toString()).endsWith("------");
      }
    }
  }

  @Test
  void writesTheEnvironmentTheIssueNames() throws IOException {
    String env =
        Files.readString(folder.resolve("quickstart-data/quickstart.env"), StandardCharsets.UTF_8);
    assertThat(env)
        .contains(
            "SGCSIGN_SERVER=",
            "SGCSIGN_APIKEY='sgcsk_",
            "SGCSIGN_PROVIDER=",
            "SGCSIGN_CA_FILE=",
            "SGCSIGN_ROOT_FILE=",
            "SGCSIGN_LOG_VKEY=",
            "SGCSIGN_ADMIN_PASSWORD=");
  }

  @Test
  void isShort() {
    assertThat(readme().lines()).hasSizeLessThanOrEqualTo(MAX_LINES);
  }
}
