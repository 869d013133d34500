// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our own patterns: the same on every system, whatever the shell does. */
final class GlobTest {
  @TempDir private Path folder;

  @BeforeEach
  void fill() throws IOException {
    for (String name :
        List.of("a.exe", "b.EXE", "x/c.exe", "x/y/d.exe", "x/y/e.dll", ".git/f.exe", "x/.g.exe")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    Files.createSymbolicLink(folder.resolve("x/y/loop"), folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*.exe | a.exe",
        "x/*.exe | x/c.exe",
        "**/*.exe | a.exe x/c.exe x/y/d.exe",
        "x/**/*.* | x/c.exe x/y/d.exe x/y/e.dll",
        "x/?/[de].* | x/y/d.exe x/y/e.dll",
        "x/y/[!e].* | x/y/d.exe",
        "x/*/*.{exe,dll} | x/y/d.exe x/y/e.dll",
        "nothing/* | ''"
      })
  void findsWhatFits(String pattern, String names) throws IOException {
    var glob = Glob.parse(pattern, false);

    List<String> found =
        glob.expand(folder).stream().map(f -> glob.prefix() + f.toString()).toList();

    assertThat(String.join(" ", found)).isEqualTo(names);
  }

  @Test
  void knowsPatternsFromNames() {
    assertThat(Glob.isPattern("a*.exe")).isTrue();
    assertThat(Glob.isPattern("a.exe")).isFalse();
  }
}
