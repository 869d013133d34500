// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** ZIP64 as MakeAppx writes it, and as it lies. */
final class Zip64Test {
  private static final Bytes TEXT = Bytes.utf8("The quick brown fox. ".repeat(9_000));
  private static final Bytes ZIP64 = archive(PackageZip.Flavour.ZIP64);

  @TempDir Path folder;

  private static Bytes archive(PackageZip.Flavour flavour) {
    var zip = new PackageZip(flavour);
    zip.deflated("a/text.txt", TEXT);
    zip.deflated("empty", Bytes.EMPTY);
    zip.stored("c", Bytes.utf8("stored"));
    return zip.build();
  }

  private static ZipFile parse(Bytes file) {
    return ZipFile.parseWide(Artifact.of(file));
  }

  private static Bytes apply(Bytes file, ZipEdit edit) {
    var out = Artifact.of(file).with(edit.patch());
    return out.read(0, (int) out.size());
  }

  @ParameterizedTest
  @EnumSource(PackageZip.Flavour.class)
  void readsEveryFlavour(PackageZip.Flavour flavour) {
    ZipFile zip = parse(archive(flavour));
    assertThat(zip.entries())
        .extracting(ZipEntry::name)
        .containsExactly("a/text.txt", "empty", "c");
    assertThat(zip.read(zip.entries().getFirst(), 1 << 20)).isEqualTo(TEXT);
    assertThat(zip.read(zip.entries().get(1), 1)).isEqualTo(Bytes.EMPTY);
    assertThat(zip.unclaimed()).isZero();
  }

  @ParameterizedTest
  @EnumSource(PackageZip.Flavour.class)
  void changesEveryFlavourAndBackAgain(PackageZip.Flavour flavour) throws IOException {
    Bytes file = archive(flavour);
    var entry = NewEntry.deflated("new", TEXT, Instant.EPOCH);
    Bytes first = apply(file, parse(file).edit().putFirst(entry));
    Bytes changed = apply(first, parse(first).edit().remove("empty"));
    assertThat(parse(changed).entries())
        .extracting(ZipEntry::name)
        .containsExactly("new", "a/text.txt", "c");
    Path path = Files.write(folder.resolve("x.zip"), changed.toArray());
    assertThat(Tool.require("unzip").succeed("-t", path)).contains("No errors detected");

    Bytes back = apply(first, parse(first).edit().remove("new"));
    Bytes untouched = apply(file, parse(file).edit());
    assertThat(back).isEqualTo(untouched);
    assertThat(untouched.slice(0, file.size() - 22)).isEqualTo(file.slice(0, file.size() - 22));
  }

  private static void refused(Bytes file, String message) {
    assertThatThrownBy(() -> parse(file))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-MALFORMED"))
        .hasMessageContaining(message);
  }

  /** Offsets from the end of the file: locator at 42, record at 98. */
  @ParameterizedTest
  @CsvSource({
    "98, 0, no plain ZIP64 record",
    "94, 45, no plain ZIP64 record",
    "82, 1, volumes",
    "74, 9, volumes",
    "58, 1, does not end at",
    "50, 1, does not end at",
    "46, 1, does not end at",
    "38, 1, does not point",
    "34, 1, does not point",
    "26, 2, does not point",
    "18, 7, disagree",
    "14, 3, disagree",
    "10, 3, disagree",
    "6, 3, disagree"
  })
  void refusesRecordsThatLie(int fromEnd, long value, String message) {
    refused(ZipBuilder.u32(ZIP64, ZIP64.size() - fromEnd, value), message);
  }

  @Test
  void refusesFieldsThatLie() {
    ZipEntry entry = parse(ZIP64).entries().getFirst();
    int header = (int) entry.directoryAt();
    int extra = header + ZipEntry.DIRECTORY_HEADER + "a/text.txt".length();
    refused(ZipBuilder.u16(ZIP64, extra, 2), "leaves 24 bytes to ZIP64, whose extra field has 0");
    refused(ZipBuilder.u16(ZIP64, extra + 2, 16), "whose extra field has 16");
    refused(ZipBuilder.u32(ZIP64, header + 42, 0), "leaves 16 bytes to ZIP64");
    refused(ZipBuilder.u32(ZIP64, extra + 8, -1), "sizes that no file has");
    refused(ZipBuilder.u32(ZIP64, extra + 4, 1), "does not agree");
    refused(ZipBuilder.u32(ZIP64, extra + 20, 1), "at offset 1");
    refused(ZipBuilder.u32(ZIP64, extra + 24, 1 << 20), "its place ends at");
    refused(ZipBuilder.u32(ZIP64, (int) entry.end() - 4, 1), "data descriptor");
  }

  @Test
  void refusesMoreEntriesThanAnArchiveMayHave() {
    Bytes many = ZipBuilder.u32(ZIP64, ZIP64.size() - 74, 100_001);
    refused(ZipBuilder.u32(many, ZIP64.size() - 66, 100_001), "more than 100000 entries");
    refused(ZipBuilder.u32(many, ZIP64.size() - 66, 3), "volumes");
  }

  @Test
  void isNotReadByThoseWhoWantNone() {
    for (var flavour :
        new PackageZip.Flavour[] {PackageZip.Flavour.ZIP64, PackageZip.Flavour.MIXED}) {
      assertThatThrownBy(() -> ZipFile.parse(Artifact.of(archive(flavour))))
          .isInstanceOfSatisfying(
              ArtifactException.class,
              e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-TOO-LARGE"));
    }
  }
}
