// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.format.Formats;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.config.ServerConfig.StampRule;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.timestamp.StampProtocol;
import io.sgcsign.wire.Code;
import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyEngineTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final TestAuthority CA =
      TestAuthority.simple(KeyType.EC_P256, NOW, new SecureRandom());
  private static final LeafProfile PROFILE =
      LeafProfile.codeSigning("policy", KeyType.EC_P256, NOW);
  private static final X509Certificate ISSUED = CA.issue(PROFILE).certificate();
  private static final X509Certificate SELF_SIGNED =
      CA.issue(PROFILE.signedByItself()).certificate();
  private static final URI TSA = URI.create("http://tsa.example/");
  private static final URI OTHER = URI.create("http://other.example/");

  private final Principal.ApiKey key =
      new Principal.ApiKey("key_1", "ci", Set.of(), Set.of(), NOW.plus(Duration.ofDays(1)));

  private static PolicyEngine engine(boolean withAuthority) {
    List<ServerConfig.Authority> authorities =
        withAuthority ? List.of(authority(TSA, StampProtocol.RFC3161)) : List.of();
    return new PolicyEngine(new ServerConfig.Timestamping(authorities, true, List.of(TSA)));
  }

  private static ServerConfig.Authority authority(URI url, StampProtocol protocol) {
    return new ServerConfig.Authority(url, protocol, Optional.empty(), Optional.empty(), 0);
  }

  private static PolicyEngine engine(ServerConfig.Authority... authorities) {
    return new PolicyEngine(
        new ServerConfig.Timestamping(List.of(authorities), true, List.of(TSA, OTHER)));
  }

  private static ServerConfig.Rules rules(Optional<StampRule> stamp) {
    return new ServerConfig.Rules(Optional.empty(), false, stamp, true);
  }

  private Question question(
      ServerConfig.Rules rules,
      X509Certificate certificate,
      Optional<StampRule> stamp,
      Optional<URI> tsa) {
    var provider =
        new ServerConfig.Provider(
            "p", "PFX", Optional.empty(), rules, Optional.empty(), Optional.empty());
    return new Question(
        key,
        provider,
        Formats.byName("authenticode").orElseThrow().descriptor(),
        true,
        List.of(DigestAlgorithm.SHA256),
        stamp,
        StampProtocol.RFC3161,
        tsa,
        certificate);
  }

  private static Code denied(Decision decision) {
    return ((Decision.Deny) decision).problem().code();
  }

  private static StampPlan plan(Decision decision) {
    return ((Decision.Permit) decision).stamp();
  }

  private Decision android(StampRule rule, Optional<StampRule> wish) {
    var rules = new ServerConfig.Rules(Optional.of(Set.of("apk")), false, Optional.of(rule), true);
    var asked = question(rules, ISSUED, wish, Optional.empty());
    return engine(true)
        .decide(
            new Question(
                key,
                asked.provider(),
                Formats.byName("apk").orElseThrow().descriptor(),
                true,
                List.of(),
                wish,
                StampProtocol.RFC3161,
                Optional.empty(),
                ISSUED),
            NOW);
  }

  @Test
  void stampsNothingThatCannotCarryAStamp() {
    assertThat(denied(android(StampRule.REQUIRED, Optional.empty())))
        .isEqualTo(Code.TIMESTAMP_REQUIRED);
    assertThat(denied(android(StampRule.OPTIONAL, Optional.of(StampRule.REQUIRED))))
        .isEqualTo(Code.TIMESTAMP_REQUIRED);
    assertThat(plan(android(StampRule.OPTIONAL, Optional.empty()))).isEqualTo(new StampPlan.None());
  }

  @Test
  void neverReleasesACaIssuedCertificatesSignatureUnstamped() {
    var open = Optional.<URI>empty();
    for (StampRule wish : List.of(StampRule.NONE, StampRule.OPTIONAL)) {
      var question = question(rules(Optional.empty()), ISSUED, Optional.of(wish), open);
      assertThat(denied(engine(true).decide(question, NOW))).isEqualTo(Code.TIMESTAMP_REQUIRED);
    }
    var silent = question(rules(Optional.empty()), ISSUED, Optional.empty(), open);
    assertThat(plan(engine(true).decide(silent, NOW)))
        .isEqualTo(new StampPlan.Stamp(Optional.empty(), true));
    var decision = engine(false).decide(silent, NOW);
    assertThat(denied(decision)).isEqualTo(Code.TIMESTAMP_REQUIRED);
    assertThat(((Decision.Deny) decision).problem().hint()).contains("tsa_url", "authorities");
  }

  @Test
  void letsASelfSignedCertificateSignUnstamped() {
    var silent = question(rules(Optional.empty()), SELF_SIGNED, Optional.empty(), Optional.empty());
    assertThat(plan(engine(false).decide(silent, NOW))).isEqualTo(new StampPlan.None());
    assertThat(plan(engine(true).decide(silent, NOW)))
        .isEqualTo(new StampPlan.Stamp(Optional.empty(), false));
  }

  @Test
  void letsTheProvidersRulesLoosenAndTightenTheStamp() {
    var none = Optional.of(StampRule.NONE);
    var loose = question(rules(Optional.of(StampRule.OPTIONAL)), ISSUED, none, Optional.empty());
    assertThat(plan(engine(true).decide(loose, NOW))).isEqualTo(new StampPlan.None());
    var tight =
        question(rules(Optional.of(StampRule.REQUIRED)), SELF_SIGNED, none, Optional.empty());
    assertThat(denied(engine(true).decide(tight, NOW))).isEqualTo(Code.TIMESTAMP_REQUIRED);
  }

  @Test
  void asksTheNamedAuthorityOnlyIfItIsAllowed() {
    var named = question(rules(Optional.empty()), SELF_SIGNED, Optional.empty(), Optional.of(TSA));
    assertThat(plan(engine(false).decide(named, NOW)))
        .isEqualTo(new StampPlan.Stamp(Optional.of(TSA), true));
    var other =
        question(rules(Optional.empty()), SELF_SIGNED, Optional.empty(), Optional.of(OTHER));
    assertThat(denied(engine(true).decide(other, NOW))).isEqualTo(Code.TSA_NOT_ALLOWED);
  }

  @Test
  void refusesAContradictionBetweenNoneAndAnAuthority() {
    var both =
        question(
            rules(Optional.empty()), SELF_SIGNED, Optional.of(StampRule.NONE), Optional.of(TSA));
    assertThat(denied(engine(true).decide(both, NOW))).isEqualTo(Code.FIELD_INVALID);
  }

  @Test
  void refusesCertificatesThatMustNotSign() {
    X509Certificate expired =
        CA.issue(PROFILE.valid(NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(1))))
            .certificate();
    X509Certificate early =
        CA.issue(PROFILE.valid(NOW.plus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(9))))
            .certificate();
    X509Certificate other = CA.issue(PROFILE.withUsage(false, "1.3.6.1.5.5.7.3.1")).certificate();
    for (X509Certificate certificate : List.of(expired, early, other)) {
      var question =
          question(rules(Optional.empty()), certificate, Optional.empty(), Optional.empty());
      assertThat(denied(engine(true).decide(question, NOW))).isEqualTo(Code.CERTIFICATE_UNFIT);
    }
  }

  @Test
  void refusesWhatTheRulesForbid() {
    var strict = new ServerConfig.Rules(Optional.of(Set.of()), false, Optional.empty(), false);
    var question = question(strict, SELF_SIGNED, Optional.empty(), Optional.empty());
    assertThat(denied(engine(true).decide(question, NOW))).isEqualTo(Code.FORMAT_NOT_ALLOWED);

    var noHashes = new ServerConfig.Rules(Optional.empty(), false, Optional.empty(), false);
    var seen = question(noHashes, SELF_SIGNED, Optional.empty(), Optional.empty());
    var blind =
        new Question(
            seen.by(),
            seen.provider(),
            seen.format(),
            false,
            seen.hashes(),
            seen.stamp(),
            seen.protocol(),
            seen.tsa(),
            seen.certificate());
    assertThat(denied(engine(true).decide(blind, NOW))).isEqualTo(Code.HASH_NOT_ALLOWED);

    var sha1 =
        new Question(
            seen.by(),
            seen.provider(),
            seen.format(),
            true,
            List.of(DigestAlgorithm.SHA1),
            seen.stamp(),
            seen.protocol(),
            seen.tsa(),
            seen.certificate());
    assertThat(denied(engine(true).decide(sha1, NOW))).isEqualTo(Code.SHA1_NOT_ALLOWED);
  }

  @Test
  void refusesFormatsTheKeyMayNotSign() {
    var narrow = new Principal.ApiKey("key_2", "pdf", Set.of(), Set.of("pades"), key.expiresAt());
    var q = question(rules(Optional.empty()), SELF_SIGNED, Optional.empty(), Optional.empty());
    var asked =
        new Question(
            narrow,
            q.provider(),
            q.format(),
            true,
            q.hashes(),
            q.stamp(),
            q.protocol(),
            q.tsa(),
            q.certificate());
    assertThat(denied(engine(true).decide(asked, NOW))).isEqualTo(Code.FORMAT_NOT_ALLOWED);
  }

  private Question counterSigned(
      boolean allowSha1, Optional<StampRule> stamp, Optional<URI> tsa, X509Certificate signer) {
    var rules = new ServerConfig.Rules(Optional.empty(), allowSha1, Optional.empty(), true);
    Question q = question(rules, signer, stamp, tsa);
    return new Question(
        q.by(),
        q.provider(),
        q.format(),
        true,
        q.hashes(),
        q.stamp(),
        StampProtocol.AUTHENTICODE,
        q.tsa(),
        q.certificate());
  }

  @Test
  void counterSignsOnlyAtAnAuthorityThatIsSetUpForIt() {
    var modern = authority(TSA, StampProtocol.RFC3161);
    var old = authority(OTHER, StampProtocol.AUTHENTICODE);
    Optional<StampRule> silent = Optional.empty();
    var any = counterSigned(true, silent, Optional.empty(), ISSUED);
    assertThat(plan(engine(modern, old).decide(any, NOW)))
        .isEqualTo(new StampPlan.CounterSign(Optional.empty(), true, true));
    var named = counterSigned(false, silent, Optional.of(OTHER), SELF_SIGNED);
    assertThat(plan(engine(modern, old).decide(named, NOW)))
        .isEqualTo(new StampPlan.CounterSign(Optional.of(OTHER), true, false));

    var decision = engine(modern).decide(any, NOW);
    assertThat(denied(decision)).isEqualTo(Code.TSA_NOT_ALLOWED);
    assertThat(((Decision.Deny) decision).problem().hint()).contains("protocol", "authenticode");
    // a self-signed key may sign unstamped, but who asks for a stamp by name gets it or nothing
    var loose =
        counterSigned(false, Optional.of(StampRule.OPTIONAL), Optional.empty(), SELF_SIGNED);
    assertThat(denied(engine(modern).decide(loose, NOW))).isEqualTo(Code.TSA_NOT_ALLOWED);
    var modernOne = counterSigned(false, silent, Optional.of(TSA), SELF_SIGNED);
    assertThat(denied(engine(modern, old).decide(modernOne, NOW))).isEqualTo(Code.TSA_NOT_ALLOWED);
    var none = counterSigned(false, Optional.of(StampRule.NONE), Optional.empty(), SELF_SIGNED);
    assertThat(denied(engine(modern, old).decide(none, NOW))).isEqualTo(Code.FIELD_INVALID);
  }

  @Test
  void givesNoTokenOfAnAuthorityThatOnlyCounterSigns() {
    var old = authority(TSA, StampProtocol.AUTHENTICODE);
    var asked = question(rules(Optional.empty()), ISSUED, Optional.empty(), Optional.empty());
    assertThat(denied(engine(old).decide(asked, NOW))).isEqualTo(Code.TIMESTAMP_REQUIRED);
  }
}
