// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.assembly.BoundedKey;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Options;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.server.policy.Decision;
import io.sgcsign.server.policy.PolicyEngine;
import io.sgcsign.server.policy.Question;
import io.sgcsign.server.policy.StampPlan;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.timestamp.StampProtocol;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;

/** Clears orders: finds the key, asks the policy, makes the context. Uses no key. Thread-safe. */
public final class FrontDesk {
  /** What PAdES-like formats reserve for a time-stamp token. */
  private static final int TOKEN_ROOM = 16 * 1024;

  private static final int SEED = 32;

  private final KeyRing keys;
  private final PolicyEngine policy;
  private final BiFunction<StampProtocol, Optional<URI>, TimestampAuthority> authorities;
  private final Semaphore turns;
  private final InstantSource clock;
  private final SecureRandom random;

  /**
   * @param authorities the pool of the configured ones of a protocol, or the one that is named
   * @param turns bounds the use of the processor by keys
   */
  public FrontDesk(
      KeyRing keys,
      PolicyEngine policy,
      BiFunction<StampProtocol, Optional<URI>, TimestampAuthority> authorities,
      Semaphore turns,
      InstantSource clock,
      SecureRandom random) {
    this.keys = keys;
    this.policy = policy;
    this.authorities = authorities;
    this.turns = turns;
    this.clock = clock;
    this.random = random;
  }

  /**
   * The context an order would be signed in; what pre-hash clients need before they hash. Whether
   * and how it is stamped is asked when something is to be signed.
   */
  public SigningContext context(SignOrder order) {
    KeyRing.Slot slot = slot(order);
    SigningKey key = key(order, slot);
    Instant now = clock.instant();
    policy
        .objection(question(order, slot, key, false), now)
        .ifPresent(problem -> {
          throw new Refusal(problem);
        });
    return context(key, order, now);
  }

  /** Clears {@code order} or throws {@link Refusal}. */
  Clearance clear(SignOrder order, boolean contentSeen) {
    KeyRing.Slot slot = slot(order);
    SigningKey key = key(order, slot);
    Instant now = clock.instant();
    return switch (policy.decide(question(order, slot, key, contentSeen), now)) {
      case Decision.Deny(Problem problem) -> throw new Refusal(problem);
      case Decision.Permit(StampPlan plan) ->
          new Clearance(
              new BoundedKey(key, turns),
              context(key, order, now),
              stamping(plan),
              warnings(key.chain(), plan));
    };
  }

  private static SigningKey key(SignOrder order, KeyRing.Slot slot) {
    return slot.key()
        .orElseThrow(() ->
            new Refusal(
                Problem.of(
                        Code.PROVIDER_UNAVAILABLE,
                        "The provider "
                            + order.provider()
                            + " is not available: "
                            + slot.state().detail())
                    .retryAfter(5)));
  }

  private static Question question(
      SignOrder order, KeyRing.Slot slot, SigningKey key, boolean contentSeen) {
    return new Question(
        order.by(),
        slot.config(),
        order.format().descriptor(),
        contentSeen,
        order.hashes(),
        order.stamp(),
        order.protocol(),
        order.tsa(),
        key.chain().leaf());
  }

  private KeyRing.Slot slot(SignOrder order) {
    return keys.slot(order.provider())
        .filter(s -> order.by().mayUse(order.provider()))
        .orElseThrow(() ->
            Refusal.of(
                Code.PROVIDER_UNKNOWN,
                "There is no provider \"" + order.provider() + "\" for this key"));
  }

  private SigningContext context(SigningKey key, SignOrder order, Instant now) {
    byte[] seed = new byte[SEED];
    random.nextBytes(seed);
    int chain =
        key.chain().certificates().stream().mapToInt(c -> CertificateChain.der(c).size()).sum();
    return new SigningContext(
        key.chain(), algorithm(key, order), now, Bytes.wrap(seed), chain + TOKEN_ROOM);
  }

  private static SignatureAlgorithm algorithm(SigningKey key, SignOrder order) {
    DigestAlgorithm digest = order.hashes().stream().findFirst().orElse(DigestAlgorithm.SHA256);
    boolean pss = order.options().text(Options.RSA_PADDING).filter("pss"::equals).isPresent();
    return key.algorithms().stream()
        .filter(a -> a.digest() == digest)
        .filter(a -> (a.scheme() == SignatureAlgorithm.Scheme.RSA_PSS) == pss)
        .findFirst()
        .orElseThrow(() ->
            Refusal.of(
                Code.OPTION_INVALID,
                "The key of "
                    + order.provider()
                    + " cannot sign "
                    + digest.wireName()
                    + (pss ? " with RSA-PSS" : "")));
  }

  private Stamping stamping(StampPlan plan) {
    return switch (plan) {
      case StampPlan.None _ -> new Stamping.None();
      case StampPlan.Stamp(Optional<URI> url, boolean required) ->
          stamping(authorities.apply(StampProtocol.RFC3161, url), required, false);
      case StampPlan.CounterSign(Optional<URI> url, boolean required, boolean allowSha1) ->
          stamping(authorities.apply(StampProtocol.AUTHENTICODE, url), required, allowSha1);
    };
  }

  private static Stamping stamping(
      TimestampAuthority authority, boolean required, boolean allowSha1) {
    return required
        ? new Stamping.Required(authority, allowSha1)
        : new Stamping.IfPossible(authority, allowSha1);
  }

  private static List<String> warnings(CertificateChain chain, StampPlan plan) {
    var warnings = new ArrayList<String>();
    if (plan instanceof StampPlan.None) {
      warnings.add(
          "no time stamp: the signature is good until its certificate expires on "
              + chain.leaf().getNotAfter().toInstant());
    }
    return warnings;
  }
}
