// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.appx.AppxBuilder;
import io.sgcsign.layout.zip.PackageZip.Flavour;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.WindowsName;
import io.sgcsign.signature.SignerException;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import net.jsign.AuthenticodeSigner;
import net.jsign.Signable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Signed packages and bundles against osslsigncode and jsign. */
final class MsixSignaturesTest {
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued rsa =
      samples.ca.issue(LeafProfile.codeSigning("Store, Ltd. TEST", KeyType.RSA_2048, samples.now));

  @TempDir Path folder;

  private String publisher() {
    return WindowsName.of(rsa.certificate().getSubjectX500Principal()).toString();
  }

  private AppxBuilder app() {
    return AppxBuilder.app(publisher());
  }

  /** A file of each kind, each flavour and each digest. */
  private record Built(String name, String hash, Bytes file) {
    Map<String, String> options() {
      return Map.of("hash", hash);
    }
  }

  private Built built(String what) {
    return switch (what) {
      case "bundle" -> new Built("x.msixbundle", "sha256", AppxBuilder.bundle(publisher()).build());
      case "sha384" -> new Built("x.appx", "sha384", app().hash(DigestAlgorithm.SHA384).build());
      case "sha512" -> new Built("x.appx", "sha512", app().hash(DigestAlgorithm.SHA512).build());
      case "integrity" ->
          new Built(
              "x.msix",
              "sha256",
              app().unmapped("AppxMetadata/CodeIntegrity.cat", Bytes.utf8("cat")).build());
      default -> new Built("x.msix", "sha256", app().flavour(Flavour.valueOf(what)).build());
    };
  }

  static Stream<Arguments> all() {
    return Stream.of("ZIP64", "MIXED", "PLAIN", "bundle", "sha384", "sha512", "integrity")
        .map(Arguments::of);
  }

  private Bytes sign(Bytes file, Map<String, String> options) {
    return samples.unstamped(file, options, rsa);
  }

  private static Bytes remove(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(Samples.FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  private VerificationReport accepts(Bytes file) {
    VerificationReport report = samples.verify(file);
    assertThat(Samples.refusals(report)).as("%s", report).isEmpty();
    assertThat(report.valid()).isTrue();
    assertThat(report.signatures()).hasSize(1);
    return report;
  }

  private boolean valid(Bytes file) {
    try {
      return samples.verify(file).valid();
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
      assertThat(e.hint()).isNotBlank();
      return false;
    }
  }

  private Tool.Result osslsigncode(String name, Bytes file) throws IOException {
    Path root = Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem());
    Path path = Files.write(folder.resolve(name), file.toArray());
    return Tool.require("osslsigncode")
        .run("verify", "-CAfile", root, "-TSA-CAfile", root, "-in", path);
  }

  @ParameterizedTest
  @MethodSource("all")
  void osslsigncodeAcceptsOurSignature(String what) throws IOException {
    Built built = built(what);
    Bytes signed =
        Samples.sign(
            built.file(), built.options(), rsa, Optional.empty(), Optional.of(samples.tsa));
    VerificationReport report = accepts(signed);
    assertThat(report.facts())
        .containsEntry("name", "Example.App")
        .containsEntry("publisher", publisher());
    assertThat(report.primary().orElseThrow().timestamp()).isPresent();
    var said = osslsigncode(built.name(), signed);
    assertThat(said.ok()).as(said.output()).isTrue();
    assertThat(said.output()).contains("Number of verified signatures: 1");
    assertThat(osslsigncode(built.name(), Samples.flip(signed, 90, 1)).ok()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("all")
  void weAcceptTheSignatureOfOsslsigncode(String what) throws IOException {
    Built built = built(what);
    Path key = Files.writeString(folder.resolve("key.pem"), rsa.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), rsa.certificatesPem());
    Path in = Files.write(folder.resolve("in-" + built.name()), built.file().toArray());
    Path out = folder.resolve("out-" + built.name());
    Tool.require("osslsigncode")
        .succeed("sign", "-certs", chain, "-key", key, "-h", built.hash(), "-in", in, "-out", out);
    Bytes theirs = Bytes.wrap(Files.readAllBytes(out));
    accepts(theirs);
    rejectsChanges(theirs);
    Bytes ours = sign(theirs, built.options());
    accepts(ours);
    assertThat(osslsigncode(built.name(), ours).ok()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("all")
  void weAcceptTheSignatureOfJsign(String what) throws Exception {
    Built built = built(what);
    Path target = Files.write(folder.resolve(built.name()), built.file().toArray());
    var chain = rsa.chain().certificates().toArray(X509Certificate[]::new);
    var signer =
        new AuthenticodeSigner(chain, rsa.keys().getPrivate())
            .withDigestAlgorithm(net.jsign.DigestAlgorithm.of(built.hash()))
            .withTimestamping(false);
    try (Signable signable = Signable.of(target.toFile())) {
      signer.sign(signable);
    }
    Bytes theirs = Bytes.wrap(Files.readAllBytes(target));
    accepts(theirs);
    rejectsChanges(theirs);
    accepts(sign(theirs, built.options()));
  }

  private void rejectsChanges(Bytes signed) {
    var random = new Random(signed.size());
    X509Certificate signer =
        samples.verify(signed).primary().orElseThrow().certificate().orElseThrow();
    int passed = 0;
    for (int i = 0; i < 60; i++) {
      int at = random.nextInt(signed.size());
      Bytes changed = Samples.flip(signed, at, 1 + random.nextInt(255));
      if (valid(changed)) {
        passed++; // headers of the signature, and the root, which no path takes from the file
        assertThat(samples.verify(changed).primary().orElseThrow().certificate()).contains(signer);
      }
      assertThat(valid(signed.slice(0, at))).isFalse();
    }
    assertThat(passed).isLessThan(20);
    assertThat(valid(Bytes.concat(signed, Bytes.of((byte) 0)))).isFalse();
    assertThat(valid(Samples.flip(signed, 200, 1))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("all")
  void staysGoodThroughFiveRoundsAndComesBackToTheOriginal(String what) throws IOException {
    Built built = built(what);
    Bytes file = built.file();
    Bytes plain = remove(file);
    // nothing but volume numbers changes where there is no signature to take off
    assertThat(plain.slice(0, file.size() - 22)).isEqualTo(file.slice(0, file.size() - 22));
    Bytes first = sign(file, built.options());
    Bytes removed = remove(first);
    for (int round = 0; round < 5; round++) {
      Bytes signed = sign(file, built.options());
      assertThat(signed).isEqualTo(first);
      assertThat(sign(signed, built.options())).isEqualTo(first);
      file = remove(signed);
      assertThat(file).isEqualTo(removed);
      assertThat(samples.verify(file).status()).isEqualTo(Status.UNSIGNED);
    }
    accepts(first);
    assertThat(osslsigncode(built.name(), first).ok()).isTrue();
    assertThat(contents(removed)).isEqualTo(contents(built.file()));
  }

  /** What an unpacker that is not ours finds. */
  private Map<String, Bytes> contents(Bytes file) throws IOException {
    Path path = Files.write(folder.resolve("contents.zip"), file.toArray());
    var out = new TreeMap<String, Bytes>();
    try (var zip = new ZipFile(path.toFile())) {
      for (var entry : Collections.list(zip.entries())) {
        out.put(entry.getName(), Bytes.wrap(zip.getInputStream(entry).readAllBytes()));
      }
    }
    return out;
  }

  @Test
  void namesBothPublishersAndTheLineToWrite() {
    assertThatThrownBy(() -> sign(AppxBuilder.app("CN=Contoso, S=Ohio, C=US").build(), Map.of()))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> {
              assertThat(e.code()).isEqualTo("SGC-ARTIFACT-PUBLISHER");
              assertThat(e.hint())
                  .contains("Publisher=\"" + publisher().replace("\"", "&quot;") + "\"");
            })
        .hasMessageContaining("\"CN=Contoso, S=Ohio, C=US\"")
        .hasMessageContaining(publisher());
  }

  @Test
  void aSignatureOfSomebodyElseThanThePublisherIsInvalid() throws IOException {
    Bytes file = AppxBuilder.app("CN=Somebody Else").build();
    Path key = Files.writeString(folder.resolve("key.pem"), rsa.privateKeyPem());
    Path chain = Files.writeString(folder.resolve("chain.pem"), rsa.certificatesPem());
    Path in = Files.write(folder.resolve("in.msix"), file.toArray());
    Path out = folder.resolve("out.msix");
    Tool.require("osslsigncode")
        .succeed("sign", "-certs", chain, "-key", key, "-h", "sha256", "-in", in, "-out", out);
    VerificationReport report = samples.verify(Bytes.wrap(Files.readAllBytes(out)));
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(Samples.refusals(report)).containsExactly(CheckName.PUBLISHER);
  }

  @Test
  void refusesADigestThatIsNotThatOfTheBlockMapAndASecondOne() {
    Bytes file = app().build();
    for (String hash : List.of("sha512", "sha1", "sha256,sha512")) {
      assertThatThrownBy(() -> sign(file, Map.of("hash", hash)))
          .isInstanceOf(OptionException.class)
          .hasMessageContaining("hash=sha256");
    }
    Bytes signed = sign(file, Map.of());
    assertThatThrownBy(() -> sign(signed, Map.of("existing", "append")))
        .isInstanceOf(SignerException.Refused.class);
  }

  private void refuses(AppxBuilder builder, String message) {
    assertThatThrownBy(() -> sign(builder.build(), Map.of("kind", "msix")))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("SGC-ARTIFACT-MALFORMED"))
        .hasMessageContaining(message);
  }

  @Test
  void refusesBlockMapsThatLie() {
    refuses(app().blockMap(t -> t.replace("Size=\"150000\"", "Size=\"149999\"")), "it has 150000");
    refuses(
        app().blockMap(t -> t.replace("LfhSize=\"37\"", "LfhSize=\"38\"")), "header of App.exe");
    refuses(app().blockMap(t -> t.replaceFirst("Hash=\"..", "Hash=\"AA")), "Block 0 of App.exe");
    refuses(app().blockMap(t -> t.replaceFirst("Hash=\"..", "Hash=\"?!")), "no digests");
    refuses(app().blockMap(t -> t.replaceFirst("<Block [^>]*>", "")), "no digests of the 3 blocks");
    refuses(app().blockMap(t -> t.replace("Assets\\Logo", "Assets\\Lago")), "Assets/Lago.png");
    refuses(app().blockMap(t -> t.replaceFirst("<File .*?</File>", "")), "App.exe is not in");
    refuses(app().blockMap(t -> t.replaceFirst("(<File .*?</File>)", "$1$1")), "twice");
    refuses(app().blockMap(t -> t.replace("xmlenc#sha256", "xmlenc#md5")), "xmlenc#md5");
    refuses(app().blockMap(t -> t.replace("2010/blockmap", "2010/map")), "no block map");
    refuses(app().unmapped("hidden.txt", Bytes.utf8("x")), "hidden.txt is not in the block map");
  }

  @Test
  void refusesDocumentTypesAndWhatIsNoXml() {
    String type = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    refuses(app().blockMap(t -> t.replace("<BlockMap", type + "<BlockMap")), "document type");
    refuses(app().manifest(t -> t.replace("<Package", type + "<Package")), "document type");
    refuses(app().contentTypes(t -> t.replace("<Types", type + "<Types")), "document type");
    refuses(app().manifest(t -> t.replace("</Package>", "")), "not well-formed");
    refuses(app().manifest(t -> t.replace("Example</", "&x;</")), "");
    refuses(app().manifest(t -> t.replace("<Properties>", "<a>".repeat(70))), "");
  }

  @Test
  void refusesManifestsAndContentTypesThatLackWhatIsNeeded() {
    refuses(app().manifest(t -> t.replaceAll("<Identity[^>]*>", "")), "no Identity");
    refuses(app().manifest(t -> t.replaceAll("(<Identity[^>]*>)", "$1$1")), "two identities");
    refuses(app().manifest(t -> t.replace("Publisher=", "Publishes=")), "without a Publisher");
    refuses(app().manifest(t -> t.replace("1.2.3.4", "1.2")), "proper Version");
    refuses(app().contentTypes(t -> t.replaceAll("<Default Extension=\"png\"[^>]*>", "")), "Logo");
    refuses(app().contentTypes(t -> t.replace("\"png\"", "\"exe\"")), "two types for exe");
    refuses(app().contentTypes(t -> t.replace("</Types>", "</Types >")), "does not end with");
    refuses(
        app()
            .contentTypes(t ->
                t.replace(
                    "</Types>",
                    "<Override PartName=\"/appxsignature.P7X\" ContentType=\"x/y\"/></Types>")),
        "a signature is x/y");
  }

  @Test
  void refusesNamesThatLeaveThePackageOrMeanTheSame() {
    refuses(app().unmapped("a/%2e%2e/%2e%2e/x.txt", Bytes.EMPTY), "leaves the package");
    refuses(app().unmapped("a%5c..%5cx.txt", Bytes.EMPTY), "leaves the package");
    refuses(app().unmapped("x%2.txt", Bytes.EMPTY), "encodes nothing");
    refuses(app().unmapped("x%ff.txt", Bytes.EMPTY), "not UTF-8");
    refuses(app().unmapped("app.EXE", Bytes.EMPTY), "twice");
    refuses(app().unmapped("%41pp.exe", Bytes.EMPTY), "twice");
    refuses(app().unmapped("folder/", Bytes.EMPTY), "is no file");
    refuses(app().unmapped("AppxSignature.p7x", Bytes.EMPTY), "not the last entry");
  }

  @Test
  void refusesABundleWhosePackagesLieElsewhere() {
    var bundle = AppxBuilder.bundle(publisher());
    refuses(bundle.manifest(t -> t.replaceFirst("Offset=\"\\d+", "Offset=\"1")), "says");
    refuses(bundle.manifest(t -> t.replaceFirst("Offset=\"\\d+", "Offset=\"x")), "no number");
    refuses(
        bundle.manifest(t -> t.replaceFirst("FileName=\"App_x64", "FileName=\"App_x86")),
        "App_x64.msix is not in the block map");
    refuses(
        bundle.manifest(t ->
            t.replace(
                "</Packages>", "<Package FileName=\"y\" Offset=\"3\" Size=\"3\"/></Packages>")),
        "no package y");
  }

  @Test
  void refusesABundleThatListsAPackageTwice() {
    var bundle = AppxBuilder.bundle(publisher());
    refuses(
        bundle.manifest(t ->
            t.replace(
                "</Packages>",
                "<Package FileName=\"App_x64.msix\" Offset=\"3\" Size=\"3\"/></Packages>")),
        "App_x64.msix twice");
  }

  @Test
  void looksUpThePackagesOfALargeBundleByName() {
    var bundle = AppxBuilder.bundle(publisher()).manifest(t -> t.replace("%20", " "));
    for (int i = 0; i < 4_000; i++) {
      bundle.member("a%20" + i + ".msix", Bytes.EMPTY);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> accepts(sign(bundle.build(), Map.of())));
  }
}
