// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CompoundFileTest {
  @TempDir Path folder;

  /** All streams by path. */
  static Map<String, Bytes> streams(CompoundFile file) {
    var out = new TreeMap<String, Bytes>();
    collect(file, file.root(), "", out);
    return out;
  }

  private static void collect(
      CompoundFile file, Storage storage, String path, Map<String, Bytes> out) {
    for (Storage child : storage.children()) {
      String name = path + "/" + child.entry().text();
      if (child.entry().stream()) {
        out.put(name, file.read(child.entry(), 1 << 24));
      }
      collect(file, child, name, out);
    }
  }

  private static Bytes name(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_16LE));
  }

  private static CompoundFile parse(Bytes file) {
    return CompoundFile.parse(Artifact.of(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void readsWhatPoiReads(int version) throws IOException {
    for (var builder :
        new CfbBuilder[] {
          CfbBuilder.sample(version),
          CfbBuilder.sample(version).scattered(),
          CfbBuilder.sample(version).balanced()
        }) {
      Bytes file = builder.build();
      assertThat(streams(parse(file))).isEqualTo(PoiReader.streams(file)).hasSize(7);
    }
  }

  @Test
  void readsFilesWhoseFatNeedsADifat() throws IOException {
    var random = new Random(5);
    Bytes file = CfbBuilder.sample(3).stream("Big", CfbBuilder.bytes(random, 9_000_000)).build();
    assertThat(ByteBuffer.wrap(file.toArray()).order(ByteOrder.LITTLE_ENDIAN).getInt(0x48))
        .isEqualTo(1);
    assertThat(streams(parse(file))).isEqualTo(PoiReader.streams(file));
  }

  @Test
  void readsBeyondTwoGigabytes() throws IOException {
    Bytes content = CfbBuilder.bytes(new Random(3), 5000);
    Path path =
        CfbBuilder.version(4).zeros("A hole", (2L << 30) + 12_345).stream(
                "Behind", Bytes.wrap(new byte[] {1, 2, 3, 4}))
            .stream("Behind, large", content)
            .write(folder.resolve("large"));
    try (Artifact artifact = Artifact.open(path)) {
      var file = CompoundFile.parse(artifact);
      var behind = file.find(name("Behind")).orElseThrow();
      var large = file.find(name("Behind, large")).orElseThrow();
      assertThat(file.read(behind, 4)).isEqualTo(Bytes.of((byte) 1, (byte) 2, (byte) 3, (byte) 4));
      assertThat(file.read(large, 5000)).isEqualTo(content);
    }
  }

  private static void refuses(String says, Consumer<ByteBuffer> damage) {
    byte[] out = CfbBuilder.sample(3).build().toArray();
    damage.accept(ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN));
    assertThatThrownBy(() -> streams(parse(Bytes.wrap(out))))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining(says);
  }

  private static int at(int sector) {
    return (sector + 1) * 512;
  }

  private static int fat(ByteBuffer file, int sector) {
    return at(file.getInt(0x4c)) + sector * 4;
  }

  private static int entry(ByteBuffer file, int id) {
    int sector = file.getInt(0x30);
    for (int i = 0; i < id / 4; i++) {
      sector = file.getInt(fat(file, sector));
    }
    return at(sector) + id % 4 * 128;
  }

  @Test
  void refusesHeadersThatLie() {
    refuses("no compound file", f -> f.put(0, (byte) 0));
    refuses("version", f -> f.putShort(0x1a, (short) 5));
    refuses("order", f -> f.putShort(0x1c, (short) 0xfeff));
    refuses("sector size", f -> f.putShort(0x1e, (short) 12));
    refuses("mini sector size", f -> f.putShort(0x20, (short) 9));
    refuses("cutoff", f -> f.putInt(0x38, 0));
    refuses("claims 4294967295 FAT sectors", f -> f.putInt(0x2c, -1));
    refuses("claims 0 FAT sectors", f -> f.putInt(0x2c, 0));
    refuses("claims 110 FAT sectors", f -> f.putInt(0x2c, 110));
    refuses("The FAT goes on in sector 4294967295", f -> f.putInt(0x2c, 2));
    refuses("The FAT goes on in sector", f -> f.putInt(0x4c, 1_000_000));
    refuses("The directory goes on", f -> f.putInt(0x30, 1_000_000));
    refuses("The directory ends after 0 of", f -> f.putInt(0x30, -2));
    refuses("The mini FAT goes on", f -> f.putInt(0x3c, 1_000_000));
    refuses("runs in a circle or into another", f -> f.putInt(0x3c, f.getInt(0x30)));
  }

  @Test
  void refusesChainsThatRunInCirclesOrIntoOthersOrTooShort() {
    refuses("circle", f -> f.putInt(fat(f, 1), 0));
    refuses("goes on in sector 7777", f -> f.putInt(fat(f, 1), 7777));
    refuses("ends after 1024 of 5000", f -> f.putInt(fat(f, 1), -2));
    refuses("into another", f -> f.putInt(entry(f, 9) + 116, f.getInt(entry(f, 2) + 116)));
    refuses("mini sector", f -> f.putInt(entry(f, 3) + 116, f.getInt(entry(f, 1) + 116)));
    refuses("mini sector 9999", f -> f.putInt(entry(f, 3) + 116, 9999));
    refuses("directory", f -> f.putInt(fat(f, f.getInt(0x30)), f.getInt(0x30)));
    refuses("claims", f -> f.putInt(entry(f, 9) + 120, -1));
    refuses("ends after", f -> f.putInt(entry(f, 9) + 120, 80_000));
  }

  @Test
  void refusesDirectoriesThatAreNoTree() {
    refuses("points to entry 500", f -> f.putInt(entry(f, 0) + 76, 500));
    refuses("circle at entry", f -> f.putInt(entry(f, 1) + 68, 0));
    refuses("of type 0", f -> f.put(entry(f, 1) + 66, (byte) 0));
    refuses("no root", f -> f.put(entry(f, 0) + 66, (byte) 1));
    refuses("name of 66 bytes", f -> f.putShort(entry(f, 1) + 64, (short) 66));
    refuses("name of another", f -> f.put(entry(f, 3), copy(f, entry(f, 2), 66)));
  }

  private static byte[] copy(ByteBuffer file, int at, int length) {
    byte[] out = new byte[length];
    file.get(at, out);
    return out;
  }

  @Test
  void refusesTheDirectoryThatIsTooLargeAtOnce() {
    var builder = CfbBuilder.version(3).balanced();
    for (int i = 0; i < Directory.MAX_ENTRIES; i++) {
      builder.stream("s" + i, Bytes.EMPTY);
    }
    assertThatThrownBy(() -> parse(builder.build()))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("more than 65536 entries");
  }

  @Test
  void takesTreesAsDeepAsTheyHaveEntries() {
    var builder = CfbBuilder.version(4);
    for (int i = 0; i < 3000; i++) {
      builder.stream("s" + i, Bytes.EMPTY);
    }
    assertThat(streams(parse(builder.build()))).hasSize(3000);
  }

  @Test
  void refusesStoragesTooDeepInEachOther() {
    var builder = CfbBuilder.version(3);
    for (int i = 0; i < 40; i++) {
      builder.storage("s", CfbBuilder.MSI);
    }
    assertThatThrownBy(() -> parse(builder.build()))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("32 deep");
  }

  @Test
  void everyTruncationIsRefused() {
    Bytes file = CfbBuilder.sample(3).build();
    for (int length = 0; length < file.size(); length += 100) {
      int end = length;
      assertThatThrownBy(() -> parse(file.slice(0, end)))
          .as("cut at " + end)
          .isInstanceOf(ArtifactException.class);
    }
  }

  @Test
  void seesDataBehindTheLastSectorInUse() {
    Bytes file = CfbBuilder.sample(3).build();
    assertThat(parse(file).hidesData()).isFalse();
    assertThat(parse(Bytes.concat(file, Bytes.of((byte) 1))).hidesData()).isTrue();
    Bytes far = Bytes.concat(Bytes.wrap(new byte[100_000]), Bytes.utf8("PK"));
    assertThat(parse(Bytes.concat(file, far)).hidesData()).isTrue();
    assertThat(parse(Bytes.concat(file, Bytes.wrap(new byte[600]))).hidesData()).isFalse();
  }

  /** What is appended hides behind a stream if only the FAT, which nothing signs, says so. */
  @Test
  void seesDataThatWasMadeTheEndOfAStream() {
    Bytes file = CfbBuilder.sample(3).build();
    CompoundFile before = parse(file);
    int last = before.find(name("Cabinet.cab")).orElseThrow().start();
    while (before.fat().next(last) != Geometry.END_OF_CHAIN) {
      last = before.fat().next(last);
    }
    int added = file.size() / 512 - 1;
    byte[] longer = Arrays.copyOf(file.toArray(), file.size() + 512);
    ByteBuffer fields = ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN);
    int table = (before.fat().sectors().getFirst() + 1) * 512;
    fields.putInt(table + 4 * last, added).putInt(table + 4 * added, Geometry.END_OF_CHAIN);
    assertThat(parse(Bytes.of(longer)).hidesData()).as("a reserve").isFalse();
    fields.put(longer.length - 2, Bytes.utf8("PK").toArray());
    assertThat(streams(parse(Bytes.of(longer)))).isEqualTo(streams(before));
    assertThat(parse(Bytes.of(longer)).hidesData()).isTrue();
  }
}
