// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.timestamp.TimeStampToken;
import io.sgcsign.timestamp.TimestampAuthority;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A time-stamp authority (RFC 3161): answers requests with tokens of one key. Stateless but for the
 * key; thread-safe. As a {@link TimestampAuthority} it stamps within the process.
 */
public final class TokenIssuer implements TimestampAuthority {
  /** Bytes. A request has about 60; extensions are refused. */
  private static final int MAX_REQUEST = 4096;

  /** Bits of chance in a serial number: unique without a counter (RFC 3161 §2.4.2 allows 160). */
  private static final int SERIAL_BITS = 128;

  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Bytes VERSION_1 = DerWriter.integer(1);
  private static final Bytes GRANTED = DerWriter.sequence(DerWriter.integer(0));

  private final SignatureAssembler assembler;
  private final SigningKey key;
  private final Settings settings;
  private final InstantSource clock;
  private final SecureRandom random;

  public TokenIssuer(
      SignatureAssembler assembler,
      SigningKey key,
      Settings settings,
      InstantSource clock,
      SecureRandom random) {
    this.assembler = assembler;
    this.key = key;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  /**
   * How tokens are issued.
   *
   * @param policy OID of the policy they are issued under
   * @param accuracy how far the clock may be off, in whole seconds
   * @param digests what may be stamped
   */
  public record Settings(String policy, Duration accuracy, Set<DigestAlgorithm> digests) {
    public Settings {
      digests = Set.copyOf(digests);
    }

    /** For tests and the quickstart: a policy of the arc for examples (X.660 2.999), no SHA-1. */
    public static Settings forTests() {
      return new Settings(
          "2.999.3161",
          Duration.ofSeconds(1),
          Set.of(DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512));
    }
  }

  /** PKIFailureInfo (RFC 3161 §2.4.2): the bits of a refusal. */
  private enum Failure {
    BAD_ALG(0),
    BAD_REQUEST(2),
    BAD_DATA_FORMAT(5),
    UNACCEPTED_POLICY(15),
    UNACCEPTED_EXTENSION(16);

    private final int bit;

    Failure(int bit) {
      this.bit = bit;
    }
  }

  private record Refusal(Failure failure, String reason) {}

  /** TimeStampReq (RFC 3161 §2.4.1). */
  private record Request(
      String digestOid,
      Bytes imprint,
      Optional<String> policy,
      Optional<BigInteger> nonce,
      boolean wantsCertificates,
      boolean extended) {

    static Request parse(Bytes der) {
      if (der.size() > MAX_REQUEST) {
        throw new DerException("The request has more than " + MAX_REQUEST + " bytes");
      }
      DerCursor fields = Der.checked(der).sequence();
      if (!fields.next().integer().equals(BigInteger.ONE)) {
        throw new DerException("The version of the request is unknown");
      }
      DerCursor imprint = fields.next().sequence();
      DerCursor algorithm = imprint.next().sequence();
      String oid = algorithm.next(Der.OID).oid();
      Bytes hashed = imprint.next(Der.OCTET_STRING).octets();
      imprint.end();
      var policy = fields.optional(Der.OID).map(Der::oid);
      var nonce = fields.optional(Der.INTEGER).map(Der::integer);
      boolean certificates = fields.optional(Der.BOOLEAN).map(Der::bool).orElse(false);
      boolean extended = fields.optional(0xa0).isPresent();
      fields.end();
      return new Request(oid, hashed, policy, nonce, certificates, extended);
    }
  }

  /**
   * Answers a request.
   *
   * @param request a TimeStampReq
   * @return a TimeStampResp: a token, or the reason why there is none
   * @throws io.sgcsign.key.KeyException if the key cannot be used
   */
  public Bytes respond(Bytes request) {
    Request asked;
    try {
      asked = Request.parse(request);
    } catch (DerException e) {
      return refused(new Refusal(Failure.BAD_DATA_FORMAT, String.valueOf(e.getMessage())));
    }
    Optional<Refusal> refusal = refusal(asked);
    if (refusal.isPresent()) {
      return refused(refusal.get());
    }
    DigestAlgorithm algorithm = DigestAlgorithm.byOid(asked.digestOid()).orElseThrow();
    Bytes token = issue(new Digest(algorithm, asked.imprint()), asked.nonce(), now());
    return DerWriter.sequence(
        GRANTED, asked.wantsCertificates() ? token : withoutCertificates(token));
  }

  private Optional<Refusal> refusal(Request asked) {
    Optional<DigestAlgorithm> algorithm = DigestAlgorithm.byOid(asked.digestOid());
    if (algorithm.isEmpty() || !settings.digests().contains(algorithm.get())) {
      return refuse(Failure.BAD_ALG, "The digest algorithm is not accepted");
    }
    if (asked.imprint().size() != algorithm.get().length()) {
      return refuse(Failure.BAD_DATA_FORMAT, "The imprint has the wrong length");
    }
    if (asked.policy().isPresent() && !asked.policy().get().equals(settings.policy())) {
      return refuse(Failure.UNACCEPTED_POLICY, "The policy is " + settings.policy());
    }
    if (asked.extended()) {
      return refuse(Failure.UNACCEPTED_EXTENSION, "Extensions are not accepted");
    }
    if (asked.nonce().isPresent() && asked.nonce().get().bitLength() > 8 * 64) {
      return refuse(Failure.BAD_REQUEST, "The nonce is too long");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(Failure failure, String reason) {
    return Optional.of(new Refusal(failure, reason));
  }

  private static Bytes refused(Refusal refusal) {
    int bit = refusal.failure().bit;
    byte[] bits = new byte[2 + bit / 8];
    bits[0] = (byte) (7 - bit % 8); // unused bits of a BIT STRING that ends with a one
    bits[1 + bit / 8] = (byte) (0x80 >>> (bit % 8));
    Bytes text = Bytes.wrap(refusal.reason().getBytes(StandardCharsets.UTF_8));
    Bytes status =
        DerWriter.sequence(
            DerWriter.integer(2), // rejection
            DerWriter.sequence(DerWriter.element(0x0c, text)),
            DerWriter.element(DerWriter.BIT_STRING, Bytes.wrap(bits)));
    return DerWriter.sequence(status);
  }

  @Override
  public TimeStampToken stamp(Digest imprint) {
    Instant time = now();
    return new TimeStampToken(issue(imprint, Optional.empty(), time), time, "in process");
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private Bytes issue(Digest imprint, Optional<BigInteger> nonce, Instant time) {
    SignatureAlgorithm algorithm = key.algorithms().iterator().next();
    var context = new SigningContext(key.chain(), algorithm, time, Bytes.EMPTY, 0);
    var tbs = new ToBeSigned.Token(tstInfo(imprint, nonce, time), algorithm.digest());
    return switch (assembler.assemble(_ -> tbs, context, key, new Stamping.None()).block()) {
      case SignatureBlock.Cms cms -> cms.der();
      case SignatureBlock.Value _, SignatureBlock.Xml _ ->
          throw new IllegalStateException("A token is a CMS structure");
    };
  }

  private Bytes tstInfo(Digest imprint, Optional<BigInteger> nonce, Instant time) {
    Bytes algorithm =
        DerWriter.sequence(DerWriter.oid(imprint.algorithm().oid()), DerWriter.nothing());
    var serial = new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    return DerWriter.sequence(
        VERSION_1,
        DerWriter.oid(settings.policy()),
        DerWriter.sequence(algorithm, DerWriter.octetString(imprint.value())),
        DerWriter.integer(serial),
        DerWriter.element(Der.GENERALIZED_TIME, Bytes.utf8(GENERALIZED_TIME.format(time))),
        DerWriter.sequence(DerWriter.integer(settings.accuracy().toSeconds())),
        nonce.map(DerWriter::integer).orElse(Bytes.EMPTY));
  }

  /** RFC 3161 §2.4.1: without certReq there must be no certificates. They are not signed. */
  private static Bytes withoutCertificates(Bytes token) {
    DerCursor outer = Der.of(token).sequence();
    Bytes type = outer.next().encoded();
    DerCursor signedData = outer.next().only().sequence();
    Bytes kept = Bytes.EMPTY;
    while (signedData.hasNext()) {
      Der field = signedData.next();
      kept = field.is(0xa0) ? kept : Bytes.concat(kept, field.encoded());
    }
    return DerWriter.sequence(type, DerWriter.explicit(0, DerWriter.sequence(kept)));
  }
}
