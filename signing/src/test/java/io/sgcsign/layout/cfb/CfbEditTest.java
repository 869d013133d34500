// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every edit is read again by our reader and by Apache POI. */
final class CfbEditTest {
  private static final String SIGNATURE = "\u0005DigitalSignature";
  private static final String EXTENDED = "\u0005MsiDigitalSignatureEx";
  private final Random random = new Random(20);

  @TempDir Path folder;

  private static Bytes name(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_16LE));
  }

  private static Bytes apply(Bytes file, Patch patch) {
    var out = Artifact.of(file).with(patch);
    return out.read(0, Math.toIntExact(out.size()));
  }

  private static CompoundFile parse(Bytes file) {
    return CompoundFile.parse(Artifact.of(file));
  }

  private static Bytes sign(Bytes file, Bytes signature, Bytes extended) throws IOException {
    var edit = parse(file).edit().remove(name(SIGNATURE)).remove(name(EXTENDED));
    if (!extended.isEmpty()) {
      edit.add(name(EXTENDED), extended);
    }
    Bytes out = apply(file, edit.add(name(SIGNATURE), signature).patch());
    var expected = new TreeMap<>(PoiReader.streams(file));
    expected.remove("/" + EXTENDED);
    expected.put("/" + SIGNATURE, signature);
    if (!extended.isEmpty()) {
      expected.put("/" + EXTENDED, extended);
    }
    assertThat(PoiReader.streams(out)).isEqualTo(expected);
    assertThat(CompoundFileTest.streams(parse(out))).isEqualTo(expected);
    obeysRules(parse(out));
    return out;
  }

  private static Bytes strip(Bytes file) {
    return apply(file, parse(file).edit().remove(name(SIGNATURE)).remove(name(EXTENDED)).patch());
  }

  /** Sorted siblings, no red child of a red parent, as many black nodes on every path. */
  private static void obeysRules(CompoundFile file) {
    List<DirectoryEntry> siblings = new ArrayList<>();
    int child = file.directory().entry(0).child();
    blackHeight(file.directory(), child, siblings);
    for (int i = 1; i < siblings.size(); i++) {
      assertThat(CfbBuilder.compare(siblings.get(i - 1).text(), siblings.get(i).text()))
          .isNegative();
    }
    assertThat(siblings).hasSize(file.root().children().size());
    for (int s = 0; s < file.artifact().size() / file.header().geometry().sectorSize() - 1; s++) {
      // what the FAT calls used has an owner
      assertThat(file.fat().next(s) == Geometry.FREE || file.taken(s)).as("sector " + s).isTrue();
    }
  }

  private static int blackHeight(Directory directory, int id, List<DirectoryEntry> inOrder) {
    if (id == DirectoryEntry.NONE) {
      return 1;
    }
    DirectoryEntry entry = directory.entry(id);
    int left = blackHeight(directory, entry.left(), inOrder);
    inOrder.add(entry);
    int right = blackHeight(directory, entry.right(), inOrder);
    assertThat(left).as("black nodes below " + entry.text()).isEqualTo(right);
    for (int below : new int[] {entry.left(), entry.right()}) {
      assertThat(entry.red() && below != DirectoryEntry.NONE && directory.entry(below).red())
          .isFalse();
    }
    return left + (entry.red() ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"3,2000,0", "3,9000,32", "4,2000,20", "4,9000,0", "3,4095,64", "4,4096,32"})
  void removingWhatWasAddedGivesTheVeryFileBack(int version, int size, int extended)
      throws IOException {
    for (int more = 0; more < 9; more++) {
      var builder = CfbBuilder.sample(version).balanced();
      for (int i = 0; i < more; i++) {
        builder.stream("more" + i, CfbBuilder.bytes(random, 100 * i));
      }
      Bytes file = builder.build();
      Bytes signed = sign(file, CfbBuilder.bytes(random, size), CfbBuilder.bytes(random, extended));
      Bytes stripped = strip(signed);
      assertThat(PoiReader.streams(stripped)).isEqualTo(PoiReader.streams(file));
      assertThat(stripped.size()).isEqualTo(file.size());
      // the tree of names may have been balanced anew; from then on nothing changes any more
      Bytes again = sign(stripped, CfbBuilder.bytes(random, size), Bytes.EMPTY);
      assertThat(strip(again).size()).isEqualTo(file.size());
      assertThat(differences(stripped, file)).allMatch(at -> inDirectory(file, at));
    }
  }

  private static List<Integer> differences(Bytes a, Bytes b) {
    var out = new ArrayList<Integer>();
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (a.at(i) != b.at(i)) {
        out.add(i);
      }
    }
    return out;
  }

  /** Colours and neighbours only. */
  private static boolean inDirectory(Bytes file, int at) {
    var parsed = parse(file);
    int size = parsed.header().geometry().sectorSize();
    int field = at % DirectoryEntry.SIZE;
    return parsed.directory().sectors().contains(at / size - 1)
        && field >= DirectoryEntry.COLOUR_AT
        && field < DirectoryEntry.CLASS_AT;
  }

  @Test
  void aRedLeafUnderABlackParentLeavesNoTrace() throws IOException {
    // two names: the new one hangs below the longer
    Bytes file =
        CfbBuilder.version(3).balanced().stream("a", Bytes.utf8("1")).stream(
                "A stream whose name is long", Bytes.utf8("2"))
            .stream("bbb", Bytes.utf8("3"))
            .build();
    Bytes signed = sign(file, CfbBuilder.bytes(random, 6000), Bytes.EMPTY);
    Bytes stripped = strip(signed);
    assertThat(PoiReader.streams(stripped)).isEqualTo(PoiReader.streams(file));
    Bytes again = strip(sign(stripped, CfbBuilder.bytes(random, 6000), Bytes.EMPTY));
    assertThat(again).isEqualTo(stripped);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void fiveRoundsDoNotGrowTheFile(int version) throws IOException {
    Bytes file = CfbBuilder.sample(version).scattered().balanced().build();
    Bytes signed = sign(file, CfbBuilder.bytes(random, 5000), CfbBuilder.bytes(random, 32));
    for (int i = 0; i < 5; i++) {
      signed = sign(signed, CfbBuilder.bytes(random, 8000), CfbBuilder.bytes(random, 32));
      signed = sign(signed, CfbBuilder.bytes(random, 3000), Bytes.EMPTY);
      signed = sign(signed, CfbBuilder.bytes(random, 5000), CfbBuilder.bytes(random, 32));
      assertThat(strip(signed).size()).isEqualTo(file.size());
      Bytes bare = strip(signed);
      assertThat(sign(bare, CfbBuilder.bytes(random, 5000), CfbBuilder.bytes(random, 32)).size())
          .isEqualTo(signed.size());
    }
  }

  @Test
  void growsEveryTableAtItsVeryEdge() throws IOException {
    // 128 sectors a FAT sector, 128 mini sectors a mini FAT sector, 4 entries a directory sector
    for (int sectors = 8; sectors < 140; sectors++) {
      Bytes file =
          CfbBuilder.version(3).balanced().stream("Large", CfbBuilder.bytes(random, sectors * 512))
              .stream("Small", CfbBuilder.bytes(random, 64 * (sectors % 64)))
              .stream("Small too", CfbBuilder.bytes(random, 64 * 63))
              .build();
      Bytes signed = sign(file, CfbBuilder.bytes(random, 4500), CfbBuilder.bytes(random, 32));
      assertThat(strip(signed).size()).isEqualTo(file.size());
    }
  }

  @Test
  void growsAndShrinksTheDifat() throws IOException {
    boolean grew = false;
    // 109 FAT sectors reach 13,952 sectors
    for (int sectors = 13_790; sectors < 13_850; sectors += 7) {
      Bytes file = CfbBuilder.version(3).balanced().stream("L", bytes(sectors)).build();
      Bytes signed = sign(file, CfbBuilder.bytes(random, 30_000), CfbBuilder.bytes(random, 32));
      Bytes stripped = strip(signed);
      assertThat(stripped.size()).isEqualTo(file.size());
      grew |=
          parse(file).fat().difatSectors().isEmpty()
              && !parse(signed).fat().difatSectors().isEmpty()
              && parse(stripped).fat().difatSectors().isEmpty();
    }
    assertThat(grew).isTrue();
  }

  private static Bytes bytes(int sectors) {
    return Bytes.wrap(new byte[sectors * 512]);
  }

  @Test
  void startsAMiniStreamWhereThereIsNone() throws IOException {
    for (int version : new int[] {3, 4}) {
      Bytes file = CfbBuilder.version(version).build();
      Bytes signed = sign(file, CfbBuilder.bytes(random, 700), CfbBuilder.bytes(random, 32));
      assertThat(strip(signed)).isEqualTo(file);
    }
  }

  @Test
  void balancesATreeThatWasAllBlackOrUnsorted() throws IOException {
    Bytes file = CfbBuilder.sample(3).build();
    Bytes signed =
        apply(file, parse(file).edit().add(name(SIGNATURE), CfbBuilder.bytes(random, 10)).patch());
    assertThat(PoiReader.streams(signed)).hasSize(8);
    // a writer that sorts otherwise: "Empty" gets a longer name at its old place
    byte[] odd = CfbBuilder.sample(3).balanced().build().toArray();
    int at = indexOf(odd, "Empty".getBytes(StandardCharsets.UTF_16LE));
    byte[] other = "Emptied out".getBytes(StandardCharsets.UTF_16LE);
    System.arraycopy(other, 0, odd, at, other.length);
    odd[at + DirectoryEntry.NAME_LENGTH_AT] = (byte) (other.length + 2);
    Bytes sorted = sign(Bytes.of(odd), CfbBuilder.bytes(random, 5000), Bytes.EMPTY);
    assertThat(strip(sorted).size()).isEqualTo(odd.length);
  }

  private static int indexOf(byte[] in, byte[] what) {
    return new String(in, StandardCharsets.ISO_8859_1)
        .indexOf(new String(what, StandardCharsets.ISO_8859_1));
  }

  @Test
  void leavesTheSectorOfTheRangeLockAlone() throws IOException {
    // ends some sectors before 2 GiB, so that the signature goes across
    Path path =
        CfbBuilder.version(4)
            .zeros("Large", (2L << 30) - 530L * 4096)
            .write(folder.resolve("edge"));
    try (Artifact artifact = Artifact.open(path)) {
      assertThat(artifact.size()).isLessThan(2L << 30);
      var file = CompoundFile.parse(artifact);
      Bytes signature = CfbBuilder.bytes(random, 100_000);
      var signed = artifact.with(file.edit().add(name(SIGNATURE), signature).patch());
      assertThat(signed.size()).isGreaterThan(2L << 30);
      var parsed = CompoundFile.parse(signed);
      assertThat(parsed.find(name(SIGNATURE)).map(e -> parsed.read(e, 1 << 20)))
          .contains(signature);
      assertThat(parsed.fat().next(0x7fffe)).isEqualTo(Geometry.END_OF_CHAIN);
      assertThat(parsed.taken(0x7fffe)).isFalse();
      var bare = signed.with(parsed.edit().remove(name(SIGNATURE)).patch());
      assertThat(bare.size()).isEqualTo(artifact.size());
    }
  }

  @Test
  void refusesToGrowVersion3Beyond2Gigabytes() throws IOException {
    Path path =
        CfbBuilder.version(3)
            .zeros("Large", (2L << 30) - 33_500L * 512)
            .write(folder.resolve("full"));
    try (Artifact artifact = Artifact.open(path)) {
      var file = CompoundFile.parse(artifact);
      int room = (int) ((2L << 30) - artifact.size());
      var edit = file.edit().add(name(SIGNATURE), Bytes.wrap(new byte[room + 1]));
      org.assertj.core.api.Assertions.assertThatThrownBy(edit::patch)
          .isInstanceOf(io.sgcsign.artifact.ArtifactException.class)
          .hasMessageContaining("more than 2147483648 bytes");
    }
  }
}
