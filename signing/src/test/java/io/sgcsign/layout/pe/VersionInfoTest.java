// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs say of themselves, and what liars say. */
final class VersionInfoTest {
  private static final Map<String, String> TEXTS =
      Map.of("OriginalFilename", "App.exe", "ProductName", " Äpp & Söhne ", "Comments", "");
  private static final Bytes PROGRAM = VersionResource.program("1.2.65535.4", TEXTS);
  private static final int ROOT = VersionResource.at(PROGRAM);

  @TempDir Path folder;

  private static Optional<VersionInfo> read(Bytes program) {
    return PeFile.parse(Artifact.of(program)).versionInfo();
  }

  private static void refuses(Bytes program, String... reason) {
    assertThatThrownBy(() -> read(program))
        .isInstanceOf(ArtifactException.class)
        .message()
        .contains(reason);
  }

  @Test
  void readsVersionAndTexts() {
    VersionInfo info = read(PROGRAM).orElseThrow();
    assertThat(info.fileVersion()).isEqualTo("1.2.65535.4");
    assertThat(info.text("OriginalFilename")).contains("App.exe");
    assertThat(info.text("ProductName")).contains("Äpp & Söhne");
    assertThat(info.text("Comments")).isEmpty();
    assertThat(info.text("InternalName")).isEmpty();
  }

  @Test
  void readsWhatMicrosoftsFriendsCompile() throws IOException {
    Tool windres = Tool.require("x86_64-w64-mingw32-windres");
    Tool compiler = Tool.require("x86_64-w64-mingw32-gcc");
    Path script =
        Files.writeString(
            folder.resolve("v.rc"),
            """
            1 VERSIONINFO
            FILEVERSION 3,14,159,26
            PRODUCTVERSION 9,9,9,9
            BEGIN
              BLOCK "StringFileInfo"
              BEGIN
                BLOCK "040904b0"
                BEGIN
                  VALUE "CompanyName", "Acme"
                  VALUE "FileDescription", "What it does"
                  VALUE "InternalName", "tool"
                  VALUE "OriginalFilename", "Tool.exe"
                  VALUE "ProductName", "The Tool"
                END
              END
              BLOCK "VarFileInfo"
              BEGIN
                VALUE "Translation", 0x409, 1200
              END
            END
            """);
    Path source = Files.writeString(folder.resolve("m.c"), "int main(void) { return 0; }\n");
    Path object = folder.resolve("v.o");
    Path program = folder.resolve("m.exe");
    windres.succeed(script, "-o", object);
    compiler.succeed(source, object, "-o", program);

    VersionInfo info = read(Bytes.wrap(Files.readAllBytes(program))).orElseThrow();

    assertThat(info.fileVersion()).isEqualTo("3.14.159.26");
    assertThat(info.strings())
        .containsEntry("FileDescription", "What it does")
        .containsEntry("InternalName", "tool")
        .containsEntry("OriginalFilename", "Tool.exe")
        .containsEntry("ProductName", "The Tool");
  }

  @Test
  void findsNothingWhereThereIsNothing() {
    assertThat(read(PeBuilder.x64().build())).isEmpty();
    assertThat(read(PeBuilder.u32(PROGRAM, ROOT + 16, 3))).as("icons only").isEmpty();
    Bytes noFixed = PeBuilder.u16(PROGRAM, ROOT + VersionResource.DATA + 2, 0);
    assertThat(read(noFixed)).as("no fixed part").isEmpty();
    int mark = ROOT + VersionResource.DATA + 40;
    assertThat(read(PeBuilder.u32(PROGRAM, mark, 1))).as("another mark").isEmpty();
  }

  @Test
  void goesRoundInNoCircle() {
    for (int level : new int[] {0, VersionResource.NAMES, VersionResource.LANGUAGES}) {
      for (int target : new int[] {0, VersionResource.NAMES, VersionResource.LANGUAGES}) {
        Bytes round = PeBuilder.u32(PROGRAM, ROOT + level + 20, 0x8000_0000L | target);
        boolean same = target == VersionResource.NAMES && level == 0;
        boolean next = target == VersionResource.LANGUAGES && level == VersionResource.NAMES;
        if (!same && !next) {
          refuses(round, "resource");
        }
      }
    }
  }

  @Test
  void believesNoOffsetAndNoSize() {
    int data = ROOT + VersionResource.DATA_ENTRY;
    refuses(PeBuilder.u32(PROGRAM, data + 4, -1), "claims 4294967295 bytes");
    refuses(PeBuilder.u32(PROGRAM, data + 4, 9000), "not within its section");
    refuses(PeBuilder.u32(PROGRAM, data, 0), "not within its section");
    refuses(PeBuilder.u32(PROGRAM, data, -1), "not within its section");
    refuses(PeBuilder.u32(PROGRAM, VersionResource.directoryEntryAt(), 0x7fff_0000), "none of");
    refuses(PeBuilder.u32(PROGRAM, ROOT + 12, -1), "too many entries");
    refuses(PeBuilder.u16(PROGRAM, ROOT + 14, 0xffff), "not within its section");
    refuses(PeBuilder.u16(PROGRAM, ROOT + VersionResource.LANGUAGES + 14, 0), "is empty");
    refuses(PeBuilder.u16(PROGRAM, ROOT + VersionResource.DATA, 0xffff), "claims 65535 bytes");
    refuses(PeBuilder.u16(PROGRAM, ROOT + VersionResource.DATA + 6, 'X'), "does not begin");
    refuses(VersionResource.program(Bytes.EMPTY), "does not begin");
  }

  @Test
  void readsChangedResourcesWithoutAnyOtherEnd() {
    var random = new Random(7);
    byte[] original = PROGRAM.toArray();
    int length = VersionResource.DATA + 600;
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          int refused = 0;
          for (int i = 0; i < 20_000; i++) {
            byte[] changed = original.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
              changed[ROOT + random.nextInt(length)] = (byte) random.nextInt(256);
            }
            try {
              var _ = read(Bytes.wrap(changed));
            } catch (ArtifactException e) {
              assertThat(e.hint()).isNotBlank();
              refused++;
            }
          }
          assertThat(refused).isBetween(100, 19_900);
        });
  }
}
