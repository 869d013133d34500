// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restarting the server in the middle of a release fails nothing and signs nothing twice. */
final class DowntimeIT {
  private static final int FILES = 200;

  /** After so many signatures the server goes away. */
  private static final int BEGUN = 20;

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private Site site;
  private Issued key;

  @BeforeEach
  void prepare() throws IOException {
    // slow enough to be stopped while it is used
    key = TestPki.rsa().selfSigned("Downtime", KeyType.RSA_4096);
    site =
        Site.in(Files.createDirectory(folder.resolve("site")))
            .server("port", Integer.toString(Site.freePort()))
            .provider("build", key)
            .write();
    Files.createDirectory(folder.resolve("dist"));
    for (int i = 0; i < FILES; i++) {
      Files.write(file(i), Programs.numbered(i).toArray());
    }
  }

  private Path file(int number) {
    return folder.resolve("dist/app%03d.exe".formatted(number));
  }

  /** Asked to stop, the server finishes what it began: no key is used twice either. */
  @Test
  void survivesARestartWhileFilesAreUploaded() {
    List<Digest> files = digests();
    try (var first = site.start()) {
      Map<String, String> client = client(first);
      var signing = sign(client, "--no-prehash", "-j", "2");
      Poll.until("the first signatures", SOON, () -> completed().size() >= BEGUN);

      assertThat(first.stop()).isZero();

      int before = completed().size();
      assertThat(before).as("signed before the restart").isBetween(BEGUN, FILES - 1);
      assertThat(signing).as("the command waits").isNotDone();
      try (var _ = site.start()) {
        finishes(signing, client);
      }
    }
    signedOnce(files);
    assertThat(count("signature.intended")).isEqualTo(FILES);
  }

  /** Killed with a batch under way: its intents come to a known end, and are made again. */
  @Test
  void survivesAKillWhileHashesAreSigned() {
    List<Digest> files = digests();
    try (var first = site.start()) {
      Map<String, String> client = client(first);
      var signing = sign(client, "-j", "8");
      Poll.until(
          "a batch is under way",
          SOON,
          () -> !completed().isEmpty() && count("signature.intended") > completed().size());

      first.kill();

      int before = completed().size();
      assertThat(before).as("signed before the restart").isBetween(1, FILES - 1);
      assertThat(count("signature.intended")).as("under way").isGreaterThan(before);
      assertThat(signing).as("the command waits").isNotDone();
      try (var _ = site.start()) {
        finishes(signing, client);
      }
    }
    signedOnce(files);
    assertThat(count("signature.indeterminate")).isPositive();
  }

  private Map<String, String> client(ServerProcess server) {
    try (var api = Api.of(server.uri())) {
      return Map.of(
          "SGCSIGN_SERVER",
          server.uri().toString(),
          "SGCSIGN_APIKEY",
          api.admin().newKey("{\"name\": \"release\"}"),
          "SGCSIGN_PROVIDER",
          "build");
    }
  }

  private CompletableFuture<Packaged.Run> sign(Map<String, String> client, String... how) {
    String[] words =
        Stream.concat(Stream.of("sign", "dist/*.exe", "--timestamp", "none"), Arrays.stream(how))
            .toArray(String[]::new);
    return CompletableFuture.supplyAsync(
        () -> Packaged.run(Packaged.client(words), client, folder));
  }

  private void finishes(CompletableFuture<Packaged.Run> signing, Map<String, String> client) {
    Packaged.Run run = signing.join();
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).contains("trying again", FILES + " signed");
    Packaged.Run verify =
        Packaged.run(Packaged.client("verify", "dist/*.exe", "-q"), client, folder);
    assertThat(verify.exit()).as(verify.output()).isZero();
  }

  /** What was to be signed. */
  private List<Digest> digests() {
    return IntStream.range(0, FILES).mapToObj(i -> Digest.sha256(Programs.numbered(i))).toList();
  }

  private long count(String type) {
    return LedgerFile.count(site.database(), type);
  }

  /** The files of all completed signatures, one entry a signature. */
  private List<Digest> completed() {
    Map<Long, Digest> intents = new HashMap<>();
    var files = new ArrayList<Digest>();
    try (var ledger = LedgerFile.read(site.database())) {
      for (Leaf event : ledger.events(0)) {
        switch (event.type()) {
          case "signature.intended" ->
              intents.put(event.seq(), Digest.parse(event.pub().text("artifact")));
          case "signature.completed" ->
              event.pub().list("made").stream()
                  .map(made -> ((Json.Obj) made).number("intent"))
                  .map(intent -> Optional.ofNullable(intents.get(intent)).orElseThrow())
                  .forEach(files::add);
          default -> {
            // tells nothing of signatures
          }
        }
      }
    }
    return files;
  }

  private void signedOnce(List<Digest> files) {
    assertThat(completed()).containsExactlyInAnyOrderElementsOf(files);
    assertThat(count("signature.completed")).isEqualTo(FILES);
    try (Stream<Path> all = Files.list(folder.resolve("dist"))) {
      assertThat(all).as("no other file is left").hasSize(FILES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // without osslsigncode this half is skipped, visibly
    Tool osslsigncode = Tool.require("osslsigncode");
    Path anchor = TestPki.write(folder.resolve("anchor.pem"), key.certificatesPem());
    for (int i = 0; i < FILES; i += FILES / 4) {
      osslsigncode.succeed("verify", "-CAfile", anchor, "-in", file(i));
    }
  }
}
