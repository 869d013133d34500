// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.assembly.TestTsa;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A test PKI and files signed with it. */
final class Samples {
  static final SignatureFormat FORMAT = Formats.byName("authenticode").orElseThrow();
  private static final SecureRandom RANDOM = new SecureRandom();

  final Instant now;
  final TestAuthority ca;
  final Issued leaf;
  final TimestampAuthority tsa;
  final X509Certificate tsaCertificate;

  Samples(Instant now) {
    this(now, RANDOM);
  }

  Samples(Instant now, SecureRandom random) {
    this.now = now;
    this.ca =
        TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, now, true, null), random);
    this.leaf = ca.issue(profile());
    Issued stamper = ca.issue(LeafProfile.timeStamping("TSA TEST", KeyType.EC_P256, now));
    this.tsaCertificate = stamper.certificate();
    this.tsa = TestTsa.of(stamper, InstantSource.fixed(now));
  }

  LeafProfile profile() {
    return LeafProfile.codeSigning("Publisher TEST", KeyType.EC_P256, now);
  }

  Bytes stamped(Bytes file, Map<String, String> options) {
    return sign(file, options, leaf, Optional.empty(), Optional.of(tsa));
  }

  Bytes unstamped(Bytes file, Map<String, String> options, Issued issued) {
    return sign(file, options, issued, Optional.empty(), Optional.empty());
  }

  static Bytes sign(
      Bytes file,
      Map<String, String> options,
      Issued issued,
      Optional<SignatureAlgorithm> algorithm,
      Optional<TimestampAuthority> tsa) {
    Options checked = Options.of(FORMAT.descriptor(), options);
    var artifact = Artifact.of(file);
    var signer = TestSigner.of(FORMAT, checked, issued, algorithm, tsa);
    if (FORMAT.sign(artifact, checked, signer) instanceof Signed.Patched patched) {
      var signed = artifact.with(patched.patch());
      return signed.read(0, (int) signed.size());
    }
    throw new AssertionError("Authenticode patches");
  }

  VerificationPolicy policy() {
    return policy(ca.root());
  }

  VerificationPolicy policy(X509Certificate... anchors) {
    return VerificationPolicy.of(List.of(anchors), now, Set.of(KeyPurpose.CODE_SIGNING));
  }

  VerificationReport verify(Bytes file) {
    return verify(file, policy());
  }

  static VerificationReport verify(Bytes file, VerificationPolicy policy) {
    return FORMAT.verify(Artifact.of(file), Optional.empty(), policy);
  }

  /** Names of the required checks that did not pass, of the file and all its signatures. */
  static List<CheckName> refusals(VerificationReport report) {
    return checks(report).filter(Check::refuses).map(Check::name).distinct().toList();
  }

  /** Names of checks that failed without refusing. */
  static List<CheckName> warnings(VerificationReport report) {
    return checks(report)
        .filter(c -> !c.required() && c.outcome() == Outcome.FAILED)
        .map(Check::name)
        .distinct()
        .toList();
  }

  private static Stream<Check> checks(VerificationReport report) {
    return Stream.concat(
        report.fileChecks().stream(),
        report.signatures().stream().flatMap(s -> s.checks().stream()));
  }

  static Bytes flip(Bytes file, int at, int bits) {
    byte[] out = file.toArray();
    out[at] ^= (byte) bits;
    return Bytes.wrap(out);
  }

  /** Where {@code part} begins in {@code file}. */
  static int find(Bytes file, Bytes part) {
    for (int at = 0; at + part.size() <= file.size(); at++) {
      if (file.at(at) == part.at(0) && file.slice(at, at + part.size()).equals(part)) {
        return at;
      }
    }
    throw new AssertionError("It is not there");
  }
}
