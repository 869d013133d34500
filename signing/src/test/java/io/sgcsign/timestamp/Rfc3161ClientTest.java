// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.assembly.TestTsa;
import io.sgcsign.assembly.TokenIssuer;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.net.Egress;
import io.sgcsign.net.RestClient;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.tool.HttpStub;
import io.sgcsign.tool.HttpStub.Answer;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Rfc3161ClientTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String REPLY = "application/timestamp-reply";

  // openssl stamps with the clock of the machine
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final TestAuthority ca =
      TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, now, true, null), RANDOM);
  private final Digest imprint = Digest.sha256(Bytes.utf8("a signature value"));

  @TempDir Path folder;

  private LeafProfile profile() {
    return LeafProfile.timeStamping("TSA TEST", KeyType.RSA_2048, now);
  }

  private TokenIssuer issuer(LeafProfile profile) {
    return TestTsa.of(ca.issue(profile), InstantSource.fixed(now));
  }

  private static HttpStub serving(UnaryOperator<Bytes> answer) {
    return HttpStub.answering(request -> new Answer(200, REPLY, answer.apply(request)));
  }

  private TimeStampToken stamp(HttpStub server, boolean anchored, Duration deadline) {
    return stamp(server, anchored, Optional.empty(), deadline);
  }

  private TimeStampToken stamp(
      HttpStub server, boolean anchored, Optional<String> policy, Duration deadline) {
    var anchors =
        anchored ? Optional.of(TrustStore.of(List.of(ca.root()))) : Optional.<TrustStore>empty();
    var settings = new Rfc3161Client.Settings(server.uri(), anchors, policy, deadline);
    var clock = InstantSource.fixed(now);
    try (var http = RestClient.open(Egress.guard(List.of(server.uri())), Optional.empty())) {
      return new Rfc3161Client(settings, http, clock, RANDOM).stamp(imprint);
    }
  }

  private void refuses(HttpStub server, String... reason) {
    try (server) {
      assertThatThrownBy(() -> stamp(server, true, Duration.ofSeconds(10)))
          .isInstanceOf(TimestampException.class)
          .message()
          .startsWith(server.uri() + ": ")
          .contains(reason);
    }
  }

  @Test
  void takesAGoodTokenWithAndWithoutAnchors() {
    try (var server = serving(issuer(profile())::respond)) {
      TimeStampToken token = stamp(server, true, Duration.ofSeconds(10));
      assertThat(token.time()).isEqualTo(now);
      assertThat(token.authority()).isEqualTo(server.uri().toString());
      assertThat(stamp(server, false, Duration.ofSeconds(10)).der()).isNotEqualTo(token.der());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA_2048", "EC_P256"})
  void takesTheTokenOfOpenssl(KeyType type) throws IOException {
    Tool openssl = Tool.require("openssl");
    Issued tsa = ca.issue(LeafProfile.timeStamping("TSA TEST", type, now));
    Files.writeString(folder.resolve("tsa.pem"), tsa.certificatesPem());
    Files.writeString(folder.resolve("tsa.key"), tsa.privateKeyPem());
    Files.writeString(folder.resolve("serial"), "01\n");
    Path config = Files.writeString(folder.resolve("tsa.cnf"), configuration());
    try (var server = serving(request -> opensslReply(openssl, config, request))) {
      TimeStampToken token = stamp(server, true, Duration.ofSeconds(30));
      assertThat(token.time()).isBetween(now.minusSeconds(1), now.plusSeconds(120));
    }
  }

  private String configuration() {
    return """
    [tsa]
    default_tsa = t
    [t]
    serial = %1$s/serial
    signer_cert = %1$s/tsa.pem
    certs = %1$s/tsa.pem
    signer_key = %1$s/tsa.key
    signer_digest = sha256
    default_policy = 1.2.3.4.1
    digests = sha256, sha384, sha512
    accuracy = secs:1
    ess_cert_id_chain = no
    ess_cert_id_alg = sha256
    """
        .formatted(folder);
  }

  private Bytes opensslReply(Tool openssl, Path config, Bytes request) {
    try {
      Path query = Files.write(folder.resolve("q.tsq"), request.toArray());
      Path reply = folder.resolve("r.tsr");
      openssl.succeed(
          "ts", "-reply", "-config", config, "-section", "t", "-queryfile", query, "-out", reply);
      return Bytes.wrap(Files.readAllBytes(reply));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request with other fields: what a confused or lying authority answers to. */
  private static Bytes rewritten(Bytes request, Digest imprint, Optional<Integer> nonce) {
    DerCursor fields = Der.of(request).sequence();
    Bytes version = fields.next().encoded();
    var algorithm = DerWriter.sequence(DerWriter.oid(imprint.algorithm().oid()));
    return DerWriter.sequence(
        version,
        DerWriter.sequence(algorithm, DerWriter.octetString(imprint.value())),
        nonce.map(DerWriter::integer).orElse(Bytes.EMPTY),
        DerWriter.element(Der.BOOLEAN, Bytes.of((byte) 0xff)));
  }

  @Test
  void refusesAnotherNonceAndNone() {
    var issuer = issuer(profile());
    refuses(serving(r -> issuer.respond(rewritten(r, imprint, Optional.of(42)))), "another nonce");
    refuses(serving(r -> issuer.respond(rewritten(r, imprint, Optional.empty()))), "another nonce");
  }

  @Test
  void refusesAStampOfSomethingElse() {
    var issuer = issuer(profile());
    Digest other = Digest.sha256(Bytes.utf8("other"));
    refuses(serving(r -> issuer.respond(rewritten(r, other, Optional.of(1)))), "content_digest");
    Digest sha1 = Digest.of(DigestAlgorithm.SHA1, Bytes.utf8("a signature value"));
    refuses(serving(r -> issuer.respond(rewritten(r, sha1, Optional.of(1)))), "content_digest");
  }

  @Test
  void refusesCertificatesThatMayNotStamp() {
    var usages =
        List.of(
            profile().withUsage(true, KeyPurpose.CODE_SIGNING),
            profile().withUsage(false, KeyPurpose.TIME_STAMPING),
            profile().withUsage(true, KeyPurpose.TIME_STAMPING, KeyPurpose.CODE_SIGNING),
            profile().withUsage(false));
    for (var usage : usages) {
      refuses(serving(issuer(usage)::respond), "key_usage");
    }
    refuses(
        serving(issuer(profile().valid(now.minusSeconds(99), now.minusSeconds(9)))::respond),
        "certificate_validity");
    refuses(serving(issuer(profile().signedByItself())::respond), "certificate_path");
  }

  @Test
  void refusesAnExpiredCertificateWithoutAnchorsToo() {
    var old = issuer(profile().valid(now.minusSeconds(99), now.minusSeconds(9)));
    try (var server = serving(old::respond)) {
      assertThatThrownBy(() -> stamp(server, false, Duration.ofSeconds(10)))
          .hasMessageContaining("certificate_validity");
    }
  }

  @Test
  void asksForAPolicyAndTakesNoOther() {
    var issuer = issuer(profile());
    var wanted = Optional.of("2.999.3161");
    try (var server = serving(issuer::respond)) {
      assertThat(stamp(server, true, wanted, Duration.ofSeconds(10)).time()).isEqualTo(now);
      assertThatThrownBy(() -> stamp(server, true, Optional.of("1.2.3.4"), Duration.ofSeconds(10)))
          .hasMessageContaining("it refused with status 2: The policy is 2.999.3161");
    }
    try (var server = serving(request -> issuer.respond(withoutPolicy(request)))) {
      assertThatThrownBy(() -> stamp(server, true, Optional.of("1.2.3.4"), Duration.ofSeconds(10)))
          .hasMessageContaining("under the policy 2.999.3161, not 1.2.3.4");
    }
  }

  /** What an authority that ignores the wish answers to. */
  private static Bytes withoutPolicy(Bytes request) {
    DerCursor fields = Der.of(request).sequence();
    Bytes version = fields.next().encoded();
    Bytes imprint = fields.next().encoded();
    assertThat(fields.next(Der.OID).oid()).isEqualTo("1.2.3.4");
    return DerWriter.sequence(version, imprint, fields.next().encoded(), fields.next().encoded());
  }

  @Test
  void refusesAnAnswerThatIsCut() {
    var issuer = issuer(profile());
    refuses(
        HttpStub.handling(exchange -> {
          Bytes whole = issuer.respond(Bytes.wrap(exchange.getRequestBody().readAllBytes()));
          exchange.getResponseHeaders().set("Content-Type", REPLY);
          exchange.sendResponseHeaders(200, whole.size());
          exchange.getResponseBody().write(whole.toArray(), 0, whole.size() / 2);
          exchange.getResponseBody().flush();
        }),
        "the connection broke");
    refuses(serving(r -> issuer.respond(r).slice(0, 100)), "cannot be read");
  }

  @Test
  void refusesAWrongClock() {
    for (int seconds : new int[] {301, -301}) {
      var off = TestTsa.of(ca.issue(profile()), InstantSource.fixed(now.plusSeconds(seconds)));
      refuses(serving(off::respond), "clock is off by 301 s");
    }
    var near = TestTsa.of(ca.issue(profile()), InstantSource.fixed(now.plusSeconds(299)));
    try (var server = serving(near::respond)) {
      assertThat(stamp(server, true, Duration.ofSeconds(10)).time())
          .isEqualTo(now.plusSeconds(299));
    }
  }

  @Test
  void refusesATokenThatWasChanged() {
    var issuer = issuer(profile());
    refuses(
        serving(request -> {
          byte[] answer = issuer.respond(request).toArray();
          answer[answer.length - 10] ^= 1;
          return Bytes.wrap(answer);
        }),
        "signature_value");
  }

  @Test
  void refusesATokenWithoutItsCertificate() {
    var issuer = issuer(profile());
    refuses(serving(request -> issuer.respond(unasked(request))), "certificate");
  }

  /** The request without certReq, its last three bytes. */
  private static Bytes unasked(Bytes request) {
    DerCursor fields = Der.of(request).sequence();
    return DerWriter.sequence(
        fields.next().encoded(), fields.next().encoded(), fields.next().encoded());
  }

  @Test
  void refusesAnswersThatAreNoTimeStamps() {
    refuses(serving(_ -> Bytes.utf8("<html>maintenance</html>")), "cannot be read");
    refuses(serving(_ -> Bytes.EMPTY), "cannot be read");
    refuses(serving(_ -> Bytes.wrap(new byte[2 * 1024 * 1024])), "exceeds");
    refuses(HttpStub.answering(r -> new Answer(200, "text/html", r)), "text/html");
    for (int status : new int[] {302, 404, 429, 500, 503}) {
      refuses(HttpStub.answering(r -> new Answer(status, REPLY, r)), "HTTP status " + status);
    }
  }

  @Test
  void tellsWhyAnAuthorityRefused() {
    var strict = issuer(profile());
    Digest unknown = Digest.of(DigestAlgorithm.SHA512, Bytes.utf8("x"));
    refuses(
        serving(r ->
            strict.respond(
                DerWriter.sequence(
                    DerWriter.integer(1),
                    DerWriter.sequence(
                        DerWriter.sequence(DerWriter.oid("1.2.3")),
                        DerWriter.octetString(unknown.value()))))),
        "status 2: The digest algorithm is not accepted");
  }

  @Test
  void givesUpAtItsDeadline() {
    var over = new CountDownLatch(1);
    try (var slow =
        HttpStub.handling(_ -> {
          try {
            var _ = over.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        })) {
      assertThatThrownBy(() -> stamp(slow, true, Duration.ofMillis(200)))
          .isInstanceOf(TimestampException.class)
          .hasMessageContaining("within 200 ms");
      over.countDown();
    }
  }
}
