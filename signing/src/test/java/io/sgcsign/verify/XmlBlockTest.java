// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.assembly.TestTsa;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.layout.xml.Canonical;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.xml.XmlAlgorithms;
import io.sgcsign.pki.Digest;
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
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.verify.BlockVerifier.Result;
import io.sgcsign.verify.BlockVerifier.Rules;
import io.sgcsign.verify.BlockVerifier.StampRule;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XML signatures between assembler and block verifier. */
final class XmlBlockTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final TestAuthority CA =
      TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, NOW, true, null), RANDOM);
  private static final Issued LEAF =
      CA.issue(LeafProfile.codeSigning("Xml TEST", KeyType.RSA_2048, NOW));
  private static final CryptoBackend BACKEND = CryptoBackend.select(RANDOM);
  private static final SignatureAlgorithm ALGORITHM =
      SignatureAlgorithm.parse("rsa-pkcs1/sha256").orElseThrow();
  private static final SigningContext CONTEXT =
      new SigningContext(LEAF.chain(), ALGORITHM, NOW, Bytes.EMPTY, 0);
  private static final TimestampAuthority TSA =
      TestTsa.of(
          CA.issue(LeafProfile.timeStamping("TSA TEST", KeyType.EC_P256, NOW)),
          InstantSource.fixed(NOW));

  private final BlockVerifier verifier =
      new BlockVerifier(BACKEND, Optional.of(TrustStore.of(List.of(CA.root()))));

  private static Bytes octets(String content) {
    Digest digest = Digest.of(DigestAlgorithm.SHA256, Bytes.utf8(content));
    return new SignedInfo(
            Canonical.EXCLUSIVE,
            ALGORITHM,
            new SignedInfo.Reference("", "", List.of(SignedInfo.ENVELOPED), digest))
        .octets(XmlAlgorithms.W3C);
  }

  private static ToBeSigned.SignedInfo wanted(String content, boolean stamped) {
    return new ToBeSigned.SignedInfo(octets(content), DigestAlgorithm.SHA256, stamped);
  }

  private static SignatureBlock sign(ToBeSigned tbs, Stamping stamping) {
    var key = SoftwareKey.of(LEAF.chain(), LEAF.keys().getPrivate(), BACKEND);
    return new SignatureAssembler(BACKEND).assemble(_ -> tbs, CONTEXT, key, stamping).block();
  }

  private boolean good(ToBeSigned tbs, SignatureBlock block, StampRule rule) {
    var rules = new Rules(Set.of(KeyPurpose.CODE_SIGNING), rule);
    return verifier.verify(tbs, block, CONTEXT, rules) instanceof Result.Good;
  }

  @Test
  void whatWasToBeSignedIsGoodAndNothingElse() {
    var tbs = wanted("a", true);
    SignatureBlock bare = sign(tbs, new Stamping.None());
    assertThat(good(tbs, bare, StampRule.FORBIDDEN)).isTrue();
    assertThat(good(tbs, bare, StampRule.REQUIRED)).isFalse();
    assertThat(good(wanted("b", true), bare, StampRule.FORBIDDEN)).isFalse();
    SignatureBlock stamped = sign(tbs, new Stamping.Required(TSA));
    assertThat(good(tbs, stamped, StampRule.REQUIRED)).isTrue();
    assertThat(good(tbs, stamped, StampRule.FORBIDDEN)).isFalse();
  }

  @Test
  void whatCarriesNoStampGetsNoneWhateverTheRule() {
    var tbs = wanted("a", false);
    SignatureBlock block = sign(tbs, new Stamping.Required(TSA));
    assertThat(((SignatureBlock.Xml) block).token()).isEmpty();
    assertThat(good(tbs, block, StampRule.REQUIRED)).isTrue();
  }

  @Test
  void aStampOfAnotherValueIsRefused() {
    var other = (SignatureBlock.Xml) sign(wanted("b", true), new Stamping.Required(TSA));
    var tbs = wanted("a", true);
    var ours = (SignatureBlock.Xml) sign(tbs, new Stamping.None());
    var mixed = new SignatureBlock.Xml(ours.value(), other.token());
    assertThat(good(tbs, mixed, StampRule.ALLOWED)).isFalse();
    assertThat(good(tbs, new SignatureBlock.Cms(ours.value()), StampRule.ALLOWED)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MZ",
        "<SignedInfo/>",
        "<x>SIGNEDINFO</x>",
        "SIGNEDINFO ",
        "<!--c-->SIGNEDINFO",
        "SIGNEDINFOSIGNEDINFO"
      })
  void theKeySignsNothingButASignedInfo(String text) {
    Bytes octets = Bytes.utf8(text.replace("SIGNEDINFO", octets("a").toUtf8()));
    var tbs = new ToBeSigned.SignedInfo(octets, DigestAlgorithm.SHA256, false);
    assertThatThrownBy(() -> sign(tbs, new Stamping.None()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no SignedInfo");
  }

  @Test
  void theDigestIsTheOneTheSignedInfoNames() {
    var tbs = new ToBeSigned.SignedInfo(octets("a"), DigestAlgorithm.SHA512, false);
    assertThatThrownBy(() -> sign(tbs, new Stamping.None()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
