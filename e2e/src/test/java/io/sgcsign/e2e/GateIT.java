// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cfb.CfbBuilder;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.VersionResource;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.pki.KeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last step of a release, as its page tells it, with the packaged server and command. */
final class GateIT {
  @TempDir private static Path folder;
  private static final Map<String, String> ENVIRONMENT = new TreeMap<>();
  private static Workplace place;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    place =
        Workplace.start(
            folder,
            pki,
            site -> site.provider("release", pki.signer("Example GmbH", KeyType.RSA_2048), "{}"));
    ENVIRONMENT.putAll(place.environment());
    ENVIRONMENT.put("SGCSIGN_PROVIDER", "release");
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static Path release(String name) throws IOException {
    Path work = Files.createDirectories(folder.resolve(name));
    Path dist = Files.createDirectories(work.resolve("dist"));
    Files.write(
        dist.resolve("app.exe"),
        VersionResource.program("1.2.3.4", Map.of("OriginalFilename", "app.exe")).toArray());
    Files.write(dist.resolve("app.dll"), program(2));
    Files.write(dist.resolve("setup.msi"), CfbBuilder.sample(3).build().toArray());
    Packaged.Run run = Packaged.run(Packaged.client("sign", "dist/*"), ENVIRONMENT, work);
    assertThat(run.exit()).as(run.output()).isZero();
    Bytes signed = Bytes.wrap(Files.readAllBytes(dist.resolve("app.exe")));
    Bytes zip = new ZipBuilder().deflated("tools/a.bin", signed).build();
    Files.write(dist.resolve("tools.zip"), zip.toArray());
    return work;
  }

  private static byte[] program(int number) {
    return PeBuilder.x64().seed(number).build().toArray();
  }

  @Test
  void theHowToPageWorks() throws IOException {
    Path work = release("page");
    Files.copy(folder.resolve("root.pem"), work.resolve("chain.pem"));

    Packaged.Run run = new HowToPage("gate-a-release").run(ENVIRONMENT, work);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output()).contains("passed   dist/tools.zip!/tools/a.bin  CN=Example GmbH");
    assertThat(Files.readString(work.resolve("junit.xml"))).contains("failures=\"0\"");
    assertThat(Files.readString(work.resolve("applocker.xml")))
        .contains("PublisherName=\"O=SGCSIGN");
    assertThat(Files.readString(work.resolve("programs.xml")))
        .contains("FileName=\"app.exe\" MinimumFileVersion=\"1.2.3.4\"");
  }

  @Test
  void isShutForAnUnsignedProgramInsideAPackage() throws IOException {
    Path work = release("inside");
    Bytes zip = new ZipBuilder().deflated("a/readme.txt", Bytes.wrap(program(3))).build();
    Files.write(work.resolve("dist/more.zip"), zip.toArray());

    Packaged.Run run = Packaged.run(Packaged.client("gate", "dist/*", "--deep"), ENVIRONMENT, work);

    assertThat(run.exit()).isEqualTo(11);
    assertThat(run.output())
        .contains("refused  dist/more.zip!/a/readme.txt", "unsigned: it has no signature");
  }
}
