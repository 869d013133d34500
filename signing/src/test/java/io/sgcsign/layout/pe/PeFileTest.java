// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.wire.Code;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PeFileTest {
  private static final PeBuilder PE = PeBuilder.x64();
  private static final Bytes FILE = PE.build();
  private static final Bytes SIGNATURE = Bytes.fromHex("3003020105");
  private static final Set<DigestAlgorithm> SHA256 = Set.of(DigestAlgorithm.SHA256);

  static Stream<PeBuilder> kinds() {
    return Stream.of(
        PeBuilder.x64(),
        PeBuilder.x86(),
        PeBuilder.arm64(),
        PeBuilder.efi(),
        PeBuilder.x64().overlay(13),
        PeBuilder.x86().overlay(4096),
        PeBuilder.x64().sections(5, 70 * 1024).overlay(1));
  }

  private static PeFile parse(Bytes file) {
    return PeFile.parse(Artifact.of(file));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void digestsWhatTheSpecificationSays(PeBuilder pe) {
    Bytes file = pe.build();
    int checksum = pe.checksumAt();
    int entry = pe.certificateEntryAt();
    Bytes covered =
        Bytes.concat(
            file.slice(0, checksum),
            file.slice(checksum + 4, entry),
            file.slice(entry + 8, file.size()),
            Bytes.wrap(new byte[-file.size() & 7]));
    ImageScan scan = parse(file).scan(EnumSet.allOf(DigestAlgorithm.class));
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      assertThat(scan.digest(algorithm)).isEqualTo(Digest.of(algorithm, covered));
    }
    assertThat(scan.artifactDigest()).isEmpty();
    assertThat(parse(file).scanToSign(SHA256, false).artifactDigest())
        .contains(Digest.sha256(file));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void embedsSoThatDigestAndChecksumHold(PeBuilder pe) {
    var unsigned = Artifact.of(pe.build());
    ImageScan scan = PeFile.parse(unsigned).scanToSign(SHA256, false);
    var signed = unsigned.with(scan.embed(List.of(SIGNATURE, SIGNATURE)));
    PeFile result = PeFile.parse(signed);
    ImageScan again = result.scan(SHA256);
    assertThat(again.digests()).isEqualTo(scan.digests());
    assertThat(result.header().checksum()).isEqualTo(again.checksum());
    assertThat(again.checksum()).isEqualTo(slowChecksum(signed, pe.checksumAt()));
    assertThat(result.certificates().entries())
        .extracting(WinCertificate::content)
        .containsExactly(SIGNATURE, SIGNATURE);
    assertThat(result.certificates().hidesData()).isFalse();
    assertThat(signed.size() % 8).isZero();
  }

  /** As the specification tells it, word by word. */
  private static long slowChecksum(Artifact file, int checksumAt) {
    byte[] bytes = file.read(0, (int) file.size()).toArray();
    long sum = 0;
    for (int i = 0; i < bytes.length; i += 2) {
      boolean field = i >= checksumAt && i < checksumAt + 4;
      int high = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
      sum += field ? 0 : (bytes[i] & 0xff) | (high << 8);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum + bytes.length;
  }

  @Test
  void sumsAtOddPositionsToo() {
    byte[] data = new byte[1001];
    new Random(7).nextBytes(data);
    long whole = new PeChecksum().add(data, 0, data.length, 0).value(0);
    for (int cut : new int[] {1, 2, 7, 500, 999}) {
      var parts = new PeChecksum().add(data, cut, data.length - cut, cut).add(data, 0, cut, 0);
      assertThat(parts.value(0)).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void takesTheTableOffAgain(PeBuilder pe) {
    Bytes padded = Bytes.concat(pe.build(), Bytes.wrap(new byte[-pe.build().size() & 7]));
    Bytes file = PeBuilder.u32(padded, pe.checksumAt(), parse(padded).scan(Set.of()).checksum());
    var signed =
        Artifact.of(file).with(parse(file).scanToSign(SHA256, false).embed(List.of(SIGNATURE)));
    var stripped = signed.with(PeFile.parse(signed).strip());
    assertThat(stripped.read(0, (int) stripped.size())).isEqualTo(file);
    assertThat(stripped.with(PeFile.parse(stripped).strip()).size()).isEqualTo(file.size());
  }

  @Test
  void keepsTheLengthOfAnImageWhoseSignaturesStay() {
    Bytes odd = PeBuilder.x64().overlay(3).build();
    Bytes table = PeBuilder.entry(16, Bytes.concat(SIGNATURE, Bytes.wrap(new byte[3])));
    Bytes located = PeBuilder.u32(odd, PE.certificateEntryAt(), odd.size());
    Bytes signed = Bytes.concat(PeBuilder.u32(located, PE.certificateEntryAt() + 4, 16), table);
    PeFile pe = parse(signed);
    assertThat(pe.scanToSign(SHA256, true).digests()).isEqualTo(pe.scan(SHA256).digests());
    assertThat(pe.scanToSign(SHA256, false).digests()).isNotEqualTo(pe.scan(SHA256).digests());
  }

  @Test
  void hashesPagesOfEverySection() throws Exception {
    Bytes file = PeBuilder.x64().sections(2, 4096 + 512).build();
    PageHashes hashes = parse(file).pageHashes(DigestAlgorithm.SHA256);
    assertThat(hashes.pages())
        .extracting(PageHashes.Page::offset)
        .containsExactly(0L, 512L, 4608L, 5120L, 9216L, 9728L);
    var expected = MessageDigest.getInstance("SHA-256");
    expected.update(file.slice(4608, 5120).toArray());
    expected.update(new byte[4096 - 512]);
    assertThat(hashes.pages().get(2).digest().value()).isEqualTo(Bytes.wrap(expected.digest()));
    assertThat(hashes.pages().getLast().digest().value()).isEqualTo(Bytes.wrap(new byte[32]));
    assertThat(hashes.table().size()).isEqualTo(6 * 36);
  }

  @Test
  void seesDataHiddenBehindASignature() {
    Bytes clean = PeBuilder.entry(16, Bytes.concat(SIGNATURE, Bytes.fromHex("000000")));
    Bytes dirty = PeBuilder.entry(16, Bytes.concat(SIGNATURE, Bytes.fromHex("000001")));
    Bytes roomy = PeBuilder.entry(24, Bytes.concat(SIGNATURE, Bytes.wrap(new byte[11])));
    Bytes behind = Bytes.concat(clean, Bytes.fromHex("0000000061"));
    assertThat(hides(clean)).isFalse();
    assertThat(hides(dirty)).isTrue();
    assertThat(hides(roomy)).isTrue();
    assertThat(hides(behind)).isTrue();
  }

  private static boolean hides(Bytes table) {
    return parse(PE.withTable(FILE, table)).certificates().hidesData();
  }

  @Test
  void takesATableOfZeroSizeForNone() {
    assertThat(parse(PeBuilder.u32(FILE, PE.certificateEntryAt(), 99)).signed()).isFalse();
  }

  static Stream<Arguments> badFiles() {
    int entry = PE.certificateEntryAt();
    Bytes signed =
        PE.withTable(FILE, PeBuilder.entry(16, Bytes.concat(SIGNATURE, Bytes.fromHex("000000"))));
    int table = FILE.size();
    return Stream.of(
        bad("zero length", Bytes.EMPTY, Code.ARTIFACT_EMPTY),
        bad("one byte", Bytes.utf8("M"), Code.ARTIFACT_UNRECOGNISED),
        bad("text", Bytes.utf8("#!/bin/sh\necho hello\n"), Code.ARTIFACT_UNRECOGNISED),
        bad("MZ only", Bytes.utf8("MZ"), Code.ARTIFACT_TRUNCATED),
        bad("DOS only", PeBuilder.u32(FILE, 0x3c, 0), Code.ARTIFACT_UNRECOGNISED),
        bad("PE header far away", PeBuilder.u32(FILE, 0x3c, -1), Code.ARTIFACT_UNRECOGNISED),
        bad("cut in COFF", FILE.slice(0, 0x90), Code.ARTIFACT_TRUNCATED),
        bad("cut in optional", FILE.slice(0, 0x100), Code.ARTIFACT_TRUNCATED),
        bad("cut in sections", FILE.slice(0, PE.sectionTableAt() + 50), Code.ARTIFACT_TRUNCATED),
        bad("cut in content", FILE.slice(0, FILE.size() - 1), Code.ARTIFACT_TRUNCATED),
        bad("magic", PeBuilder.u16(FILE, PE.optionalHeaderAt(), 0x107), Code.ARTIFACT_MALFORMED),
        bad("no optional header", PeBuilder.u16(FILE, 0x80 + 20, 0), Code.ARTIFACT_MALFORMED),
        bad("short optional header", PeBuilder.u16(FILE, 0x80 + 20, 96), Code.ARTIFACT_MALFORMED),
        bad(
            "four directories",
            PeBuilder.u32(FILE, PE.optionalHeaderAt() + 108, 4),
            Code.ARTIFACT_MALFORMED),
        bad("65535 sections", PeBuilder.u16(FILE, 0x86, 0xffff), Code.ARTIFACT_TRUNCATED),
        bad(
            "section of 4 GiB",
            PeBuilder.u32(FILE, PE.sectionTableAt() + 16, -1),
            Code.ARTIFACT_TRUNCATED),
        bad("table of 4 GiB", PeBuilder.u32(signed, entry + 4, -1), Code.ARTIFACT_TRUNCATED),
        bad("table at 0", PeBuilder.u32(signed, entry, 0), Code.ARTIFACT_HIDDEN_DATA),
        bad("all is table", allTable(signed), Code.ARTIFACT_MALFORMED),
        bad("overlaps section", overlapping(signed), Code.ARTIFACT_MALFORMED),
        bad(
            "data after table",
            Bytes.concat(signed, Bytes.utf8("more")),
            Code.ARTIFACT_HIDDEN_DATA),
        bad("entry too long", PeBuilder.u32(signed, table, 17), Code.ARTIFACT_MALFORMED),
        bad("entry of 4 GiB", PeBuilder.u32(signed, table, -1), Code.ARTIFACT_MALFORMED),
        bad("entry too short", PeBuilder.u32(signed, table, 8), Code.ARTIFACT_MALFORMED),
        bad("entry of nothing", PeBuilder.u32(signed, table, 0), Code.ARTIFACT_MALFORMED),
        bad("table of 4 bytes", tiny(), Code.ARTIFACT_MALFORMED));
  }

  private static Arguments bad(String name, Bytes file, Code code) {
    return Arguments.of(name, file, code);
  }

  private static Bytes allTable(Bytes signed) {
    int entry = PE.certificateEntryAt();
    return PeBuilder.u32(PeBuilder.u32(signed, entry, 64), entry + 4, signed.size() - 64);
  }

  private static Bytes overlapping(Bytes signed) {
    int entry = PE.certificateEntryAt();
    int at = FILE.size() - 8;
    return PeBuilder.u32(PeBuilder.u32(signed, entry, at), entry + 4, signed.size() - at);
  }

  private static Bytes tiny() {
    return PE.withTable(FILE, Bytes.fromHex("04000000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFiles")
  void refusesBadFilesWithAReason(String name, Bytes file, Code code) {
    var thrown = catchThrowableOfType(ArtifactException.class, () -> parse(file));
    assertThat(thrown).as(name).isNotNull();
    assertThat(thrown.code()).as(thrown.getMessage()).isEqualTo(code.wireName());
    assertThat(thrown.getMessage()).isNotBlank();
    assertThat(thrown.hint()).isNotBlank();
  }

  @Test
  void refusesAFileBeyondFourGibibytes() {
    var far =
        new io.sgcsign.artifact.Patch(
            List.of(
                new io.sgcsign.artifact.Patch.Piece.Range(0, FILE.size()),
                new io.sgcsign.artifact.Patch.Piece.Range(0, PeFile.MAX_SIZE)));
    assertThatThrownBy(() -> PeFile.parse(Artifact.of(FILE).with(far)))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> assertThat(e.code()).isEqualTo(Code.ARTIFACT_TOO_LARGE.wireName()));
  }

  @Test
  void refusesPageHashesOfMorePagesThanItsLimit() {
    Bytes file = FILE;
    var header = parse(file).header();
    assertThat(header.sections()).hasSize(2);
    Bytes many = manyOverlappingSections();
    assertThatThrownBy(() -> parse(many).pageHashes(DigestAlgorithm.SHA1))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> assertThat(e.code()).isEqualTo(Code.ARTIFACT_TOO_LARGE.wireName()));
  }

  private static Bytes manyOverlappingSections() {
    var pe = PeBuilder.x64().sections(3000, 512);
    Bytes file = pe.build();
    byte[] out = file.toArray();
    for (int i = 0; i < 3000; i++) {
      int row = pe.sectionTableAt() + 40 * i;
      Words.putU32(out, row + 16, out.length - 4096L);
      Words.putU32(out, row + 20, 4096);
    }
    return Bytes.wrap(out);
  }

  @Test
  void throwsNothingButArtifactExceptionsOnMutations() {
    var random = new Random(42);
    Bytes signed =
        PE.withTable(FILE, PeBuilder.entry(16, Bytes.concat(SIGNATURE, Bytes.fromHex("000000"))));
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = (i % 2 == 0 ? FILE : signed).toArray();
      int changes = 1 + random.nextInt(4);
      for (int c = 0; c < changes; c++) {
        int region = random.nextInt(3) == 0 ? bytes.length : 0x200;
        bytes[random.nextInt(region)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length;
      refused += useAll(Bytes.of(bytes, 0, length)) ? 0 : 1;
    }
    assertThat(refused).isBetween(1_000, 9_000);
  }

  private static boolean useAll(Bytes file) {
    try {
      PeFile pe = parse(file);
      var _ = pe.scan(SHA256);
      var _ = pe.scanToSign(SHA256, false).embed(List.of(SIGNATURE));
      var _ = pe.strip();
      var _ = pe.pageHashes(DigestAlgorithm.SHA1);
      return true;
    } catch (ArtifactException e) {
      assertThat(Code.byWireName(e.code())).isPresent();
      return false;
    }
  }
}
