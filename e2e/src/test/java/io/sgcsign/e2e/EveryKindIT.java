// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Formats;
import io.sgcsign.format.KindSample;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.WindowsName;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of every format under every usual name, through the packaged server and command line,
 * judged by programs that we did not write.
 */
final class EveryKindIT {
  /** Archives whose signatures, stamped or not, tell when they were made. */
  private static final Set<String> TELLS_ITS_TIME = Set.of("nuget", "vsix", "jar");

  private static final Set<String> SEVERAL_SIGNATURES = Set.of("authenticode", "powershell", "jar");
  private static final Set<String> BUT_ONE = Set.of("burn", "msix", "msixbundle");

  /** Signing changes entries of these, which are compressed anew. */
  private static final Set<String> WRITTEN_ANEW =
      Set.of("vsix", "jar", "war", "ear", "publish", "msix", "msixbundle");

  private static final Pattern SIGNATURE_ENTRY =
      Pattern.compile("\\.signature\\.p7s|.*\\.psdsxs|META-INF/.*\\.RSA");

  @TempDir private static Path folder;
  private static String publisher;
  private static Workplace place;
  private static Judges judges;

  @BeforeAll
  static void start() throws IOException {
    var pki = TestPki.rsa();
    Issued signer = pki.signer("Every & Kind, Ltd", KeyType.RSA_3072);
    Issued android = pki.signer("Android", KeyType.RSA_3072);
    publisher = WindowsName.of(signer.certificate().getSubjectX500Principal()).toString();
    place =
        Workplace.start(
            folder,
            pki,
            site ->
                site.provider("release", signer, "{ \"timestamp\": \"optional\" }")
                    .provider(
                        "android", android, "{ \"formats\": [\"apk\"], \"timestamp\": \"none\" }"));
    judges = Judges.of(folder, pki, signer, android);
    byHash();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  static Stream<KindSample> samples() {
    return KindSample.all(publisher);
  }

  /** One command signs them all: stamped in one folder, not in the other. */
  private static void byHash() throws IOException {
    for (String mode : List.of("optional", "none")) {
      for (KindSample sample : samples().toList()) {
        Path file = hashed(sample, mode);
        Files.createDirectories(file.getParent());
        Files.write(file, sample.file().toArray());
      }
    }
    sgcsign("sign", "-p", "release", folder + "/release/optional/*");
    sgcsign("sign", "-p", "release", "--timestamp", "none", folder + "/release/none/*");
    sgcsign("sign", "-p", "android", folder + "/android/optional/*", folder + "/android/none/*");
  }

  private static Path hashed(KindSample sample, String mode) {
    return folder.resolve(provider(sample)).resolve(mode).resolve(sample.name());
  }

  private static void sgcsign(String... words) {
    var run = place.sgcsign(words);
    assertThat(run.exit()).as(run.output()).isZero();
  }

  private static boolean android(KindSample sample) {
    return sample.format().equals("apk");
  }

  private static String provider(KindSample sample) {
    return android(sample) ? "android" : "release";
  }

  private static Answer upload(KindSample sample, Bytes file, String field, String value) {
    return place
        .api()
        .post(
            "/api/v1/sign/" + sample.format(),
            new FormData()
                .file(file, sample.name())
                .field("provider", provider(sample))
                .field(field, value));
  }

  /** Insists that our verifier, asked for any format, and one that is not ours accept a file. */
  private static void good(KindSample sample, Bytes signed, boolean stamped, int signatures)
      throws IOException {
    JsonValue.Obj report =
        place.api().post(Api.VERIFY, new FormData().file(signed, "no-name")).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(report.text("format")).contains(sample.format());
    assertThat(report.flag("has_timestamp")).isEqualTo(stamped);
    if (sample.extension().equals("efi")) {
      judges.sbverify(signed, signatures);
      return;
    }
    switch (sample.kind()) {
      case "vbs", "js", "wsf" ->
          assertThat(judges.jsign(signed, sample.extension())).isEqualTo(signatures);
      case "burn" -> bundle(signed, stamped);
      case "publish" -> folder(signed, stamped);
      case "manifest", "application" -> judges.clickonce(signed, stamped);
      case "nupkg", "snupkg" -> judges.nuget(signed);
      case "vsix" -> judges.vsix(signed, stamped);
      case "jar", "war", "ear", "aab" -> judges.jarsigner(signed, stamped);
      case "apk" -> judges.apksigner(signed);
      default -> osslsigncode(signed, sample.extension(), stamped, signatures);
    }
  }

  private static void osslsigncode(Bytes signed, String extension, boolean stamped, int signatures)
      throws IOException {
    String said = judges.osslsigncode(signed, extension);
    assertThat(said).contains("Number of verified signatures: " + signatures);
    assertThat(said.contains("Timestamp Server Signature verification: ok")).isEqualTo(stamped);
  }

  /** The bundle, and the engine as Burn caches it. */
  private static void bundle(Bytes signed, boolean stamped) throws IOException {
    var builder = BurnBuilder.bundle();
    osslsigncode(signed, "exe", stamped, 1);
    osslsigncode(builder.cached(signed), "exe", stamped, 1);
    assertThat(builder.found(signed)).isEqualTo(builder.containers());
  }

  /** A publish folder: the manifest of the application and both copies of its deployment's. */
  private static void folder(Bytes signed, boolean stamped) throws IOException {
    var manifests =
        contents(signed).entrySet().stream()
            .filter(e -> e.getKey().matches("(.*_1_0_0_0/)?Acme\\.(exe\\.manifest|application)"))
            .toList();
    assertThat(manifests).hasSize(3);
    for (var manifest : manifests) {
      judges.clickonce(manifest.getValue(), stamped);
    }
  }

  /** What the JDK's reader finds in an archive. */
  private static Map<String, Bytes> contents(Bytes archive) throws IOException {
    var out = new TreeMap<String, Bytes>();
    Path file = Files.write(folder.resolve("contents.zip"), archive.toArray());
    try (var zip = new ZipFile(file.toFile())) {
      for (var entry : zip.stream().toList()) {
        out.put(entry.getName(), Bytes.wrap(zip.getInputStream(entry).readAllBytes()));
      }
    }
    return out;
  }

  private static Map<String, Bytes> unsigned(Bytes archive) throws IOException {
    var out = contents(archive);
    assertThat(out.keySet().removeIf(e -> SIGNATURE_ENTRY.matcher(e).matches())).isTrue();
    return out;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void isSignedByUpload(KindSample sample) throws IOException {
    good(sample, upload(sample, sample.file(), "if_signed", "fail").signed(), !android(sample), 1);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void isSignedByHashToTheSameBytes(KindSample sample) throws IOException {
    good(sample, Bytes.wrap(Files.readAllBytes(hashed(sample, "optional"))), !android(sample), 1);

    Bytes byHash = Bytes.wrap(Files.readAllBytes(hashed(sample, "none")));
    good(sample, byHash, false, 1);
    Bytes uploaded = upload(sample, sample.file(), "timestamp", "none").signed();
    if (TELLS_ITS_TIME.contains(sample.format())) {
      assertThat(unsigned(byHash)).isEqualTo(unsigned(uploaded));
    } else if (sample.kind().equals("publish")) {
      assertThat(contents(byHash)).isEqualTo(contents(uploaded));
    } else {
      assertThat(byHash).isEqualTo(uploaded);
    }
  }

  private static boolean several(KindSample sample) {
    return SEVERAL_SIGNATURES.contains(sample.format()) && !BUT_ONE.contains(sample.kind());
  }

  static Stream<SignatureFormat> formats() {
    return Formats.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void staysGoodThroughFiveRoundsAndComesBack(SignatureFormat format) throws IOException {
    String name = format.descriptor().name();
    Path five = Files.createDirectories(folder.resolve("five-" + name));
    var samples = samples().filter(s -> s.format().equals(name) && s.usual()).toList();
    for (KindSample sample : samples) {
      Bytes file = sample.file();
      for (int round = 0; round < 5; round++) {
        boolean append = round % 2 == 1;
        if (append && !several(sample)) {
          upload(sample, file, "if_signed", "append").problem(Code.ALREADY_SIGNED);
          append = false;
        }
        file = upload(sample, file, "if_signed", append ? "append" : "replace").signed();
        good(sample, file, !android(sample), append ? 2 : 1);
      }
      Files.write(five.resolve(sample.name()), file.toArray());
    }
    sgcsign("remove", five + "/*");
    for (KindSample sample : samples) {
      Bytes bare = Bytes.wrap(Files.readAllBytes(five.resolve(sample.name())));
      if (WRITTEN_ANEW.contains(sample.kind())) {
        assertThat(contents(bare)).as(sample.name()).isEqualTo(contents(sample.file()));
      } else {
        assertThat(bare).as(sample.name()).isEqualTo(sample.file());
      }
    }
  }
}
