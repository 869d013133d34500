// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.assembly.TestTsa;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.signature.ToBeSigned.Attribute;
import io.sgcsign.signature.ToBeSigned.TimestampSlot;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.verify.BlockVerifier.Result;
import io.sgcsign.verify.BlockVerifier.Rules;
import io.sgcsign.verify.BlockVerifier.StampRule;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BlockVerifierTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final TestAuthority CA =
      TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, NOW, true, null), RANDOM);
  private static final Issued LEAF = CA.issue(profile());
  private static final CryptoBackend BACKEND = CryptoBackend.select(RANDOM);
  private static final Rules UNSTAMPED =
      new Rules(Set.of(KeyPurpose.CODE_SIGNING), StampRule.FORBIDDEN);
  private static final Rules STAMPED =
      new Rules(Set.of(KeyPurpose.CODE_SIGNING), StampRule.REQUIRED);

  private final BlockVerifier verifier =
      new BlockVerifier(BACKEND, Optional.of(TrustStore.of(List.of(CA.root()))));

  private static LeafProfile profile() {
    return LeafProfile.codeSigning("Block TEST", KeyType.EC_P256, NOW);
  }

  private static ToBeSigned.Cms content(String text) {
    Bytes body = DerWriter.octetString(Bytes.utf8(text));
    return new ToBeSigned.Cms(
        "1.3.6.1.4.1.311.2.1.4",
        DerWriter.sequence(body),
        body,
        DigestAlgorithm.SHA256,
        List.of(new Attribute("1.2.3.4", List.of(DerWriter.integer(7)))),
        TimestampSlot.MICROSOFT_RFC3161);
  }

  private static SigningContext context(CertificateChain chain, SignatureAlgorithm algorithm) {
    return new SigningContext(chain, algorithm, NOW, Bytes.EMPTY, 0);
  }

  private static SigningContext context() {
    return context(LEAF.chain(), SignatureAlgorithm.parse("ecdsa/sha256").orElseThrow());
  }

  private static SignatureBlock sign(
      ToBeSigned tbs, Issued issued, SigningContext context, Optional<TimestampAuthority> tsa) {
    var key = SoftwareKey.of(issued.chain(), issued.keys().getPrivate(), BACKEND);
    Stamping stamping = tsa.<Stamping>map(Stamping.Required::new).orElseGet(Stamping.None::new);
    return new SignatureAssembler(BACKEND).assemble(_ -> tbs, context, key, stamping).block();
  }

  private static SignatureBlock sign(ToBeSigned tbs) {
    return sign(tbs, LEAF, context(), Optional.empty());
  }

  private static TimestampAuthority tsa(TestAuthority authority) {
    return TestTsa.of(
        authority.issue(LeafProfile.timeStamping("TSA TEST", KeyType.EC_P256, NOW)),
        InstantSource.fixed(NOW));
  }

  private static String reason(Result result) {
    return switch (result) {
      case Result.Good _ -> "";
      case Result.Bad bad -> bad.reason();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "EC_P256, ecdsa/sha256",
    "EC_P384, ecdsa/sha384",
    "RSA_2048, rsa-pkcs1/sha256",
    "RSA_2048, rsa-pss/sha256"
  })
  void acceptsWhatTheAssemblerMade(KeyType type, String algorithm) {
    Issued issued = CA.issue(LeafProfile.codeSigning("Any TEST", type, NOW));
    var context = context(issued.chain(), SignatureAlgorithm.parse(algorithm).orElseThrow());
    SignatureBlock block = sign(content("x"), issued, context, Optional.empty());
    assertThat(reason(verifier.verify(content("x"), block, context, UNSTAMPED))).isEmpty();
  }

  @Test
  void acceptsAStampWhereItIsRequired() {
    SignatureBlock block = sign(content("x"), LEAF, context(), Optional.of(tsa(CA)));
    var result = verifier.verify(content("x"), block, context(), STAMPED);
    assertThat(result)
        .isInstanceOfSatisfying(
            Result.Good.class,
            good ->
                assertThat(good.stamp().orElseThrow().report().orElseThrow().time())
                    .isEqualTo(NOW));
    assertThat(reason(verifier.verify(content("x"), block, context(), UNSTAMPED)))
        .contains("nobody asked for");
    assertThat(reason(verifier.verify(content("x"), sign(content("x")), context(), STAMPED)))
        .contains("no time stamp");
  }

  @Test
  void refusesTheStampOfAStrangerUnlessAnyWillDo() {
    var stranger = TestAuthority.simple(KeyType.EC_P256, NOW, RANDOM);
    SignatureBlock block = sign(content("x"), LEAF, context(), Optional.of(tsa(stranger)));
    assertThat(reason(verifier.verify(content("x"), block, context(), STAMPED)))
        .contains("time stamp is no good");
    var lax = new BlockVerifier(BACKEND, Optional.empty());
    assertThat(reason(lax.verify(content("x"), block, context(), STAMPED))).isEmpty();
  }

  @Test
  void refusesAnotherContent() {
    assertThat(reason(verifier.verify(content("y"), sign(content("x")), context(), UNSTAMPED)))
        .contains("another content");
  }

  @Test
  void refusesOtherSignedAttributes() {
    var plain = content("x");
    var more =
        new ToBeSigned.Cms(
            plain.contentType(),
            plain.content(),
            plain.digested(),
            plain.digest(),
            List.of(
                plain.signedAttributes().getFirst(),
                new Attribute("1.2.3.5", List.of(DerWriter.integer(8)))),
            plain.timestampSlot());
    assertThat(reason(verifier.verify(plain, sign(more), context(), UNSTAMPED)))
        .contains("attributes");
    assertThat(reason(verifier.verify(more, sign(plain), context(), UNSTAMPED)))
        .contains("attributes");
  }

  @Test
  void refusesAnotherSigner() {
    Issued other = CA.issue(profile());
    var theirs = context(other.chain(), context().algorithm());
    SignatureBlock block = sign(content("x"), other, theirs, Optional.empty());
    assertThat(reason(verifier.verify(content("x"), block, context(), UNSTAMPED)))
        .contains("certificates");
  }

  @Test
  void refusesAnotherAlgorithm() {
    var pss = context(LEAF.chain(), SignatureAlgorithm.parse("rsa-pss/sha256").orElseThrow());
    assertThat(reason(verifier.verify(content("x"), sign(content("x")), pss, UNSTAMPED)))
        .contains("algorithm");
  }

  @Test
  void refusesWhatIsAddedBesideTheSignature() {
    var made = (SignatureBlock.Cms) sign(content("x"));
    Bytes tagged =
        SignedDataEdit.parse(made.der())
            .withUnsignedAttribute("1.2.3.4.5", List.of(DerWriter.octetString(Bytes.utf8("tag"))))
            .der();
    var rules = new Rules(Set.of(), StampRule.ALLOWED);
    assertThat(
            reason(verifier.verify(content("x"), new SignatureBlock.Cms(tagged), context(), rules)))
        .contains("more than a time stamp");
  }

  @Test
  void refusesALeafThatIsTooOldOrForSomethingElse() {
    Issued unfit = CA.issue(profile().withUsage(false, KeyPurpose.SERVER_AUTH));
    var context = context(unfit.chain(), context().algorithm());
    SignatureBlock block = sign(content("x"), unfit, context, Optional.empty());
    assertThat(reason(verifier.verify(content("x"), block, context, UNSTAMPED)))
        .contains("not for this use");
    var later =
        new SigningContext(
            LEAF.chain(), context.algorithm(), NOW.plus(900, ChronoUnit.DAYS), Bytes.EMPTY, 0);
    assertThat(reason(verifier.verify(content("x"), sign(content("x")), later, UNSTAMPED)))
        .contains("is valid from");
  }

  @Test
  void refusesCertificatesThatAreNoChain() {
    Issued stranger = TestAuthority.simple(KeyType.EC_P256, NOW, RANDOM).issue(profile());
    var mixed =
        new CertificateChain(List.of(LEAF.certificate(), stranger.chain().certificates().get(1)));
    var context = context(mixed, context().algorithm());
    assertThat(reason(verifier.verify(content("x"), sign(content("x")), context, UNSTAMPED)))
        .contains("no chain");
  }

  @Test
  void refusesBlocksThatAreNoCms() {
    var value = new SignatureBlock.Value(Bytes.EMPTY, List.of());
    assertThat(reason(verifier.verify(content("x"), value, context(), UNSTAMPED))).isNotEmpty();
    var garbage = new SignatureBlock.Cms(Bytes.utf8("garbage"));
    assertThat(reason(verifier.verify(content("x"), garbage, context(), UNSTAMPED))).isNotEmpty();
  }

  @Test
  void refusesNearlyEveryChangedByte() {
    var made = (SignatureBlock.Cms) sign(content("x"));
    var random = new Random(5);
    int passed = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] changed = made.der().toArray();
      changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
      var block = new SignatureBlock.Cms(Bytes.wrap(changed));
      passed +=
          reason(verifier.verify(content("x"), block, context(), UNSTAMPED)).isEmpty() ? 1 : 0;
    }
    // the version of SignedData may be 1 or 3
    assertThat(passed).isLessThan(5);
  }
}
