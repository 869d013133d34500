// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.tool.Tool;
import io.sgcsign.verify.PathFinder;
import io.sgcsign.verify.TokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TokenIssuerTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  // openssl compares with the clock of the machine
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final TestAuthority ca =
      TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, now, true, null), RANDOM);

  @TempDir Path folder;

  private TokenIssuer issuer(KeyType type) {
    var tsa = ca.issue(LeafProfile.timeStamping("TSA TEST", type, now));
    var backend = CryptoBackend.jdk(RANDOM);
    var key = SoftwareKey.of(tsa.chain(), tsa.keys().getPrivate(), backend);
    return new TokenIssuer(
        new SignatureAssembler(backend),
        key,
        TokenIssuer.Settings.forTests(),
        InstantSource.fixed(now),
        RANDOM);
  }

  private Path file(String name, Bytes content) throws IOException {
    return Files.write(folder.resolve(name), content.toArray());
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"RSA_2048", "EC_P256", "EC_P384"})
  void opensslAcceptsTheAnswerToItsRequest(KeyType type) throws IOException {
    Tool openssl = Tool.require("openssl");
    Path data = file("data", Bytes.utf8("stamp me"));
    Path root = Files.writeString(folder.resolve("root.pem"), ca.rootPem());
    Path query = folder.resolve("q.tsq");
    for (String[] extra : new String[][] {{"-cert"}, {"-cert", "-no_nonce"}}) {
      var arguments = new java.util.ArrayList<Object>(List.of("ts", "-query", "-data", data));
      arguments.addAll(List.of("-sha384", "-out", query));
      arguments.addAll(List.of((Object[]) extra));
      openssl.succeed(arguments.toArray());
      Bytes answer = issuer(type).respond(Bytes.wrap(Files.readAllBytes(query)));
      Path reply = file("r.tsr", answer);
      assertThat(
              openssl.succeed("ts", "-verify", "-queryfile", query, "-in", reply, "-CAfile", root))
          .contains("Verification: OK");
      assertThat(openssl.succeed("ts", "-reply", "-in", reply, "-text"))
          .contains("Granted", "sha384", "Policy OID: 2.999.3161");
    }
  }

  @Test
  void leavesCertificatesOutUnlessTheyAreAskedFor() throws IOException, TSPException {
    Bytes imprint = Digest.sha256(Bytes.utf8("x")).value();
    var issuer = issuer(KeyType.EC_P256);
    var without = new TimeStampResponse(issuer.respond(request(SHA256, imprint)).toArray());
    assertThat(without.getTimeStampToken().getCertificates().getMatches(null)).isEmpty();
    Bytes certReq = DerWriter.element(0x01, Bytes.of((byte) 0xff));
    var with = new TimeStampResponse(issuer.respond(request(SHA256, imprint, certReq)).toArray());
    assertThat(with.getTimeStampToken().getCertificates().getMatches(null)).hasSize(2);
  }

  private static final String SHA1 = "1.3.14.3.2.26";
  private static final String SHA256 = "2.16.840.1.101.3.4.2.1";

  private static Bytes request(String digest, Bytes imprint, Bytes... more) {
    return DerWriter.sequence(
        DerWriter.integer(1),
        DerWriter.sequence(
            DerWriter.sequence(DerWriter.oid(digest)), DerWriter.octetString(imprint)),
        Bytes.concat(more));
  }

  @Test
  void refusesWithTheReasonOfTheStandard() throws IOException, TSPException {
    Bytes sha1 = Bytes.wrap(new byte[20]);
    Bytes sha256 = Bytes.wrap(new byte[32]);
    refuses(request(SHA1, sha1), 0);
    refuses(request("1.2.3.4", sha256), 0);
    refuses(request(SHA256, sha1), 5);
    refuses(Bytes.utf8("GET / HTTP/1.1"), 5);
    refuses(Bytes.wrap(new byte[5000]), 5);
    refuses(request(SHA256, sha256, DerWriter.oid("1.2.3.4")), 15);
    refuses(request(SHA256, sha256, DerWriter.explicit(0, DerWriter.integer(1))), 16);
  }

  private void refuses(Bytes request, int bit) throws IOException, TSPException {
    var answer = new TimeStampResponse(issuer(KeyType.EC_P256).respond(request).toArray());
    assertThat(answer.getStatus()).isEqualTo(2);
    assertThat(answer.getTimeStampToken()).isNull();
    assertThat(answer.getFailInfo().toASN1Primitive().toString())
        .isEqualTo(
            new org.bouncycastle.asn1.cmp.PKIFailureInfo(value(bit)).toASN1Primitive().toString());
    assertThat(answer.getStatusString()).isNotEmpty();
  }

  /** Bit {@code bit} of a BIT STRING as Bouncy Castle's constants have it. */
  private static int value(int bit) {
    return 1 << (8 * (bit / 8) + 7 - bit % 8);
  }

  @Test
  void stampsWithinTheProcessAndOurVerifierAgrees() {
    Digest imprint = Digest.sha256(Bytes.utf8("content"));
    var token = issuer(KeyType.EC_P256).stamp(imprint);
    var paths = PathFinder.to(TrustStore.of(List.of(ca.root())));
    var judged = TokenVerifier.judge(token.der(), _ -> imprint.value(), paths, List.of());
    assertThat(judged.detail()).isEmpty();
    assertThat(judged.valid()).isTrue();
    assertThat(judged.report().orElseThrow().time()).isEqualTo(token.time()).isEqualTo(now);
  }
}
