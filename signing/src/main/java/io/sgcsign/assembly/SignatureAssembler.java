// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.KeyException;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.timestamp.TimeStampToken;
import io.sgcsign.timestamp.TimestampAuthority;
import io.sgcsign.timestamp.TimestampException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Turns what is to be signed into a signature block: the only caller of {@link SigningKey#sign}.
 * Checks every signature against the leaf before it is used, unless its caller does. Thread-safe;
 * make one and share it.
 */
public final class SignatureAssembler {
  /** Chains whose encoding is kept; more than a server has providers and their predecessors. */
  private static final int KEPT_CHAINS = 256;

  private static final Bytes PROBE = Bytes.utf8("sgcsign provider self-test\0");

  private final CryptoBackend backend;
  private final boolean verifiedLater;
  private final Map<CertificateChain, ChainEncoding> encodings = new ConcurrentHashMap<>();

  public SignatureAssembler(CryptoBackend backend) {
    this(backend, false);
  }

  private SignatureAssembler(CryptoBackend backend, boolean verifiedLater) {
    this.backend = backend;
    this.verifiedLater = verifiedLater;
  }

  /**
   * For a caller that verifies every CMS structure from its bytes before it releases it: checking
   * an unstamped one here as well would cost three times what a P-256 signature does. What is to be
   * stamped, tokens and probes are checked all the same.
   */
  public static SignatureAssembler verifiedLater(CryptoBackend backend) {
    return new SignatureAssembler(backend, true);
  }

  /**
   * Signs once.
   *
   * @param tbs builds the structure for a context
   * @param context made for {@code key}
   * @param stamping of the signature value
   * @throws KeyException if the key cannot be used or gave a wrong signature
   * @throws io.sgcsign.timestamp.TimestampException if a stamp is wanted and none could be had
   */
  public Assembled assemble(
      Function<SigningContext, ToBeSigned> tbs,
      SigningContext context,
      SigningKey key,
      Stamping stamping) {
    if (!key.chain().leaf().equals(context.chain().leaf())) {
      throw new IllegalArgumentException("The context was made for another certificate");
    }
    ChainEncoding chain = encoding(context.chain());
    SignatureAlgorithm.Scheme scheme = context.algorithm().scheme();
    return switch (tbs.apply(context)) {
      case ToBeSigned.Cms cms -> cms(CmsBuilder.of(cms), key, scheme, chain, stamping);
      case ToBeSigned.CmsCounter cms -> cms(CmsBuilder.of(cms), key, scheme, chain, stamping);
      case ToBeSigned.DetachedCms cms -> cms(CmsBuilder.of(cms), key, scheme, chain, stamping);
      case ToBeSigned.SignedInfo info -> {
        SignedInfoCheck.insist(info, scheme);
        Bytes value = sign(Digest.of(info.digest(), info.octets()), scheme, key, chain);
        Optional<TimeStampToken> token = info.stamped() ? stamp(value, stamping) : Optional.empty();
        var block = new SignatureBlock.Xml(value, token.map(TimeStampToken::der));
        yield new Assembled(block, token, info.stamped());
      }
      case ToBeSigned.Token token -> {
        var builder = CmsBuilder.of(token, chain);
        Bytes value = sign(builder.digest(), scheme, key, chain);
        yield unstamped(new SignatureBlock.Cms(builder.build(value, scheme, chain, List.of())));
      }
      case ToBeSigned.Message message -> {
        Digest digest = Digest.of(message.digest(), message.bytes());
        yield unstamped(new SignatureBlock.Value(sign(digest, scheme, key, chain), chain.der()));
      }
      case ToBeSigned.Probe probe -> {
        Digest digest = Digest.of(probe.digest(), Bytes.concat(PROBE, probe.nonce()));
        Bytes value = sign(digest, scheme, key, chain);
        yield unstamped(new SignatureBlock.Value(value, chain.der()));
      }
    };
  }

  private Assembled cms(
      CmsBuilder builder,
      SigningKey key,
      SignatureAlgorithm.Scheme scheme,
      ChainEncoding chain,
      Stamping stamping) {
    Bytes value =
        verifiedLater && stamping instanceof Stamping.None
            ? value(builder.digest(), scheme, key)
            : sign(builder.digest(), scheme, key, chain);
    return stamped(builder, value, scheme, chain, stamping);
  }

  private ChainEncoding encoding(CertificateChain chain) {
    ChainEncoding known = encodings.get(chain);
    if (known != null) {
      return known;
    }
    if (encodings.size() >= KEPT_CHAINS) {
      encodings.clear();
    }
    var made = ChainEncoding.of(chain, backend);
    encodings.put(chain, made);
    return made;
  }

  private Bytes sign(
      Digest digest, SignatureAlgorithm.Scheme scheme, SigningKey key, ChainEncoding chain) {
    Bytes value = value(digest, scheme, key);
    var algorithm = new SignatureAlgorithm(scheme, digest.algorithm());
    if (!backend.verify(chain.publicKey(), digest, value, algorithm)) {
      throw new KeyException(
          "The key gave a signature that its own certificate does not verify",
          "Check that key and certificate belong together; if they do, the key service is faulty.");
    }
    return value;
  }

  private static Bytes value(Digest digest, SignatureAlgorithm.Scheme scheme, SigningKey key) {
    var algorithm = new SignatureAlgorithm(scheme, digest.algorithm());
    List<Bytes> values = key.sign(List.of(digest), algorithm);
    if (values.size() != 1) {
      throw new KeyException(
          "The key gave " + values.size() + " signatures for one digest",
          "The key service is faulty.");
    }
    return values.getFirst();
  }

  private static Assembled stamped(
      CmsBuilder builder,
      Bytes value,
      SignatureAlgorithm.Scheme scheme,
      ChainEncoding chain,
      Stamping stamping) {
    ToBeSigned.TimestampSlot slot = builder.slot();
    boolean stampable = slot != ToBeSigned.TimestampSlot.NONE;
    if (slot == ToBeSigned.TimestampSlot.COUNTER_SIGNATURE) {
      Optional<TimeStampToken> counter = counterSign(value, stamping);
      Bytes bare = builder.build(value, scheme, chain, List.of());
      Bytes der = counter.map(c -> CounterStamp.in(bare, c.der())).orElse(bare);
      return new Assembled(new SignatureBlock.Cms(der), counter, stampable);
    }
    Optional<TimeStampToken> token = stampable ? stamp(value, stamping) : Optional.empty();
    var attributes =
        token.stream().map(t -> new ToBeSigned.Attribute(slot.oid(), List.of(t.der()))).toList();
    return new Assembled(
        new SignatureBlock.Cms(builder.build(value, scheme, chain, attributes)), token, stampable);
  }

  /** SHA-256 whatever the signature's digest is: nobody should stamp SHA-1 any more. */
  private static Optional<TimeStampToken> stamp(Bytes value, Stamping stamping) {
    Digest imprint = Digest.of(DigestAlgorithm.SHA256, value);
    return stamped(stamping, (authority, _) -> authority.stamp(imprint));
  }

  private static Optional<TimeStampToken> counterSign(Bytes value, Stamping stamping) {
    return stamped(stamping, (authority, allowSha1) -> authority.counterSign(value, allowSha1));
  }

  private static Optional<TimeStampToken> stamped(
      Stamping stamping, BiFunction<TimestampAuthority, Boolean, TimeStampToken> ask) {
    return switch (stamping) {
      case Stamping.None _ -> Optional.empty();
      case Stamping.Required(TimestampAuthority authority, boolean allowSha1) ->
          Optional.of(ask.apply(authority, allowSha1));
      case Stamping.IfPossible(TimestampAuthority authority, boolean allowSha1) -> {
        try {
          yield Optional.of(ask.apply(authority, allowSha1));
        } catch (TimestampException _) {
          yield Optional.empty(); // the caller sees that there is no token and says so
        }
      }
    };
  }

  private static Assembled unstamped(SignatureBlock block) {
    return new Assembled(block, Optional.empty(), false);
  }
}
