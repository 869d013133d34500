// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ZipFileTest {
  private static final Bytes TEXT = Bytes.utf8("The quick brown fox. ".repeat(500));
  private static final Bytes ZIP =
      new ZipBuilder()
          .deflated("a/text.txt", TEXT)
          .deflated("b.bin", noise(70_000))
          .stored("häß/", Bytes.EMPTY)
          .stored("c", Bytes.utf8("c"))
          .comment("made by a test")
          .build();

  private static Bytes noise(int size) {
    byte[] out = new byte[size];
    new Random(size).nextBytes(out);
    return Bytes.wrap(out);
  }

  private static ZipFile parse(Bytes file) {
    return ZipFile.parse(Artifact.of(file));
  }

  private static ZipEntry entry(String name) {
    return parse(ZIP).entry(name).orElseThrow();
  }

  private static void refused(Bytes file, String code, String message) {
    assertThatThrownBy(() -> parse(file))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-" + code))
        .hasMessageContaining(message);
  }

  @Test
  void readsWhatTheJdkWrote() {
    ZipFile zip = parse(ZIP);
    assertThat(zip.entries())
        .extracting(ZipEntry::name)
        .containsExactly("a/text.txt", "b.bin", "häß/", "c");
    assertThat(zip.read(entry("a/text.txt"), 1 << 20)).isEqualTo(TEXT);
    assertThat(zip.read(entry("b.bin"), 1 << 20)).isEqualTo(noise(70_000));
    assertThat(zip.read(entry("c"), 1)).isEqualTo(Bytes.utf8("c"));
    assertThat(entry("häß/").folder()).isTrue();
    assertThat(zip.prefix()).isZero();
    assertThat(zip.unclaimed()).isZero();
  }

  @Test
  void readsAnEmptyArchive() {
    Bytes empty = Bytes.concat(Bytes.fromHex("504b0506"), Bytes.wrap(new byte[18]));
    assertThat(parse(empty).entries()).isEmpty();
    assertThat(ZipFile.begins(Artifact.of(empty))).isTrue();
  }

  @Test
  void refusesWhatIsNoArchive() {
    refused(Bytes.EMPTY, "EMPTY", "no bytes");
    refused(Bytes.utf8("plain text that goes on for a while"), "UNRECOGNISED", "no ZIP");
    refused(ZIP.slice(0, 2000), "TRUNCATED", "no central directory");
  }

  @Test
  void refusesDataBehindTheEnd() {
    refused(Bytes.concat(ZIP, Bytes.utf8("more")), "HIDDEN-DATA", "not the end of the file");
  }

  @Test
  void refusesTwoEnds() {
    Bytes end = Bytes.concat(Bytes.fromHex("504b0506"), Bytes.wrap(new byte[18]));
    Bytes plain = new ZipBuilder().deflated("a", "a").build();
    Bytes two = Bytes.concat(ZipBuilder.u16(plain, plain.size() - 2, 22), end);
    refused(two, "HIDDEN-DATA", "two ends");
  }

  @Test
  void refusesBytesBeforeAnArchiveWhoseOffsetsDoNotKnowOfThem() {
    refused(Bytes.concat(Bytes.utf8("#!/bin/sh\n"), ZIP), "MALFORMED", "does not end at");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "x/../../y",
        "/etc/passwd",
        "C:evil",
        "a\\b",
        "a//b",
        "./a",
        "x/.",
        "a\u0001b"
      })
  void refusesNamesThatLeaveTheArchiveOrMeanTwoThings(String name) {
    refused(new ZipBuilder().deflated(name, "x").build(), "MALFORMED", "leaves the archive");
  }

  @Test
  void refusesNamesThatAreTooLong() {
    Bytes file = new ZipBuilder().deflated("x".repeat(1025), "x").build();
    refused(file, "MALFORMED", "more than 1024");
  }

  @Test
  void refusesAnEntryThatComesTwice() {
    Bytes two = new ZipBuilder().deflated("aa", "1").deflated("ab", "2").build();
    String text = new String(two.toArray(), StandardCharsets.ISO_8859_1);
    Bytes same = Bytes.wrap(text.replace("ab", "aa").getBytes(StandardCharsets.ISO_8859_1));
    refused(same, "MALFORMED", "twice");
  }

  @Test
  void refusesALocalHeaderThatDisagrees() {
    ZipEntry stored = entry("c");
    int at = (int) stored.headerAt();
    refused(ZipBuilder.u32(ZIP, at + 22, 2), "MALFORMED", "does not agree");
    refused(ZipBuilder.u16(ZIP, at + 30, 'd'), "MALFORMED", "does not agree");
    refused(ZipBuilder.u16(ZIP, at + 8, 8), "MALFORMED", "does not agree");
    refused(ZipBuilder.u32(ZIP, at, 0), "MALFORMED", "does not agree");
  }

  @Test
  void refusesADataDescriptorThatDisagrees() {
    ZipEntry text = entry("a/text.txt");
    refused(ZipBuilder.u32(ZIP, (int) text.end() - 4, 1), "MALFORMED", "data descriptor");
  }

  @Test
  void refusesEntriesOverOneAnother() {
    Bytes two = new ZipBuilder().stored("a", TEXT).stored("b", TEXT).build();
    ZipEntry first = parse(two).entries().getFirst();
    Bytes larger = ZipBuilder.u32(two, (int) first.headerAt() + 18, first.size() + 100);
    larger = ZipBuilder.u32(larger, (int) first.headerAt() + 22, first.size() + 100);
    larger = ZipBuilder.u32(larger, (int) first.directoryAt() + 20, first.size() + 100);
    larger = ZipBuilder.u32(larger, (int) first.directoryAt() + 24, first.size() + 100);
    refused(larger, "MALFORMED", "behind the beginning of the next");
  }

  @Test
  void refusesZip64AndItsLies() {
    int directory = (int) entry("c").directoryAt();
    refused(ZipBuilder.u32(ZIP, directory + 24, -1), "TOO-LARGE", "ZIP64");
    int end = ZIP.size() - "made by a test".length() - 22;
    refused(ZipBuilder.u16(ZIP, end + 10, 0xffff), "TOO-LARGE", "ZIP64");
    refused(ZipBuilder.u32(ZIP, end + 16, -1), "TOO-LARGE", "ZIP64");
  }

  @Test
  void refusesWhatIsEncryptedLinkedOrUnknown() {
    int at = (int) entry("c").directoryAt();
    refused(ZipBuilder.u16(ZIP, at + 8, 1), "MALFORMED", "encrypted");
    refused(ZipBuilder.u16(ZIP, at + 10, 12), "MALFORMED", "method 12");
    Bytes link = ZipBuilder.u32(ZipBuilder.u16(ZIP, at + 4, 0x0314), at + 38, 0xa1ff_0000L);
    refused(link, "MALFORMED", "a link");
  }

  @Test
  void refusesBombs() {
    Bytes zeros = Bytes.wrap(new byte[4 << 20]);
    refused(new ZipBuilder().deflated("bomb", zeros).build(), "MALFORMED", "1000 times");
  }

  @Test
  void findsOutWhenContentIsNotWhatItsHeaderSays() {
    ZipEntry text = entry("a/text.txt");
    Bytes wrong = ZipBuilder.u16(ZIP, (int) text.dataAt() + 20, 0x5555);
    assertThatThrownBy(() -> parse(wrong).read(text, 1 << 20))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("a/text.txt");
    assertThatThrownBy(() -> parse(ZIP).read(text, 100)).isInstanceOf(ArtifactException.class);
  }
}
