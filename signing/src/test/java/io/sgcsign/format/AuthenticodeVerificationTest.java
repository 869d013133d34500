// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.flip;
import static io.sgcsign.format.Samples.refusals;
import static io.sgcsign.format.Samples.warnings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestTsa;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.layout.pe.WinCertificate;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationPolicy.StampTrust;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthenticodeVerificationTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Samples SAMPLES = new Samples(NOW);
  private static final Bytes PROGRAM = PeBuilder.x64().overlay(99).build();
  private static final Bytes STAMPED = SAMPLES.stamped(PROGRAM, Map.of());

  private static SignatureReport primary(VerificationReport report) {
    return report.primary().orElseThrow();
  }

  @Test
  void acceptsWhatWeSignedAndStamped() {
    var report = SAMPLES.verify(STAMPED);
    assertThat(refusals(report)).isEmpty();
    assertThat(report.valid()).isTrue();
    var signature = primary(report);
    assertThat(signature.path()).isEqualTo("0");
    assertThat(signature.subject()).startsWith("CN=Publisher TEST, O=");
    assertThat(signature.thumbprint()).contains(SAMPLES.leaf.chain().fingerprint());
    assertThat(signature.digestAlgorithm()).isEqualTo("sha256");
    assertThat(signature.signatureAlgorithm()).isEqualTo("ecdsa/sha256");
    assertThat(signature.trustedBy()).contains("anchor");
    assertThat(signature.timestamp().orElseThrow().time()).isEqualTo(NOW);
    assertThat(signature.timestamp().orElseThrow().type()).isEqualTo("rfc3161");
    assertThat(signature.survivesExpiry()).isTrue();
  }

  @Test
  void namesTheProviderWhoseAnchorItIs() {
    var policy =
        new io.sgcsign.verify.VerificationPolicy(
            List.of(SAMPLES.ca.root()), List.of(SAMPLES.ca.root()), NOW, Set.of(), List.of());
    assertThat(primary(Samples.verify(STAMPED, policy)).trustedBy()).contains("provider");
  }

  @Test
  void staysValidAfterTheCertificateExpiredBecauseOfTheStamp() {
    var later = SAMPLES.policy().at(NOW.plus(5 * 365, ChronoUnit.DAYS));
    assertThat(Samples.verify(STAMPED, later).status()).isEqualTo(Status.VALID);
    var unstamped = SAMPLES.unstamped(PROGRAM, Map.of(), SAMPLES.leaf);
    assertThat(SAMPLES.verify(unstamped).status()).isEqualTo(Status.VALID);
    assertThat(primary(SAMPLES.verify(unstamped)).survivesExpiry()).isFalse();
    var report = Samples.verify(unstamped, later);
    assertThat(report.status()).isEqualTo(Status.EXPIRED);
    assertThat(refusals(report)).containsExactly(CheckName.CERTIFICATE_VALIDITY);
  }

  @Test
  void endsWithTheCertificateWhereItsUsageSaysSo() {
    var lifetime =
        SAMPLES.ca.issue(
            SAMPLES
                .profile()
                .withUsage(false, KeyPurpose.CODE_SIGNING, KeyPurpose.LIFETIME_SIGNING));
    Bytes file =
        Samples.sign(PROGRAM, Map.of(), lifetime, Optional.empty(), Optional.of(SAMPLES.tsa));
    assertThat(SAMPLES.verify(file).status()).isEqualTo(Status.VALID);
    var later = SAMPLES.policy().at(NOW.plus(5 * 365, ChronoUnit.DAYS));
    assertThat(Samples.verify(file, later).status()).isEqualTo(Status.EXPIRED);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, rsa-pkcs1/sha256, sha256", "RSA_3072, rsa-pss/sha384, sha384",
    "EC_P384, ecdsa/sha384, sha384", "RSA_4096, rsa-pkcs1/sha512, sha512",
    "EC_P256, ecdsa/sha256, sha256"
  })
  void acceptsEveryAlgorithm(KeyType type, String algorithm, String hash) {
    var issued = SAMPLES.ca.issue(LeafProfile.codeSigning("Key TEST", type, NOW));
    Bytes file =
        Samples.sign(
            PROGRAM,
            Map.of("hash", hash),
            issued,
            SignatureAlgorithm.parse(algorithm),
            Optional.of(SAMPLES.tsa));
    var report = SAMPLES.verify(file);
    assertThat(refusals(report)).isEmpty();
    assertThat(primary(report).signatureAlgorithm()).isEqualTo(algorithm);
  }

  @Test
  void warnsOfSha1() {
    var report = SAMPLES.verify(SAMPLES.stamped(PROGRAM, Map.of("hash", "sha1")));
    assertThat(report.valid()).isTrue();
    assertThat(warnings(report)).containsExactly(CheckName.ALGORITHMS);
  }

  @Test
  void judgesNestedSignaturesToo() {
    Bytes dual = SAMPLES.stamped(PROGRAM, Map.of("hash", "sha1,sha256"));
    var report = SAMPLES.verify(dual);
    assertThat(report.signatures())
        .extracting(SignatureReport::path)
        .containsExactly("0", "0.nested.0");
    assertThat(report.signatures())
        .extracting(SignatureReport::digestAlgorithm)
        .containsExactly("sha1", "sha256");
    assertThat(report.valid()).isTrue();
    assertThat(primary(report).timestamp()).isPresent();
    assertThat(report.signatures().get(1).timestamp()).isPresent();
  }

  @Test
  void refusesAFileWithABrokenNestedSignature() {
    Bytes dual = SAMPLES.stamped(PROGRAM, Map.of("hash", "sha1,sha256"));
    // the second SpcIndirectDataContent is the nested one's
    int at = lastIndexOf(dual, Bytes.fromHex("060a2b060104018237020104a0"));
    var report = SAMPLES.verify(flip(dual, at + 80, 1));
    assertThat(primary(report).status()).isEqualTo(Status.VALID);
    assertThat(report.status()).isEqualTo(Status.INVALID);
  }

  private static int lastIndexOf(Bytes file, Bytes mark) {
    int at = file.toHex().lastIndexOf(mark.toHex());
    assertThat(at).isPositive();
    return at / 2;
  }

  @Test
  void judgesEverySignatureOfAnEfiProgram() {
    Bytes once = SAMPLES.stamped(PeBuilder.efi().build(), Map.of());
    Bytes twice = SAMPLES.stamped(once, Map.of("existing", "append", "hash", "sha384"));
    var report = SAMPLES.verify(twice);
    assertThat(report.signatures()).extracting(SignatureReport::path).containsExactly("0", "1");
    assertThat(report.valid()).isTrue();
  }

  @Test
  void checksPageHashes() {
    Bytes program = PeBuilder.x64().sections(3, 9 * 1024).build();
    Bytes file = SAMPLES.stamped(program, Map.of("page_hashes", "true"));
    assertThat(SAMPLES.verify(file).valid()).isTrue();
    Bytes changed = flip(file, program.size() - 100, 1);
    assertThat(refusals(SAMPLES.verify(changed)))
        .contains(CheckName.PAGE_HASHES, CheckName.CONTENT_DIGEST, CheckName.CHECKSUM);
  }

  @Test
  void callsAnUnsignedFileUnsigned() {
    var report = SAMPLES.verify(PROGRAM);
    assertThat(report.status()).isEqualTo(Status.UNSIGNED);
    assertThat(report.valid()).isFalse();
    assertThat(report.signatures()).isEmpty();
  }

  @Test
  void leavesAFileThatIsNoProgramToItsCaller() {
    assertThatThrownBy(() -> SAMPLES.verify(Bytes.utf8("#!/bin/sh")))
        .isInstanceOf(ArtifactException.class);
    assertThatThrownBy(() -> SAMPLES.verify(PROGRAM.slice(0, 300)))
        .isInstanceOf(ArtifactException.class);
  }

  @Test
  void isUntrustedWithoutTheAnchor() {
    var other = TestAuthority.simple(KeyType.EC_P256, NOW, new SecureRandom()).root();
    Bytes unstamped = SAMPLES.unstamped(PROGRAM, Map.of(), SAMPLES.leaf);
    var report = Samples.verify(unstamped, SAMPLES.policy(other));
    assertThat(report.status()).isEqualTo(Status.UNTRUSTED);
    assertThat(refusals(report)).containsExactly(CheckName.CERTIFICATE_PATH);
  }

  @Test
  void acceptsASelfSignedLeafThatIsAnAnchor() {
    Issued own = SAMPLES.ca.issue(SAMPLES.profile().signedByItself());
    Bytes file = SAMPLES.unstamped(PROGRAM, Map.of(), own);
    assertThat(Samples.verify(file, SAMPLES.policy(own.certificate())).valid()).isTrue();
    assertThat(SAMPLES.verify(file).status()).isEqualTo(Status.UNTRUSTED);
  }

  @Test
  void refusesACertificateThatIsNotForCode() {
    for (var profile :
        List.of(
            SAMPLES.profile().withUsage(false, KeyPurpose.SERVER_AUTH),
            SAMPLES.profile().withUsage(false, KeyPurpose.ANY),
            SAMPLES.profile().withUsage(false))) {
      Issued unfit = SAMPLES.ca.issue(profile);
      var report = SAMPLES.verify(SAMPLES.unstamped(PROGRAM, Map.of(), unfit));
      assertThat(report.status()).isEqualTo(Status.UNTRUSTED);
      assertThat(refusals(report)).containsExactly(CheckName.KEY_USAGE);
    }
  }

  @Test
  void refusesACertificateOutsideItsLife() {
    Issued old =
        SAMPLES.ca.issue(SAMPLES.profile().valid(NOW.minusSeconds(90), NOW.minusSeconds(30)));
    assertThat(SAMPLES.verify(SAMPLES.unstamped(PROGRAM, Map.of(), old)).status())
        .isEqualTo(Status.EXPIRED);
    Issued young =
        SAMPLES.ca.issue(SAMPLES.profile().valid(NOW.plusSeconds(30), NOW.plusSeconds(90)));
    assertThat(SAMPLES.verify(SAMPLES.unstamped(PROGRAM, Map.of(), young)).status())
        .isEqualTo(Status.EXPIRED);
    // stamped after the certificate's end: the stamp proves that it was too late
    Bytes late = Samples.sign(PROGRAM, Map.of(), old, Optional.empty(), Optional.of(SAMPLES.tsa));
    assertThat(SAMPLES.verify(late).status()).isEqualTo(Status.EXPIRED);
  }

  @Test
  void refusesAStampOfAStrangersAuthorityUnlessToldToIgnoreIt() {
    var stranger = new Samples(NOW);
    Bytes file =
        Samples.sign(PROGRAM, Map.of(), SAMPLES.leaf, Optional.empty(), Optional.of(stranger.tsa));
    var report = SAMPLES.verify(file);
    assertThat(report.status()).isEqualTo(Status.UNTRUSTED);
    assertThat(refusals(report)).containsExactly(CheckName.TIMESTAMP);
    var lax = SAMPLES.policy().with(StampTrust.OPTIONAL);
    assertThat(Samples.verify(file, lax).status()).isEqualTo(Status.VALID);
    assertThat(warnings(Samples.verify(file, lax))).containsExactly(CheckName.TIMESTAMP);
    assertThat(primary(Samples.verify(file, lax)).survivesExpiry()).isFalse();
    var later = lax.at(NOW.plus(5 * 365, ChronoUnit.DAYS));
    assertThat(Samples.verify(file, later).status()).isEqualTo(Status.EXPIRED);
    assertThat(Samples.verify(file, SAMPLES.policy(SAMPLES.ca.root(), stranger.ca.root())).valid())
        .isTrue();
  }

  @Test
  void refusesAStampOfACertificateThatIsNotForStamping() {
    Issued unfit = SAMPLES.ca.issue(SAMPLES.profile());
    Bytes file =
        Samples.sign(
            PROGRAM,
            Map.of(),
            SAMPLES.leaf,
            Optional.empty(),
            Optional.of(TestTsa.of(unfit, InstantSource.fixed(NOW))));
    assertThat(refusals(SAMPLES.verify(file))).containsExactly(CheckName.TIMESTAMP);
    assertThat(SAMPLES.verify(file).valid()).isFalse();
  }

  @Test
  void refusesAStampFromTheFuture() {
    var tsa =
        TestTsa.of(
            SAMPLES.ca.issue(LeafProfile.timeStamping("TSA TEST", KeyType.EC_P256, NOW)),
            InstantSource.fixed(NOW.plusSeconds(3600)));
    Bytes file = Samples.sign(PROGRAM, Map.of(), SAMPLES.leaf, Optional.empty(), Optional.of(tsa));
    assertThat(SAMPLES.verify(file).status()).isEqualTo(Status.INVALID);
  }

  @Test
  void refusesAStampOfAnotherSignature() {
    Bytes other = SAMPLES.stamped(PeBuilder.x64().seed(7).build(), Map.of());
    Bytes token = token(other);
    Bytes file =
        Samples.sign(
            PROGRAM,
            Map.of(),
            SAMPLES.leaf,
            Optional.empty(),
            Optional.of(_ -> new io.sgcsign.timestamp.TimeStampToken(token, NOW, "replay")));
    var report = SAMPLES.verify(file);
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(refusals(report)).containsExactly(CheckName.TIMESTAMP);
  }

  private static Bytes token(Bytes file) {
    var pe = PeFile.parse(Artifact.of(file));
    var cms =
        io.sgcsign.verify.CmsStructure.parse(pe.certificates().entries().getFirst().content());
    return cms.signers().getFirst().unsigned("1.3.6.1.4.1.311.3.3.1").getFirst();
  }

  @Test
  void refusesAWrongChecksumAndTakesNone() {
    int at = PeBuilder.x64().checksumAt();
    assertThat(refusals(SAMPLES.verify(flip(STAMPED, at, 0x10))))
        .containsExactly(CheckName.CHECKSUM);
    assertThat(SAMPLES.verify(PeBuilder.u32(STAMPED, at, 0)).valid()).isTrue();
  }

  @Test
  void refusesDataInThePaddingOfTheTable() {
    // with an RSA signature the length is fixed: find one whose entry ends in padding
    Bytes padded = STAMPED;
    WinCertificate entry = PeFile.parse(Artifact.of(padded)).certificates().entries().getFirst();
    for (int i = 1; entry.slack().isEmpty(); i++) {
      padded = SAMPLES.stamped(PROGRAM, Map.of("description", "x".repeat(i)));
      entry = PeFile.parse(Artifact.of(padded)).certificates().entries().getFirst();
    }
    var report = SAMPLES.verify(withChecksum(flip(padded, padded.size() - 1, 1)));
    assertThat(refusals(report)).containsExactly(CheckName.HIDDEN_DATA);
    assertThat(report.status()).isEqualTo(Status.INVALID);
  }

  /** Without a checksum, so that only what is tested is wrong. */
  private static Bytes withChecksum(Bytes file) {
    return PeBuilder.u32(file, PeBuilder.x64().checksumAt(), 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesDataBehindTheSignatureInItsEntry(boolean zeros) {
    Bytes hidden = Bytes.wrap(new byte[64]);
    Bytes secret = zeros ? hidden : flip(hidden, 40, 0x55);
    Bytes grown = grown(secret, true);
    assertThat(refusals(SAMPLES.verify(grown))).containsExactly(CheckName.HIDDEN_DATA);
  }

  @Test
  void refusesDataBehindTheLastEntryOfTheTable() {
    Bytes grown = grown(flip(Bytes.wrap(new byte[16]), 9, 0x55), false);
    assertThat(refusals(SAMPLES.verify(grown))).containsExactly(CheckName.HIDDEN_DATA);
  }

  @Test
  void refusesDataBehindTheTable() {
    Bytes appended = Bytes.concat(withChecksum(STAMPED), Bytes.utf8("payload!"));
    var report = SAMPLES.verify(appended);
    assertThat(report.status()).isEqualTo(Status.INVALID);
    assertThat(refusals(report)).containsExactly(CheckName.HIDDEN_DATA);
  }

  /** Lets the table – and, if wanted, its entry – cover {@code more} at the end of the file. */
  private static Bytes grown(Bytes more, boolean entryToo) {
    var pe = PeBuilder.x64();
    Bytes file = withChecksum(STAMPED);
    PeFile parsed = PeFile.parse(Artifact.of(file));
    long size = parsed.header().tableSize() + more.size();
    Bytes longer = Bytes.concat(file, more);
    longer = PeBuilder.u32(longer, pe.certificateEntryAt() + 4, size);
    return entryToo ? PeBuilder.u32(longer, (int) parsed.header().tableOffset(), size) : longer;
  }

  @Test
  void saysThatAnEntryIsNoSignature() {
    int table = (int) PeFile.parse(Artifact.of(STAMPED)).header().tableOffset();
    Bytes x509 = PeBuilder.u16(withChecksum(STAMPED), table + 6, 1);
    assertThat(refusals(SAMPLES.verify(x509))).containsExactly(CheckName.STRUCTURE);
    Bytes garbled = flip(withChecksum(STAMPED), table + 8, 0x01);
    assertThat(SAMPLES.verify(garbled).status()).isEqualTo(Status.INVALID);
  }
}
