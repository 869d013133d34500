// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZipEditTest {
  private static final Instant TIME = Instant.parse("2026-11-21T12:34:57Z");
  private static final Bytes ZIP =
      new ZipBuilder()
          .deflated("one", "1".repeat(300))
          .deflated("two", "2".repeat(300))
          .deflated("three", "3".repeat(300))
          .comment("kept")
          .build();
  private static final NewEntry STORED = NewEntry.stored("new", Bytes.utf8("new content"), TIME);
  @TempDir private Path folder;

  private static ZipEdit edit(Bytes file) {
    return ZipFile.parse(Artifact.of(file)).edit();
  }

  private static Bytes apply(Bytes file, Patch patch) {
    var out = Artifact.of(file).with(patch);
    return out.read(0, (int) out.size());
  }

  /** Read by the JDK and found whole by Info-ZIP. */
  private Map<String, String> entries(Bytes file) throws IOException {
    Path onDisk = Files.write(folder.resolve("judged.zip"), file.toArray());
    Tool.require("unzip").succeed("-tq", onDisk);
    var out = new LinkedHashMap<String, String>();
    try (var zip = new ZipInputStream(new ByteArrayInputStream(file.toArray()))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        out.put(entry.getName(), Bytes.wrap(zip.readAllBytes()).toUtf8());
      }
    }
    try (var zip = new java.util.zip.ZipFile(onDisk.toFile())) {
      assertThat(zip.getComment()).isEqualTo("kept");
      assertThat(zip.stream().map(java.util.zip.ZipEntry::getName))
          .containsExactlyElementsOf(out.keySet());
    }
    return out;
  }

  @Test
  void changesNothingWhenNothingIsAsked() {
    Patch patch = edit(ZIP).patch();
    assertThat(apply(ZIP, patch)).isEqualTo(ZIP);
    assertThat(patch.pieces()).hasSize(2);
  }

  @Test
  void putsEntriesLastAndTakesThemOutAgainWithoutATrace() throws IOException {
    Bytes more = apply(ZIP, edit(ZIP).putLast(STORED).patch());
    assertThat(entries(more))
        .containsEntry("new", "new content")
        .containsKeys("one", "two", "three");
    int kept = (int) ZipFile.parse(Artifact.of(ZIP)).end().directoryAt();
    assertThat(more.slice(0, kept)).isEqualTo(ZIP.slice(0, kept));
    assertThat(apply(more, edit(more).remove("new").patch())).isEqualTo(ZIP);
  }

  @Test
  void putsEntriesFirstAndMovesTheOthers() throws IOException {
    Bytes more =
        apply(
            ZIP,
            edit(ZIP)
                .remove("two")
                .putFirst(NewEntry.deflated("META-INF/", Bytes.EMPTY, TIME))
                .putFirst(NewEntry.deflated("two", Bytes.utf8("zwei".repeat(100)), TIME))
                .putLast(STORED)
                .patch());
    assertThat(entries(more).keySet()).containsExactly("META-INF/", "two", "one", "three", "new");
    assertThat(entries(more)).containsEntry("two", "zwei".repeat(100));
    assertThat(ZipFile.parse(Artifact.of(more)).unclaimed()).isZero();
    Bytes less = apply(more, edit(more).remove("META-INF/").remove("two").remove("new").patch());
    assertThat(less).isEqualTo(apply(ZIP, edit(ZIP).remove("two").patch()));
  }

  @Test
  void writesTimesInUtcAndNamesInUtf8() throws IOException {
    Bytes more = apply(ZIP, edit(ZIP).putLast(NewEntry.stored("ä", Bytes.EMPTY, TIME)).patch());
    assertThat(entries(more)).containsKey("ä");
    Path onDisk = Files.write(folder.resolve("times.zip"), more.toArray());
    assertThat(Tool.require("unzip").succeed("-v", onDisk)).contains("2026-11-21 12:34");
  }

  @Test
  void refusesToHaveANameTwice() {
    assertThatThrownBy(() -> edit(ZIP).putLast(NewEntry.stored("one", Bytes.EMPTY, TIME)).patch())
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> edit(ZIP).putLast(STORED).putFirst(STORED).patch())
        .isInstanceOf(ArtifactException.class);
  }
}
