// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launchers' AOT cache: made by itself, never seen, never in the way. */
final class LauncherIT {
  private static final Duration REHEARSAL = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private Path install;
  private Path home;

  /** A copy of what is installed, without a cache. */
  @BeforeEach
  void install() throws IOException {
    install = folder.resolve("install");
    home = Files.createDirectory(folder.resolve("home"));
    for (Path place : List.of(Path.of("bin"), Path.of("cli/target"), Path.of("cli/target/lib"))) {
      Files.createDirectories(install.resolve(place));
      try (Stream<Path> files = Files.list(Packaged.root().resolve(place))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (!file.toString().endsWith(".aot")) {
            Files.copy(file, install.resolve(place).resolve(file.getFileName()));
          }
        }
      }
    }
  }

  private Packaged.Run version(String options, String... before) {
    var command = new ArrayList<>(List.of(before));
    command.addAll(List.of(install.resolve("bin/sgcsign").toString(), "version"));
    return Packaged.run(
        command, Map.of("SGCSIGN_JAVA_OPTS", options, "HOME", home.toString()), folder);
  }

  /** Whatever becomes of the cache, nobody hears of it. */
  private static void silent(Packaged.Run run) {
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).matches("sgcsign \\S+\\n");
  }

  private static List<Path> caches(Path place) {
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(f -> f.getFileName().toString().contains(".aot")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The only cache, once nobody works on it. */
  private static Path await(Path place) {
    return Poll.find(
        "a cache in " + place,
        REHEARSAL,
        () ->
            Optional.of(caches(place))
                .filter(c -> c.size() == 1 && c.getFirst().toString().endsWith(".aot"))
                .map(List::getFirst));
  }

  /** Where the JVM had its classes from. */
  private boolean used(Path cache) throws IOException {
    Path log = folder.resolve("classes.log");
    silent(version("-Xlog:class+load:file=" + log));
    assertThat(cache).exists();
    return Files.readString(log)
        .lines()
        .anyMatch(l -> l.contains("io.sgcsign.cli.Main source: shared objects file"));
  }

  @Test
  void isMadeOnceByTheFirstOfManyAndMadeAnewWhenStale() throws IOException {
    Path target = install.resolve("cli/target");
    var other = CompletableFuture.supplyAsync(() -> version(""));
    silent(version(""));
    silent(other.join());
    Path cache = await(target);
    assertThat(Files.size(cache)).isPositive();
    assertThat(used(cache)).isTrue();
    assertThat(caches(target)).containsExactly(cache);

    silent(version("-XX:-UseCompressedOops"));
    FileTime made = Files.getLastModifiedTime(cache);
    Path jar = jar(target);
    FileTime later = FileTime.from(Instant.now().plusSeconds(1));
    Files.setLastModifiedTime(jar, later);
    silent(version(""));
    Poll.until("a new cache", REHEARSAL, () -> !modified(await(target)).equals(made));

    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
    assertThat(used(await(target))).as("made from another jar").isFalse();
    Files.writeString(cache, "no cache at all");
    silent(version(""));
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path jar(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(f -> f.getFileName().toString().matches("cli-[0-9.]+\\.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Where nothing may be written beside the jars it goes to the user's own folder. */
  @Test
  void goesToTheUserWhereTheInstallationIsReadOnly() throws IOException {
    Path target = install.resolve("cli/target");
    String[] nobody = nobody();
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      silent(version("", nobody));
      Path cache = await(folder.resolve("home").resolve(waitFor(".cache/sgcsign")));
      assertThat(caches(target)).isEmpty();
      assertThat(Files.size(cache)).isPositive();

      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("---------"));
      silent(version("", nobody));
    } finally {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private Path waitFor(String name) {
    Poll.until(name, REHEARSAL, () -> Files.isDirectory(home.resolve(name)));
    return Path.of(name);
  }

  /** Permissions mean nothing to root: it becomes somebody else. */
  private String[] nobody() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new String[0];
    }
    var _ = Tool.require("setpriv");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    return new String[] {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
  }
}
