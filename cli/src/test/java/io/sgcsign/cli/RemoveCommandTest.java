// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.pki.Issued;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sgcsign remove} takes off, and what it leaves alone. */
final class RemoveCommandTest {
  private static final Issued KEY = Desk.key("Ours");
  @TempDir private Path folder;
  private Desk desk;

  @BeforeEach
  void start() {
    desk = Desk.in(folder);
  }

  private static Bytes signed(String format, Bytes file, String name) {
    SignatureFormat chosen = Formats.byName(format).orElseThrow();
    Artifact artifact = Artifact.of(file);
    Options options = Options.named(chosen, artifact, name);
    var signer = TestSigner.of(chosen, options, KEY, Optional.empty(), Optional.empty());
    Artifact out = artifact.with(((Signed.Patched) chosen.sign(artifact, options, signer)).patch());
    return out.read(0, (int) out.size());
  }

  /** Linkers may leave the checksum of a program out; nobody knows afterwards. */
  private static Bytes program(Path file) {
    byte[] bytes = Desk.read(file).toArray();
    int at = PeBuilder.x64().checksumAt();
    Arrays.fill(bytes, at, at + 4, (byte) 0);
    return Bytes.wrap(bytes);
  }

  @Test
  void givesBackTheBytesFromBefore() {
    Bytes script = Bytes.utf8("Write-Host 1\r\n");
    Path program = desk.write("a.exe", signed("authenticode", Desk.program(1), "a.exe"));
    Path other = desk.write("sub/b.ps1", signed("powershell", script, "b.ps1"));

    Desk.Run run = desk.run("remove", "*.exe", "sub/*");

    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).isEqualTo("removed  a.exe\nremoved  sub/b.ps1\n");
    assertThat(run.err()).contains("2 removed");
    assertThat(program(program)).isEqualTo(Desk.program(1));
    assertThat(Desk.read(other)).isEqualTo(script);
    assertThat(desk.files()).containsExactly("a.exe", "sub/b.ps1");
  }

  @Test
  void takesTheSignatureOffTheEngineOfABundleThatIsNotSignedItself() {
    BurnBuilder builder = BurnBuilder.bundle();
    Bytes engine = signed("authenticode", builder.engine(), "engine.exe");
    Path bundle = desk.write("setup.exe", builder.reattached(engine));

    Desk.Run run = desk.run("remove", "setup.exe");

    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).isEqualTo("removed  setup.exe\n");
    Artifact left = Artifact.of(Desk.read(bundle));
    assertThat(Formats.byName("authenticode").orElseThrow().blocks(left)).isEmpty();
  }

  @Test
  void writesElsewhereIfAskedTo() {
    Bytes file = signed("authenticode", Desk.program(1), "a.exe");
    desk.write("a.exe", file);
    desk.program("plain.exe", 2);

    Desk.Run run = desk.run("remove", "*.exe", "-o", "out", "--json");

    assertThat(run.exit()).isEqualTo(ExitCode.OK);
    var json = (JsonValue.Obj) Json.parse(run.out());
    assertThat(json.items("files"))
        .extracting(f -> ((JsonValue.Obj) f).text("status").orElseThrow())
        .containsExactly("removed", "unsigned");
    assertThat(Desk.read(folder.resolve("a.exe"))).isEqualTo(file);
    assertThat(program(folder.resolve("out/a.exe"))).isEqualTo(Desk.program(1));
    assertThat(Desk.read(folder.resolve("out/plain.exe"))).isEqualTo(Desk.program(2));
  }

  @Test
  void leavesUnsignedFilesAndStrangersAlone() {
    Map<String, Bytes> files =
        Map.of("a.exe", Desk.program(1), "b.ps1", Bytes.utf8("1\r\n"), "c.txt", Bytes.utf8("hi"));
    files.forEach(desk::write);

    Desk.Run run = desk.run("remove", "a.exe", "b.ps1", "c.txt");

    assertThat(run.exit()).isEqualTo(ExitCode.PARTIAL);
    assertThat(run.out()).isEqualTo("unsigned a.exe\nunsigned b.ps1\n");
    assertThat(run.failure().getFirst()).startsWith("sgcsign: c.txt: Not a file of this format");
    files.forEach((name, bytes) -> assertThat(Desk.read(folder.resolve(name))).isEqualTo(bytes));
  }
}
