// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipEdit;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarInputStream;
import org.bouncycastle.cms.CMSSignedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** JAR files that we signed and jarsigner judges, and the other way round. */
final class JarOracleTest {
  private static final String PASSWORD = "changeit";
  private static final String TOKEN = "1.2.840.113549.1.9.16.2.14";
  // jarsigner compares with the clock of the machine
  private final Samples samples = new Samples(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final Issued rsa = issued(KeyType.RSA_2048, "RSA TEST");

  @TempDir Path folder;

  private Issued issued(KeyType type, String name) {
    return samples.ca.issue(LeafProfile.codeSigning(name, type, samples.now));
  }

  /** This JDK's, and another one's where there is one. */
  private static List<Path> jarsigners() {
    var out = new ArrayList<Path>();
    out.add(Path.of(System.getProperty("java.home"), "bin/jarsigner"));
    if (Files.isExecutable(Path.of("/usr/bin/jarsigner"))) {
      out.add(Path.of("/usr/bin/jarsigner"));
    }
    return out;
  }

  private static String run(Path jarsigner, Object... arguments) {
    var all = new ArrayList<Object>(List.of(jarsigner));
    all.addAll(Arrays.asList(arguments));
    return Tool.require("env").succeed(all.toArray());
  }

  private Path write(Bytes file) throws IOException {
    return Files.write(Files.createTempFile(folder, "f", ".jar"), file.toArray());
  }

  /** Insists that jarsigner has nothing to say against it. */
  private void jarsignerAccepts(Bytes file, Issued... signers) throws Exception {
    Path store = folder.resolve("trust.p12");
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("root", samples.ca.root());
    for (Issued signer : signers) {
      trust.setCertificateEntry("s" + trust.size(), signer.certificate());
    }
    try (var out = Files.newOutputStream(store)) {
      trust.store(out, PASSWORD.toCharArray());
    }
    for (Path jarsigner : jarsigners()) {
      String said =
          run(
              jarsigner,
              "-verify",
              "-strict",
              "-verbose",
              "-certs",
              "-keystore",
              store,
              "-storepass",
              PASSWORD,
              write(file));
      assertThat(said)
          .contains("jar verified.")
          .doesNotContain("unsigned", "invalid", "nonexistent", "weak", "disabled", "untrusted");
    }
    try (var in = new JarInputStream(new ByteArrayInputStream(file.toArray()), true)) {
      assertThat(in.getManifest()).isNotNull();
      for (var entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
        in.readAllBytes(); // throws if its digest is wrong
        if (!entry.isDirectory() && !entry.getName().matches("META-INF/[^/]*")) {
          assertThat(entry.getCodeSigners()).as(entry.getName()).hasSize(signers.length);
        }
      }
    }
  }

  private Bytes jarsigner(Bytes file, Issued issued, String alias, Object... more)
      throws IOException {
    Path keys =
        Files.write(
            folder.resolve("keys.p12"), issued.pkcs12(PASSWORD.toCharArray(), alias).toArray());
    Path target = write(file);
    var arguments = new ArrayList<Object>(List.of("-keystore", keys, "-storepass", PASSWORD));
    arguments.addAll(Arrays.asList(more));
    arguments.addAll(List.of(target, alias));
    String said = run(jarsigners().getFirst(), arguments.toArray());
    assertThat(said).contains("jar signed.");
    return Bytes.wrap(Files.readAllBytes(target));
  }

  private void accepts(Bytes file, int signatures) {
    var report = JarSamples.verify(file, samples.policy());
    assertThat(refusals(report)).isEmpty();
    assertThat(report.status()).isEqualTo(Status.VALID);
    assertThat(report.signatures()).hasSize(signatures);
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"RSA_2048", "RSA_4096", "EC_P256", "EC_P384"})
  void jarsignerAcceptsEveryKindOfKeyAndFile(KeyType type) throws Exception {
    Issued signer = issued(type, "Jar TEST");
    for (Bytes file : List.of(JarSamples.jar(), JarSamples.war(), JarSamples.bundle())) {
      Bytes signed = JarSamples.sign(file, Map.of(), signer, Optional.of(samples.tsa));
      jarsignerAccepts(signed, signer);
      accepts(signed, 1);
    }
  }

  @Test
  void jarsignerAcceptsStrongerDigestsAndSeesTheTimeStamp() throws Exception {
    for (String hash : List.of("sha384", "sha512")) {
      Bytes signed =
          JarSamples.sign(JarSamples.jar(), Map.of("hash", hash), rsa, Optional.of(samples.tsa));
      jarsignerAccepts(signed, rsa);
      String said = run(jarsigners().getFirst(), "-verify", "-verbose", "-certs", write(signed));
      assertThat(said).contains("CN=TSA TEST");
    }
  }

  @Test
  void putsASignatureBesideJarsignersAndTheOtherWayRound() throws Exception {
    Issued other = issued(KeyType.EC_P256, "Other TEST");
    Map<String, String> append = Map.of("existing", "append");
    Bytes theirs = jarsigner(JarSamples.jar(), other, "theirs");
    accepts(theirs, 1);
    Bytes both = JarSamples.sign(theirs, append, rsa, Optional.of(samples.tsa));
    accepts(both, 2);
    jarsignerAccepts(both, other, rsa);

    Bytes ours = JarSamples.sign(JarSamples.jar(), Map.of(), rsa, Optional.of(samples.tsa));
    Bytes more = jarsigner(ours, other, "theirs", "-digestalg", "SHA-256");
    accepts(more, 2);
    Bytes three = JarSamples.sign(more, append, rsa, Optional.of(samples.tsa));
    accepts(three, 3);
    var zip = ZipFile.parse(Artifact.of(three));
    assertThat(zip.entry("META-INF/SGCSIGN.SF")).isPresent();
    assertThat(zip.entry("META-INF/SGCSIGN2.SF")).isPresent();
  }

  /** jarsigner adds its digest to sections that were signed without, and refuses what it made. */
  @Test
  void agreesWithJarsignerThatASecondDigestBreaksTheFirstSignature() throws Exception {
    Issued other = issued(KeyType.EC_P256, "Other TEST");
    Bytes ours = JarSamples.sign(JarSamples.jar(), Map.of(), rsa, Optional.of(samples.tsa));
    Bytes broken = jarsigner(ours, other, "theirs", "-digestalg", "SHA-384");
    refuses(broken);
    for (Path jarsigner : jarsigners()) {
      var run = Tool.require("env").run(jarsigner, "-verify", "-strict", write(broken));
      assertThat(run.ok()).isFalse();
      assertThat(run.output()).contains("invalid SHA-256 signature file digest");
    }
    Map<String, String> sha384 = Map.of("hash", "sha384");
    Bytes strong = JarSamples.sign(JarSamples.jar(), sha384, rsa, Optional.of(samples.tsa));
    Bytes both = jarsigner(strong, other, "theirs", "-digestalg", "SHA-384");
    accepts(both, 2);
    jarsignerAccepts(both, rsa, other);
  }

  /**
   * The first signature covers no whole manifest any more, but every section it signed. One that
   * was added could unseal a package: jarsigner does not mind, we do.
   */
  @Test
  void takesTheSectionsWhereTheManifestChangedButNoneThatWasAdded() throws Exception {
    Bytes ours = JarSamples.sign(JarSamples.jar(), Map.of(), rsa, Optional.of(samples.tsa));
    Bytes longer = withManifest(ours, "\r\n");
    accepts(longer, 1);
    jarsignerAccepts(longer, rsa);
    for (String more :
        List.of("Name: acme/\r\nSealed: false\r\n\r\n", "\r\nName: x/\r\nA: b\r\n\r\n")) {
      Bytes grown = withManifest(ours, more);
      refuses(grown);
      jarsignerAccepts(grown, rsa);
    }
  }

  private Bytes withManifest(Bytes file, String more) {
    ZipFile zip = ZipFile.parse(Artifact.of(file));
    Bytes old = zip.read(zip.entry("META-INF/MANIFEST.MF").orElseThrow(), 1 << 20);
    var entry =
        NewEntry.deflated("META-INF/MANIFEST.MF", Bytes.concat(old, Bytes.utf8(more)), samples.now);
    return patched(file, zip.edit().remove("META-INF/MANIFEST.MF").putFirst(entry));
  }

  @Test
  void jarsignerReadsManifestsOfEveryStyleAsWeDo() throws Exception {
    String text = "Manifest-Version: 1.0\nBuilt-By: me\n\nName: a.txt\nX-Note: a\n b\n\n";
    String longName = "x".repeat(200) + "/\u20ac".repeat(40);
    for (String manifest :
        List.of(
            text,
            text.replace("\n", "\r\n"),
            text.replace("\n", "\r"),
            text.replace("\n\n", "\n\r\n\n"),
            text.strip(),
            "Manifest-Version: 1.0",
            "\r\nName: a.txt\r\nX-Note: ab\r\n\r\n",
            "Manifest-Version: 1.0\nClass-Path: " + "a".repeat(57) + "\n  b.jar\n")) {
      Bytes file =
          new ZipBuilder()
              .deflated("META-INF/MANIFEST.MF", manifest)
              .deflated("a.txt", "text")
              .deflated(longName, "text")
              .deflated("META-INF/versions/9/a.txt", "text")
              .build();
      Bytes signed = JarSamples.sign(file, Map.of(), rsa, Optional.of(samples.tsa));
      jarsignerAccepts(signed, rsa);
      accepts(signed, 1);
      Bytes written = entry(signed, "META-INF/MANIFEST.MF");
      var bytes = new String(written.toArray(), StandardCharsets.ISO_8859_1);
      assertThat(bytes.lines()).allMatch(l -> l.length() <= 70); // and the two that end it
      try (var in = new JarInputStream(new ByteArrayInputStream(signed.toArray()))) {
        var note = in.getManifest().getAttributes("a.txt").getValue("X-Note");
        assertThat(note).isEqualTo(manifest.contains("X-Note") ? "ab" : null);
      }
      accepts(jarsigner(file, rsa, "theirs"), 1);
    }
  }

  @Test
  void jarsignerAndWeAcceptPssOfOneAnother() throws Exception {
    for (DigestAlgorithm hash : List.of(DigestAlgorithm.SHA256, DigestAlgorithm.SHA512)) {
      Bytes signed =
          JarSamples.sign(
              JarSamples.jar(),
              Map.of("hash", hash.wireName()),
              rsa,
              Optional.of(new SignatureAlgorithm(SignatureAlgorithm.Scheme.RSA_PSS, hash)),
              Optional.of(samples.tsa));
      jarsignerAccepts(signed, rsa);
      accepts(signed, 1);
      opensslAccepts(signed, "SGCSIGN", "RSA");
    }
    accepts(jarsigner(JarSamples.jar(), rsa, "pss", "-sigalg", "RSASSA-PSS"), 1);
  }

  @Test
  void opensslAcceptsTheBlockOverTheSignatureFile() throws Exception {
    for (KeyType type : List.of(KeyType.RSA_3072, KeyType.EC_P384)) {
      Bytes signed =
          JarSamples.sign(
              JarSamples.jar(),
              Map.of("signer_name", "ACME"),
              issued(type, "Block TEST"),
              Optional.of(samples.tsa));
      opensslAccepts(signed, "ACME", type == KeyType.EC_P384 ? "EC" : "RSA");
    }
  }

  private void opensslAccepts(Bytes signed, String name, String extension) throws IOException {
    Bytes block = JarSamples.FORMAT.blocks(Artifact.of(signed)).getFirst();
    assertThat(entry(signed, "META-INF/" + name + "." + extension)).isEqualTo(block);
    assertThat(CmsStructure.parse(block).content()).isEmpty();
    Path file = folder.resolve("signed.sf");
    Files.write(file, entry(signed, "META-INF/" + name + ".SF").toArray());
    Tool.require("openssl")
        .succeed(
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-in",
            Files.write(folder.resolve("block.p7s"), block.toArray()),
            "-content",
            file,
            "-binary",
            "-CAfile",
            Files.writeString(folder.resolve("root.pem"), samples.ca.rootPem()),
            "-purpose",
            "any",
            "-out",
            folder.resolve("out"));
  }

  @Test
  void staysGoodInRoundsOfReplacingAppendingAndRemoving() throws Exception {
    Bytes file = JarSamples.jar();
    Map<String, Bytes> content = content(file);
    for (int round = 0; round < 5; round++) {
      file = JarSamples.sign(file, Map.of("hash", "sha512"), rsa, Optional.of(samples.tsa));
      file = JarSamples.sign(file, Map.of("existing", "append"), rsa, Optional.of(samples.tsa));
      accepts(file, 2);
      file = JarSamples.sign(file, Map.of(), rsa, Optional.of(samples.tsa));
      jarsignerAccepts(file, rsa);
      accepts(file, 1);
      file = JarSamples.removed(file);
      assertThat(content(file)).isEqualTo(content);
    }
    Bytes untouched = JarSamples.jar();
    assertThat(JarSamples.removed(untouched)).isEqualTo(untouched);
  }

  @Test
  void takesTheManifestOffThatSigningBroughtAlong() {
    Bytes bare = JarSamples.bundle();
    Bytes signed = JarSamples.sign(bare, Map.of(), rsa, Optional.empty());
    assertThat(JarSamples.removed(signed)).isEqualTo(bare);
  }

  private static Bytes entry(Bytes file, String name) {
    var zip = ZipFile.parse(Artifact.of(file));
    return zip.read(zip.entry(name).orElseThrow(), 1 << 20);
  }

  private static Map<String, Bytes> content(Bytes file) {
    var zip = ZipFile.parse(Artifact.of(file));
    var out = new TreeMap<String, Bytes>();
    zip.entries().forEach(e -> out.put(e.name(), zip.read(e, 1 << 20)));
    return out;
  }

  @Test
  void refusesFilesThatWereChangedAddedOrRemoved() throws Exception {
    for (Bytes file :
        List.of(
            jarsigner(JarSamples.jar(), rsa, "theirs"),
            JarSamples.sign(JarSamples.jar(), Map.of(), rsa, Optional.of(samples.tsa)))) {
      ZipFile zip = ZipFile.parse(Artifact.of(file));
      int main = (int) zip.entry("acme/Main.class").orElseThrow().dataAt();
      refuses(flip(file, main + 3, 1));
      var evil = NewEntry.stored("acme/Evil.class", Bytes.utf8("x"), samples.now);
      refuses(patched(file, zip.edit().putLast(evil)));
      refuses(patched(file, zip.edit().remove("acme/Main.class")));
      Bytes manifest = zip.read(zip.entry("META-INF/MANIFEST.MF").orElseThrow(), 1 << 20);
      Bytes other = Bytes.utf8(manifest.toUtf8().replace("acme.Main\r\n", "acme.Evil\r\n"));
      assertThat(other).isNotEqualTo(manifest);
      var changed = NewEntry.deflated("META-INF/MANIFEST.MF", other, samples.now);
      refuses(patched(file, zip.edit().remove("META-INF/MANIFEST.MF").putFirst(changed)));
      refuses(file.slice(0, file.size() - 3));
      refuses(Bytes.concat(file, Bytes.utf8("x")));
    }
  }

  private static Bytes patched(Bytes file, ZipEdit edit) {
    var out = Artifact.of(file).with(edit.patch());
    return out.read(0, (int) out.size());
  }

  private void refuses(Bytes file) {
    try {
      assertThat(JarSamples.verify(file, samples.policy()).status()).isEqualTo(Status.INVALID);
    } catch (ArtifactException e) {
      assertThat(e.code()).startsWith("SGC-ARTIFACT-");
    }
  }

  @Test
  void verifiesALibraryOfMavenCentral() throws Exception {
    Path jar =
        Path.of(CMSSignedData.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Bytes file = Bytes.wrap(Files.readAllBytes(jar));
    var cms = CmsStructure.parse(JarSamples.FORMAT.blocks(Artifact.of(file)).getFirst());
    var anchors = new ArrayList<>(tops(cms));
    for (Bytes token : cms.signers().getFirst().unsigned(TOKEN)) {
      anchors.addAll(tops(CmsStructure.parse(token)));
    }
    var policy = VerificationPolicy.of(anchors, samples.now, Set.of(KeyPurpose.CODE_SIGNING));
    var report = JarSamples.verify(file, policy);
    assertThat(refusals(report)).isEmpty();
    SignatureReport signature = report.primary().orElseThrow();
    assertThat(signature.subject()).startsWith("CN=Legion of the Bouncy Castle Inc.");
    assertThat(signature.timestamp().orElseThrow().time())
        .isBetween(Instant.parse("2026-01-01T00:00:00Z"), samples.now);
    int inside = (int) ZipFile.parse(Artifact.of(file)).entries().getLast().dataAt() + 2;
    assertThat(refusals(JarSamples.verify(flip(file, inside, 1), policy)))
        .contains(CheckName.CONTENT_DIGEST);
  }

  private static List<X509Certificate> tops(CmsStructure cms) throws CertificateException {
    var all = new ArrayList<X509Certificate>();
    var factory = CertificateFactory.getInstance("X.509");
    for (Bytes der : cms.certificates()) {
      all.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der.toArray())));
    }
    return all.stream()
        .filter(c ->
            all.stream()
                .noneMatch(o ->
                    !o.equals(c) && o.getSubjectX500Principal().equals(c.getIssuerX500Principal())))
        .toList();
  }
}
