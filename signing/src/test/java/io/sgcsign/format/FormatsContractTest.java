// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.appx.AppxBuilder;
import io.sgcsign.layout.cab.CabBuilder;
import io.sgcsign.layout.cat.CatalogBuilder;
import io.sgcsign.layout.cfb.CfbBuilder;
import io.sgcsign.layout.pe.BurnBuilder;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.zip.PackageZip;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.pki.WindowsName;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.wire.Code;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every format of {@link Formats#ALL} promises. A new format adds its samples here. */
final class FormatsContractTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final TestAuthority CA =
      TestAuthority.simple(KeyType.EC_P256, NOW, new SecureRandom());
  private static final Issued RSA =
      CA.issue(LeafProfile.codeSigning("Contract TEST", KeyType.RSA_2048, NOW));
  private static final VerificationPolicy ANYBODY =
      VerificationPolicy.of(List.of(CA.root()), NOW, Set.of());
  private static final Issued OTHER =
      CA.issue(LeafProfile.codeSigning("Other TEST", KeyType.EC_P256, NOW));

  /**
   * A format with a file and options.
   *
   * @param odd other options, under which imprints of {@code options} are not to be signed
   */
  record Sample(
      SignatureFormat format, Bytes file, Map<String, String> options, Map<String, String> odd) {
    Options checked() {
      return Options.of(format.descriptor(), options);
    }

    TestSigner signer() {
      return TestSigner.of(format, checked(), RSA);
    }

    /** A name that tells the kind. */
    String name() {
      return "x." + options.getOrDefault("kind", "txt");
    }

    @Override
    public String toString() {
      return format.descriptor().name() + " " + options;
    }
  }

  static Stream<Sample> samples() {
    return Formats.ALL.stream().flatMap(FormatsContractTest::samplesOf);
  }

  private static Stream<Sample> samplesOf(SignatureFormat format) {
    return switch (format.descriptor().name()) {
      case "authenticode" ->
          Stream.of(
              new Sample(format, pe(13), Map.of(), Map.of("hash", "sha512")),
              new Sample(
                  format, pe(0), Map.of("hash", "sha1,sha256"), Map.of("hash", "sha384,sha512")),
              new Sample(format, pe(7), Map.of("page_hashes", "true"), Map.of()),
              new Sample(format, pe(8), Map.of(), Map.of("page_hashes", "true")),
              new Sample(format, BurnBuilder.bundle().build(), Map.of(), Map.of("kind", "pe")),
              new Sample(
                  format,
                  BurnBuilder.bundle().odd().build(),
                  Map.of("hash", "sha1,sha256", "page_hashes", "true"),
                  Map.of()),
              new Sample(format, msi(3), Map.of(), Map.of("hash", "sha384")),
              new Sample(format, msi(4), Map.of("hash", "sha1,sha256"), Map.of("hash", "sha512")),
              new Sample(format, msi(3), Map.of("msi_extended", "false"), Map.of("kind", "pe")),
              new Sample(format, CatalogBuilder.of(5), Map.of(), Map.of("hash", "sha512")),
              new Sample(format, msix().build(), Map.of(), Map.of("hash", "sha512")),
              new Sample(
                  format,
                  AppxBuilder.bundle(publisher()).build(),
                  Map.of(),
                  Map.of("kind", "msix")),
              new Sample(
                  format,
                  msix().hash(DigestAlgorithm.SHA512).flavour(PackageZip.Flavour.PLAIN).build(),
                  Map.of("hash", "sha512"),
                  Map.of()),
              new Sample(
                  format, CabBuilder.of(300, 4_000).build(), Map.of(), Map.of("hash", "sha384")),
              script(format, "vbs", "MsgBox \"h\u00e4\"\r\n", StandardCharsets.ISO_8859_1),
              script(format, "js", "WScript.Echo(1);\n", StandardCharsets.UTF_8),
              script(
                  format,
                  "wsf",
                  "<job id=\"a\"><script language=\"JScript\">x()</script></job>\r\n",
                  StandardCharsets.UTF_8));
      case "powershell" ->
          Stream.of(
              script(format, "ps1", "Write-Host 'h\u00e4'\r\n", StandardCharsets.UTF_8),
              script(format, "psd1", "\ufeff@{ ModuleVersion = '1' }", StandardCharsets.UTF_16LE),
              script(format, "ps1xml", "<Types></Types>\r\n", StandardCharsets.UTF_8),
              script(format, "mof", "instance of A { };\r\n", StandardCharsets.UTF_8));
      case "nuget" ->
          Stream.of(
              new Sample(format, PackageSamples.nupkg(), Map.of(), Map.of("hash", "sha384")),
              new Sample(format, PackageSamples.nupkg(5000), Map.of("hash", "sha384"), Map.of()));
      case "clickonce" ->
          Stream.of(
              new Sample(format, ManifestSamples.application(), Map.of(), Map.of("hash", "sha1")),
              new Sample(
                  format,
                  ManifestSamples.deployment(),
                  Map.of("description", "An <app>", "url", "https://acme.test/?a&b"),
                  Map.of("hash", "sha1")),
              new Sample(
                  format,
                  ManifestSamples.published(pe(3), Bytes.utf8("MZ no program")),
                  Map.of(),
                  Map.of("hash", "sha1")));
      case "vsix" ->
          Stream.of(
              new Sample(format, ExtensionSamples.vsix(), Map.of(), Map.of("hash", "sha512")),
              new Sample(
                  format,
                  ExtensionSamples.withRelationships(),
                  Map.of("hash", "sha384"),
                  Map.of()));
      case "jar" ->
          Stream.of(
              new Sample(format, JarSamples.jar(), Map.of(), Map.of("hash", "sha384")),
              new Sample(format, JarSamples.bundle(), Map.of("hash", "sha384"), Map.of()));
      case "apk" ->
          Stream.of(
              new Sample(
                  format,
                  ApkSamples.apk(24),
                  Map.of("schemes", "v2", "v4", "true"),
                  Map.of("schemes", "v1")),
              new Sample(format, ApkSamples.apk(21), Map.of(), Map.of()));
      default -> throw new AssertionError("Add samples of " + format.descriptor().name());
    };
  }

  /** A script says what it is with the option, as its content does not. */
  private static Sample script(SignatureFormat format, String kind, String text, Charset charset) {
    String other =
        format.descriptor().kinds().stream()
            .map(FormatDescriptor.Kind::name)
            .filter(k -> !k.equals(kind))
            .findFirst()
            .orElseThrow();
    return new Sample(
        format, Bytes.wrap(text.getBytes(charset)), Map.of("kind", kind), Map.of("kind", other));
  }

  private static String publisher() {
    return WindowsName.of(RSA.certificate().getSubjectX500Principal()).toString();
  }

  private static AppxBuilder msix() {
    return AppxBuilder.small(publisher());
  }

  private static Bytes msi(int version) {
    return CfbBuilder.sample(version).balanced().build();
  }

  private static Bytes pe(int overlay) {
    return PeBuilder.x64().sections(3, 5 * 1024).overlay(overlay).build();
  }

  private static Bytes apply(Artifact artifact, Signed signed) {
    return switch (signed) {
      case Signed.Patched patched -> {
        var out = artifact.with(patched.patch());
        yield out.read(0, (int) out.size());
      }
      case Signed.Detached detached -> detached.bytes();
    };
  }

  @ParameterizedTest
  @MethodSource("samples")
  void signingTwiceWithOneContextAsksForTheSame(Sample sample) {
    var first = sample.signer();
    var second = sample.signer();
    var artifact = Artifact.of(sample.file());
    Bytes once = apply(artifact, sample.format().sign(artifact, sample.checked(), first));
    Bytes again = apply(artifact, sample.format().sign(artifact, sample.checked(), second));
    assertThat(first.asked()).isEqualTo(second.asked()).isNotEmpty();
    assertThat(first.asked()).hasSizeLessThanOrEqualTo(sample.format().descriptor().maxAsks());
    // RSA PKCS#1 v1.5 knows no chance, so even the files are the same
    assertThat(again).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void imprintsNameTheFileTheFormatAndTheSigner(Sample sample) {
    for (Imprint imprint : asked(sample)) {
      assertThat(imprint.format()).isEqualTo(sample.format().descriptor().name());
      assertThat(sample.format().descriptor().kinds())
          .extracting(FormatDescriptor.Kind::name)
          .contains(imprint.kind());
      assertThat(imprint.artifact()).isEqualTo(Digest.sha256(sample.file()));
      assertThat(imprint.signer()).isEqualTo(RSA.chain().fingerprint());
    }
  }

  private static List<Imprint> asked(Sample sample) {
    var signer = sample.signer();
    var _ = sample.format().sign(Artifact.of(sample.file()), sample.checked(), signer);
    return signer.asked();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void recogniseByContentAndTellScriptsByName(Sample sample) {
    var format = sample.format();
    assertThat(format.recognise(Artifact.of(sample.file()), sample.name())).isPresent();
    assertThat(format.recognise(Artifact.of(Bytes.utf8("plain text")), "x.exe")).isEmpty();
    assertThat(format.recognise(Artifact.of(Bytes.EMPTY), "")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void neverBuildAnythingFromAForeignImprint(Sample sample) {
    for (Imprint good : asked(sample)) {
      var context = sample.signer().context();
      var _ = sample.format().toBeSigned(good, sample.checked(), context);
      for (Imprint bad : forged(good)) {
        refuses(sample, bad, sample.checked(), context);
      }
      if (!sample.odd().equals(sample.options())) {
        refuses(sample, good, Options.of(sample.format().descriptor(), sample.odd()), context);
      }
      var otherContext = TestSigner.of(sample.format(), sample.checked(), OTHER).context();
      refuses(sample, good, sample.checked(), otherContext);
    }
  }

  private static void refuses(
      Sample sample, Imprint imprint, Options options, SigningContext context) {
    assertThatThrownBy(() -> sample.format().toBeSigned(imprint, options, context))
        .isInstanceOf(ImprintException.class);
  }

  private static List<Imprint> forged(Imprint good) {
    Digest md = new Digest(DigestAlgorithm.SHA512, Bytes.wrap(new byte[64]));
    var out = new ArrayList<Imprint>();
    out.add(
        new Imprint(
            "other",
            good.kind(),
            good.digest(),
            good.artifact(),
            good.signer(),
            good.parts(),
            good.facts()));
    out.add(
        new Imprint(
            good.format(),
            "other",
            good.digest(),
            good.artifact(),
            good.signer(),
            good.parts(),
            good.facts()));
    out.add(with(good, md, good.parts(), good.facts()));
    out.add(with(good, good.digest(), good.parts(), new TreeMap<>(Map.of("unknown", "fact"))));
    if (good.parts().isEmpty()) {
      out.add(with(good, good.digest(), List.of(new Imprint.NamedDigest("x", md)), good.facts()));
    } else {
      out.add(with(good, good.digest(), List.of(), good.facts()));
      for (int i = 0; i < good.parts().size(); i++) {
        out.add(changedPart(good, i, p -> new Imprint.NamedDigest(p.name() + " ", p.digest())));
        out.add(changedPart(good, i, p -> new Imprint.NamedDigest(p.name(), md)));
      }
    }
    return out;
  }

  private static Imprint changedPart(
      Imprint good, int index, UnaryOperator<Imprint.NamedDigest> change) {
    var parts = new ArrayList<>(good.parts());
    parts.set(index, change.apply(parts.get(index)));
    return with(good, good.digest(), parts, good.facts());
  }

  private static Imprint with(
      Imprint good,
      Digest digest,
      List<Imprint.NamedDigest> parts,
      java.util.SortedMap<String, String> facts) {
    return new Imprint(
        good.format(), good.kind(), digest, good.artifact(), good.signer(), parts, facts);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void removingGivesAFileThatIsSignedLikeTheOriginal(Sample sample) {
    var artifact = Artifact.of(sample.file());
    var signed =
        Artifact.of(
            apply(artifact, sample.format().sign(artifact, sample.checked(), sample.signer())));
    sample
        .format()
        .remove(signed)
        .ifPresent(patch -> {
          var bare = signed.with(patch);
          var signer = sample.signer();
          var _ = sample.format().sign(bare, sample.checked(), signer);
          assertThat(signer.asked())
              .extracting(Imprint::digest)
              .isEqualTo(asked(sample).stream().map(Imprint::digest).toList());
        });
  }

  @ParameterizedTest
  @MethodSource("samples")
  void throwNothingButArtifactExceptionsOnBadFiles(Sample sample) {
    var random = new java.util.Random(11);
    var signed =
        apply(
            Artifact.of(sample.file()),
            sample.format().sign(Artifact.of(sample.file()), sample.checked(), sample.signer()));
    // where the signed bytes are in the imprint, apksig looks whether the value is one of theirs
    boolean checked = sample.format().aloneOnItsKey();
    var real = sample.signer();
    Signer canned =
        checked ? real : new CannedSigner(real.context(), real.sign(asked(sample).getFirst()));
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = (i % 2 == 0 ? sample.file() : signed).toArray();
      for (int c = 0; c <= random.nextInt(3); c++) {
        int region = i % 3 == 0 ? bytes.length : Math.min(bytes.length, 1024);
        int at = i % 5 == 0 ? bytes.length - 1 - random.nextInt(region) : random.nextInt(region);
        bytes[at] = (byte) random.nextInt(256);
      }
      var artifact = Artifact.of(Bytes.wrap(bytes));
      try {
        var _ = sample.format().recognise(artifact, "");
        var _ = sample.format().sign(artifact, sample.checked(), canned);
        var _ = sample.format().remove(artifact);
        if (i % 10 == 0) {
          var _ = sample.format().verify(artifact, Optional.empty(), ANYBODY);
          var _ = sample.format().blocks(artifact);
        }
      } catch (ArtifactException e) {
        assertThat(Code.byWireName(e.code())).as(e.getMessage()).isPresent();
      }
    }
  }
}
