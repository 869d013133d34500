// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.net.Egress;
import io.sgcsign.net.RestClient;
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
import io.sgcsign.signature.ToBeSigned.TimestampSlot;
import io.sgcsign.timestamp.CounterSignatureClient;
import io.sgcsign.timestamp.FakeLegacyTsa;
import io.sgcsign.timestamp.FakeLegacyTsa.Behaviour;
import io.sgcsign.verify.BlockVerifier.Result;
import io.sgcsign.verify.BlockVerifier.Rules;
import io.sgcsign.verify.BlockVerifier.StampRule;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Blocks with a PKCS#9 time stamp, whose certificates stand among the signer's. */
final class CounterStampedBlockTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final CryptoBackend BACKEND = CryptoBackend.select(RANDOM);
  private static final String COUNTER_SIGNATURE = TimestampSlot.COUNTER_SIGNATURE.oid();
  private static final Rules STAMPED =
      new Rules(Set.of(KeyPurpose.CODE_SIGNING), StampRule.REQUIRED);

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final TestAuthority ca = authority();
  private final Issued leaf =
      ca.issue(LeafProfile.codeSigning("Block TEST", KeyType.RSA_2048, now));
  private final BlockVerifier verifier =
      new BlockVerifier(BACKEND, Optional.of(TrustStore.of(List.of(ca.root()))));
  private final SigningContext context =
      new SigningContext(
          leaf.chain(),
          SignatureAlgorithm.parse("rsa-pkcs1/sha256").orElseThrow(),
          now,
          Bytes.EMPTY,
          0);

  private TestAuthority authority() {
    return TestAuthority.create(new TestAuthority.Setup(KeyType.RSA_2048, now, true, null), RANDOM);
  }

  private static ToBeSigned.Cms content(String text, TimestampSlot slot) {
    Bytes body = DerWriter.octetString(Bytes.utf8(text));
    return new ToBeSigned.Cms(
        "1.3.6.1.4.1.311.2.1.4",
        DerWriter.sequence(body),
        body,
        DigestAlgorithm.SHA256,
        List.of(),
        slot);
  }

  private static ToBeSigned.Cms content(String text) {
    return content(text, TimestampSlot.COUNTER_SIGNATURE);
  }

  private SignedDataEdit stamped(String text, TestAuthority by) {
    Issued stamper = by.issue(LeafProfile.timeStamping("Old TSA TEST", KeyType.RSA_2048, now));
    var key = SoftwareKey.of(leaf.chain(), leaf.keys().getPrivate(), BACKEND);
    try (var tsa = new FakeLegacyTsa(Behaviour.good(stamper));
        var http = RestClient.open(Egress.guard(List.of(tsa.uri())), Optional.empty())) {
      var client =
          new CounterSignatureClient(
              tsa.uri(), Optional.empty(), Duration.ofSeconds(30), http, InstantSource.system());
      var made =
          new SignatureAssembler(BACKEND)
              .assemble(_ -> content(text), context, key, new Stamping.Required(client));
      return SignedDataEdit.parse(((SignatureBlock.Cms) made.block()).der());
    }
  }

  private String reason(ToBeSigned expected, SignedDataEdit block) {
    var cms = new SignatureBlock.Cms(block.der());
    return switch (verifier.verify(expected, cms, context, STAMPED)) {
      case Result.Good good -> {
        assertThat(good.stamp().orElseThrow().report().orElseThrow().type()).isEqualTo("pkcs9");
        yield "";
      }
      case Result.Bad bad -> bad.reason();
    };
  }

  @Test
  void acceptsWhatTheAssemblerMade() {
    SignedDataEdit block = stamped("x", ca);
    assertThat(reason(content("x"), block)).isEmpty();
    assertThat(block.certificates()).hasSize(3).doesNotHaveDuplicates();
    assertThat(block.certificates()).doesNotContain(CertificateChain.der(ca.root()));
  }

  @Test
  void refusesItWhereATokenWasToBe() {
    var other = content("x", TimestampSlot.MICROSOFT_RFC3161);
    assertThat(reason(other, stamped("x", ca))).contains("certificates");
  }

  @Test
  void refusesTheStampOfAStranger() {
    assertThat(reason(content("x"), stamped("x", authority()))).contains("time stamp is no good");
  }

  @Test
  void refusesTheStampOfAnotherSignature() {
    List<Bytes> other = stamped("y", ca).unsignedAttribute(COUNTER_SIGNATURE);
    SignedDataEdit block = stamped("x", ca);
    assertThat(reason(content("x"), block.withUnsignedAttribute(COUNTER_SIGNATURE, other)))
        .isNotEmpty();
  }

  @Test
  void refusesCertificatesOfNobodyAndMissingOnes() {
    SignedDataEdit block = stamped("x", ca);
    var more = new ArrayList<>(block.certificates());
    more.add(CertificateChain.der(authority().root()));
    assertThat(reason(content("x"), block.withCertificates(more))).contains("certificates");
    List<Bytes> ours =
        leaf.chain().certificates().stream().limit(2).map(CertificateChain::der).toList();
    assertThat(reason(content("x"), block.withCertificates(ours))).contains("not in the signature");
  }

  @Test
  void refusesTwoStampsAndNone() {
    SignedDataEdit block = stamped("x", ca);
    var twice = new ArrayList<>(block.unsignedAttribute(COUNTER_SIGNATURE));
    twice.add(twice.getFirst());
    assertThat(reason(content("x"), block.withUnsignedAttribute(COUNTER_SIGNATURE, twice)))
        .isNotEmpty();
    List<Bytes> ours =
        leaf.chain().certificates().stream().limit(2).map(CertificateChain::der).toList();
    SignedDataEdit bare =
        block.withUnsignedAttribute(COUNTER_SIGNATURE, List.of()).withCertificates(ours);
    assertThat(reason(content("x"), bare)).contains("no time stamp");
  }
}
