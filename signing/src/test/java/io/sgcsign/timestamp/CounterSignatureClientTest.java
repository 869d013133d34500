// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.net.Egress;
import io.sgcsign.net.RestClient;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.timestamp.FakeLegacyTsa.Behaviour;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CounterSignatureClientTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String OCTETS = "application/octet-stream";
  private static final UnaryOperator<byte[]> BASE64 = Base64.getEncoder()::encode;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final TestAuthority ca =
      TestAuthority.create(new TestAuthority.Setup(KeyType.RSA_2048, now, true, null), RANDOM);
  private final Bytes value = Bytes.wrap(new byte[256]);
  private final Behaviour good = behaviour(profile());
  private final FakeLegacyTsa tsa = new FakeLegacyTsa(good);

  @AfterEach
  void stop() {
    assertThat(tsa.complaints()).isEmpty();
    tsa.close();
  }

  private LeafProfile profile() {
    return LeafProfile.timeStamping("Legacy TSA TEST", KeyType.RSA_2048, now);
  }

  private Behaviour behaviour(LeafProfile profile) {
    return Behaviour.good(ca.issue(profile)).clock(() -> now).answering(200, OCTETS, BASE64);
  }

  private TimeStampToken stamp(boolean anchored, boolean allowSha1) {
    return stamp(anchored, allowSha1, Duration.ofSeconds(10));
  }

  private TimeStampToken stamp(boolean anchored, boolean allowSha1, Duration deadline) {
    var anchors =
        anchored ? Optional.of(TrustStore.of(List.of(ca.root()))) : Optional.<TrustStore>empty();
    try (var http = RestClient.open(Egress.guard(List.of(tsa.uri())), Optional.empty())) {
      var clock = InstantSource.fixed(now);
      return new CounterSignatureClient(tsa.uri(), anchors, deadline, http, clock)
          .counterSign(value, allowSha1);
    }
  }

  private void refuses(Behaviour behaviour, String... reason) {
    tsa.behave(behaviour);
    assertThatThrownBy(() -> stamp(true, true))
        .isInstanceOf(TimestampException.class)
        .message()
        .startsWith(tsa.uri() + ": ")
        .contains(reason);
  }

  @Test
  void takesAGoodCounterSignatureWithAndWithoutAnchors() {
    TimeStampToken stamp = stamp(true, false);
    assertThat(stamp.time()).isEqualTo(now);
    assertThat(stamp.authority()).isEqualTo(tsa.uri().toString());
    assertThat(stamp.protocol()).isEqualTo(StampProtocol.AUTHENTICODE);
    assertThat(stamp(false, false).time()).isEqualTo(now);
    assertThat(tsa.stamped()).containsExactly(value, value);
  }

  @Test
  void takesBase64InLines() {
    for (String line : List.of("\n", "\r\n")) {
      var encoder = Base64.getMimeEncoder(64, line.getBytes(StandardCharsets.US_ASCII));
      tsa.behave(good.answering(200, OCTETS, encoder::encode));
      assertThat(stamp(true, false).time()).isEqualTo(now);
    }
  }

  @Test
  void takesSha1OnlyFromThoseWhoMay() {
    tsa.behave(good.algorithm("SHA1withRSA"));
    assertThat(stamp(true, true).time()).isEqualTo(now);
    assertThatThrownBy(() -> stamp(true, false))
        .isInstanceOfSatisfying(TimestampException.class, e -> assertThat(e.isBlameless()).isTrue())
        .hasMessageContaining("counter-signs with SHA-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5withRSA", "SHA224withRSA"})
  void refusesDigestsNobodyShouldUse(String algorithm) {
    refuses(good.algorithm(algorithm), "no good");
  }

  @Test
  void refusesAStampOfSomethingElse() {
    refuses(
        good.content(c -> new byte[c.length])
            .content(c -> {
              byte[] other = c.clone();
              other[0] ^= 1;
              return other;
            }),
        "Something else was stamped");
    refuses(good.content(c -> Arrays.copyOf(c, c.length - 1)), "Something else was stamped");
    refuses(good.without(true, false), "Something else was stamped");
  }

  @Test
  void refusesWhatDoesNotSayWhen() {
    refuses(good.without(false, true), "does not say when");
  }

  @Test
  void refusesWhatCarriesMoreThanASignature() {
    refuses(good.withUnsignedAttribute(), "more than a signature");
  }

  @Test
  void refusesCertificatesThatMayNotStamp() {
    for (LeafProfile usage :
        List.of(profile().withUsage(true, KeyPurpose.CODE_SIGNING), profile().withUsage(false))) {
      refuses(behaviour(usage), "key_usage");
    }
    refuses(
        behaviour(profile().valid(now.minusSeconds(99), now.minusSeconds(9))),
        "certificate_validity");
    refuses(behaviour(profile().signedByItself()), "certificate_path");
  }

  @Test
  void refusesAnExpiredCertificateWithoutAnchorsToo() {
    tsa.behave(behaviour(profile().valid(now.minusSeconds(99), now.minusSeconds(9))));
    assertThatThrownBy(() -> stamp(false, false)).hasMessageContaining("certificate_validity");
  }

  @Test
  void refusesAWrongClock() {
    for (int seconds : new int[] {301, -301}) {
      refuses(good.clock(() -> now.plusSeconds(seconds)), "clock is off by 301 s");
    }
    tsa.behave(good.clock(() -> now.plusSeconds(299)));
    assertThat(stamp(true, false).time()).isEqualTo(now.plusSeconds(299));
  }

  @Test
  void refusesAnAnswerThatWasChangedAnywhereNearItsEnd() {
    refuses(
        good.answering(
            200,
            OCTETS,
            der -> {
              byte[] changed = der.clone();
              changed[changed.length - 10] ^= 1;
              return Base64.getEncoder().encode(changed);
            }),
        "signature_value");
  }

  @Test
  void refusesAnswersThatAreNoCounterSignatures() {
    refuses(good.answering(200, OCTETS, a -> a), "not base64");
    refuses(good.answering(200, OCTETS, _ -> new byte[0]), "no good");
    refuses(good.answering(200, OCTETS, _ -> BASE64.apply(new byte[] {0x30, 0})), "no good");
    refuses(
        good.answering(200, OCTETS, a -> BASE64.apply(Arrays.copyOf(a, a.length / 2))), "no good");
    refuses(good.answering(200, OCTETS, _ -> new byte[2 * 1024 * 1024]), "exceeds");
    refuses(good.answering(200, "text/html", BASE64), "text/html");
    for (int status : new int[] {302, 404, 429, 500, 503}) {
      refuses(good.answering(status, OCTETS, BASE64), "HTTP status " + status);
    }
  }

  @Test
  void givesNoToken() {
    try (var http = RestClient.open(Egress.guard(List.of(tsa.uri())), Optional.empty())) {
      var client =
          new CounterSignatureClient(
              tsa.uri(), Optional.empty(), Duration.ofSeconds(1), http, InstantSource.fixed(now));
      assertThatThrownBy(() -> client.stamp(Digest.sha256(value)))
          .isInstanceOf(TimestampException.class)
          .hasMessageContaining("before RFC 3161");
    }
  }

  private TimestampPool pool(RestClient http, FakeLegacyTsa... authorities) {
    var clock = InstantSource.fixed(now);
    var members =
        Arrays.stream(authorities)
            .map(a ->
                new TimestampPool.Member(
                    a.uri().toString(),
                    new CounterSignatureClient(
                        a.uri(), Optional.empty(), Duration.ofSeconds(5), http, clock),
                    0))
            .toList();
    return new TimestampPool(
        members, new TimestampPool.Rules(Duration.ofSeconds(10), false), clock);
  }

  @Test
  void goesOnWithTheNextAuthorityAndBlamesNoneForItsSha1() {
    Issued second = ca.issue(profile());
    tsa.behave(good.algorithm("SHA1withRSA"));
    try (var better =
            new FakeLegacyTsa(
                Behaviour.good(second).clock(() -> now).answering(200, OCTETS, BASE64));
        var http =
            RestClient.open(Egress.guard(List.of(tsa.uri(), better.uri())), Optional.empty())) {
      var pool = pool(http, tsa, better);
      for (int i = 0; i < Breaker.TRIP; i++) {
        assertThat(pool.counterSign(value, false).authority()).isEqualTo(better.uri().toString());
      }
      assertThat(pool.standings()).allMatch(s -> s.state().equals("closed"));
      assertThat(pool.counterSign(value, true).authority()).isEqualTo(tsa.uri().toString());
      assertThatThrownBy(
              () -> pool.only(tsa.uri().toString()).orElseThrow().counterSign(value, false))
          .hasMessageContaining("SHA-1");
      tsa.behave(good.answering(503, OCTETS, BASE64));
      for (int i = 0; i < Breaker.TRIP; i++) {
        assertThat(pool.counterSign(value, true).authority()).isEqualTo(better.uri().toString());
      }
      assertThat(pool.standings().getFirst().state()).isEqualTo("open");
    }
  }
}
