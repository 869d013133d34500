// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.appx.AppxBuilder;
import io.sgcsign.layout.cab.CabBuilder;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.pki.Digest;
import io.sgcsign.tool.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NestedFilesTest {
  private static final Bytes PROGRAM = PeBuilder.x64().build();
  @TempDir private Path folder;
  private final Map<String, Digest> found = new TreeMap<>();
  private final List<String> closed = new ArrayList<>();
  private int open;

  private final class Visit implements NestedFiles.Visitor {
    @Override
    public boolean wants(Bytes head) {
      return head.size() > 1 && head.at(0) == 'M' && head.at(1) == 'Z';
    }

    @Override
    public void file(String path, Artifact artifact) {
      found.put(path, Digest.sha256(artifact.read(0, (int) artifact.size())));
    }

    @Override
    public void closed(String path, String why) {
      closed.add(path + ": " + why);
    }
  }

  private final class Memory implements Spool {
    @Override
    public Draft begin() {
      open++;
      var out = new ByteArrayOutputStream();
      return new Draft() {
        private int closings;

        @Override
        public void accept(byte[] buffer, int offset, int length) {
          out.write(buffer, offset, length);
        }

        @Override
        public Artifact finish() {
          return Artifact.of(Bytes.wrap(out.toByteArray()));
        }

        @Override
        public void close() {
          open -= closings++ == 0 ? 1 : 0;
        }
      };
    }
  }

  private void walk(Bytes file) {
    NestedFiles.walk(Artifact.of(file), "f", new Memory(), new Visit());
    assertThat(open).as("drafts still open").isZero();
  }

  private static Bytes zip(String name, Bytes content) {
    return new ZipBuilder().deflated(name, content).build();
  }

  @Test
  void findsProgramsByContentWhateverTheyAreCalled() {
    walk(
        new ZipBuilder()
            .deflated("readme.exe", "no program")
            .deflated("data/logo.png", PROGRAM)
            .stored("x", PROGRAM)
            .build());

    assertThat(found).containsOnlyKeys("f!/data/logo.png", "f!/x");
    assertThat(found).containsValue(Digest.sha256(PROGRAM));
    assertThat(closed).isEmpty();
  }

  @Test
  void looksIntoArchivesInArchives() {
    walk(zip("inner.nupkg", zip("lib/a.dll", PROGRAM)));

    assertThat(found).containsOnlyKeys("f!/inner.nupkg!/lib/a.dll");
  }

  @Test
  void looksIntoBundlesOfPackagesWithZip64() {
    Bytes app = AppxBuilder.small("CN=A").file("bin\\A.exe", PROGRAM).build();
    walk(AppxBuilder.bundle("CN=A").member("more.msix", app).build());

    assertThat(found).containsOnlyKeys("f!/more.msix!/bin/A.exe");
    assertThat(closed).isEmpty();
  }

  @Test
  void saysWhenItLiesTooDeep() {
    Bytes file = zip("a.exe", PROGRAM);
    for (int i = 0; i < 5; i++) {
      file = zip("z", file);
    }
    walk(file);

    assertThat(found).isEmpty();
    assertThat(closed).singleElement().asString().contains("f!/z!/z!/z!/z!/z: It lies in more");
  }

  @Test
  void saysWhatCannotBeLookedIntoAndGoesOn() {
    byte[] broken = zip("a.exe", PROGRAM).toArray();
    broken[60] ^= 1;
    walk(
        new ZipBuilder()
            .deflated("broken.zip", Bytes.wrap(broken))
            .deflated("good.dll", PROGRAM)
            .build());

    assertThat(found).containsOnlyKeys("f!/good.dll");
    assertThat(closed).singleElement().asString().startsWith("f!/broken.zip: The entry a.exe");
  }

  @Test
  void stopsWhenItExpandsToTooMuch() {
    byte[] content = new byte[60_000_000];
    var random = new Random(1);
    for (int at = 0; at < content.length; at += 5000) {
      content[at] = (byte) random.nextInt(); // no entry alone is suspicious
    }
    Bytes bomb = zip("zeros", Bytes.wrap(content));
    var all = new ZipBuilder();
    for (int i = 0; i < 3; i++) {
      all.deflated("bomb" + i + ".zip", bomb);
    }
    walk(all.build());

    assertThat(closed).singleElement().asString().startsWith("f: It expands to more than");
  }

  @Test
  void readsStoredCabinets() {
    walk(zip("a.cab", CabBuilder.of(100, 70_000, 0).build()));

    assertThat(found).isEmpty();
    assertThat(closed).isEmpty();
  }

  @Test
  void countsWhatCompressedCabinetsHold() {
    walk(zip("a.cab", CabBuilder.of(100, 70_000).compressed().build()));

    assertThat(closed).isEmpty();
  }

  @Test
  void refusesCabinetsWhoseDataEndsEarly() {
    byte[] cabinet = CabBuilder.of(70_000).build().toArray();
    cabinet[40] = 1; // one block instead of three
    walk(Bytes.wrap(cabinet));

    assertThat(closed).singleElement().asString().contains("file0.bin ends at 32768, not at 70000");
  }

  @Test
  void refusesCabinetsThatUnpackTheSameDataAgainAndAgain() {
    byte[] cabinet = CabBuilder.of(70_000, 70_000).build().toArray();
    System.arraycopy(cabinet, 36, cabinet, 44, 4); // the second folder's data are the first's
    walk(Bytes.wrap(cabinet));

    assertThat(closed).singleElement().asString().contains("lie over one another");
  }

  @Test
  void refusesCabinetsWithDataThatBelongsToNoFile() {
    byte[] cabinet = CabBuilder.of(70_000).build().toArray();
    cabinet[44] = 1; // the file is one byte shorter
    cabinet[48] = 1; // and begins one later
    walk(Bytes.wrap(cabinet));

    assertThat(closed).singleElement().asString().contains("belong to no file");
  }

  @Test
  void unpacksNoMoreThanTheFilesNeed() {
    byte[] cabinet = CabBuilder.of(100_000).build().toArray();
    cabinet[44] = 100;
    cabinet[45] = 0;
    cabinet[46] = 0; // of its four blocks the file needs the beginning of the first
    cabinet[36 + 8 + 16 + 10 + 8 + 32_768 + 6] = 0; // the second claims no bytes
    cabinet[36 + 8 + 16 + 10 + 8 + 32_768 + 7] = 0;
    walk(Bytes.wrap(cabinet));

    assertThat(closed).isEmpty();
  }

  @Test
  void readsWhatOtherToolsCompressed() throws IOException {
    Tool gcab = Tool.require("gcab");
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Bytes large = Bytes.concat(PROGRAM, Bytes.wrap(new byte[90_000]), Bytes.wrap(noise));
    Files.write(folder.resolve("a.bin"), PROGRAM.toArray());
    Files.write(folder.resolve("b.bin"), large.toArray());
    Path out = folder.resolve("out.cab");
    var _ = gcab.succeed("-c", "-z", "-n", out, folder.resolve("a.bin"), folder.resolve("b.bin"));

    walk(Bytes.wrap(Files.readAllBytes(out)));

    assertThat(closed).isEmpty();
    assertThat(found)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("f!/a.bin", Digest.sha256(PROGRAM), "f!/b.bin", Digest.sha256(large)));
  }

  @Test
  void refusesMszipThatIsDamaged() throws IOException {
    Tool gcab = Tool.require("gcab");
    Files.write(folder.resolve("a.bin"), PROGRAM.toArray());
    Path out = folder.resolve("out.cab");
    var _ = gcab.succeed("-c", "-z", "-n", out, folder.resolve("a.bin"));
    byte[] cabinet = Files.readAllBytes(out);
    for (int at = cabinet.length - 200; at < cabinet.length; at++) {
      byte[] changed = cabinet.clone();
      changed[at] ^= 0x55;
      found.clear();
      closed.clear();
      walk(Bytes.wrap(changed));
      assertThat(found.size() + closed.size()).as("at " + at).isEqualTo(1);
    }
  }

  @Test
  void readsInstallerPackages() throws IOException {
    Tool wixl = Tool.require("wixl");
    Files.write(folder.resolve("app.exe"), PROGRAM.toArray());
    Path source = folder.resolve("a.wxs");
    Files.writeString(
        source,
        """
        <?xml version="1.0"?>
        <Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
          <Product Id="*" Name="N" Language="1033" Version="1.0" Manufacturer="M"
                   UpgradeCode="12345678-1234-1234-1234-123456789012">
            <Package InstallerVersion="200" Compressed="yes"/>
            <Media Id="1" Cabinet="data.cab" EmbedCab="yes"/>
            <Binary Id="Action" SourceFile="app.exe"/>
            <Directory Id="TARGETDIR" Name="SourceDir">
              <Component Id="C" Guid="12345678-1234-1234-1234-123456789013">
                <File Id="App" Source="app.exe"/>
              </Component>
            </Directory>
            <Feature Id="F" Level="1"><ComponentRef Id="C"/></Feature>
          </Product>
        </Wix>
        """);
    Path out = folder.resolve("a.msi");
    var _ = wixl.succeed("-o", out, source);

    walk(Bytes.wrap(Files.readAllBytes(out)));

    assertThat(closed).isEmpty();
    assertThat(found).containsOnlyKeys("f!/data.cab!/App", "f!/Binary.Action");
    assertThat(found).containsValue(Digest.sha256(PROGRAM));
  }

  @Test
  void looksIntoTheContainersOfBundles() {
    Bytes cabinet = CabBuilder.holding(Bytes.utf8("text"), PROGRAM).compressed().build();
    BurnBuilder bundle = BurnBuilder.bundle().attached(List.of(cabinet, CabBuilder.of(9).build()));

    walk(bundle.build());
    assertThat(closed).isEmpty();
    assertThat(found).containsOnlyKeys("f!/container1!/file1.bin");
    assertThat(found).containsValue(Digest.sha256(PROGRAM));

    walk(zip("setup.exe", bundle.build()));
    assertThat(found).containsKey("f!/setup.exe!/container1!/file1.bin");
    found.clear();
    walk(bundle.engine());
    assertThat(found).as("the engine alone").isEmpty();
    assertThat(closed).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithBundles() {
    walk(BurnBuilder.bundle().attached(List.of(PROGRAM)).build());
    assertThat(closed).singleElement().asString().contains("is no cabinet");
    for (int field : new int[] {0, 24, 44, 48, 52}) {
      closed.clear();
      walk(BurnBuilder.bundle().with(field, 0x7fff_ffff));
      assertThat(closed).as("field at %s", field).hasSize(1);
    }
  }

  @Test
  void looksIntoProgramsThatUnpackThemselves() throws IOException {
    Bytes inner = PeBuilder.x86().build();
    Bytes archive = new ZipBuilder().deflated("bin/a.exe", inner).comment("c").build();
    Bytes file = Bytes.concat(PROGRAM, archive);
    walk(file);
    assertThat(closed).isEmpty();
    assertThat(found).containsExactlyEntriesOf(Map.of("f!/bin/a.exe", Digest.sha256(inner)));

    found.clear();
    Path adjusted = Files.write(folder.resolve("sfx.exe"), file.toArray());
    var _ = Tool.require("zip").succeed("-A", adjusted);
    Bytes other = Bytes.wrap(Files.readAllBytes(adjusted));
    assertThat(other).isNotEqualTo(file);
    walk(Bytes.concat(other, Bytes.wrap(new byte[5])));
    assertThat(closed).isEmpty();
    assertThat(found).containsOnlyKeys("f!/bin/a.exe");

    found.clear();
    byte[] broken = file.toArray();
    broken[PROGRAM.size() + 50] ^= 1;
    walk(Bytes.wrap(broken));
    assertThat(found).isEmpty();
    assertThat(closed).hasSize(1);
    closed.clear();
    walk(PROGRAM);
    assertThat(closed).isEmpty();
  }
}
