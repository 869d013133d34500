// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.verify;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.layout.cms.CertificateSet;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.PathBuilder;
import io.sgcsign.pki.PathResult;
import io.sgcsign.pki.PathResult.Trusted;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.signature.ToBeSigned.Attribute;
import io.sgcsign.signature.ToBeSigned.TimestampSlot;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Judges a block that was signed for an imprint, where nobody here has seen the file: reads the
 * finished bytes anew and insists that they are what was to be signed, signed by the leaf of the
 * context, stamped as required, and nothing else. What it learns about a chain it keeps; make one
 * and share it. Thread-safe.
 */
public final class BlockVerifier {
  /** Chains kept; more than a server has keys. */
  private static final int MAX_KEPT = 256;

  private final CryptoBackend backend;
  private final Optional<PathFinder> stampPaths;
  private final Map<CertificateChain, Known> chains = new ConcurrentHashMap<>();

  /**
   * A verifier.
   *
   * @param stampAnchors what authorities must chain to; empty: their tokens need only be sound
   */
  public BlockVerifier(CryptoBackend backend, Optional<TrustStore> stampAnchors) {
    this.backend = backend;
    this.stampPaths = stampAnchors.map(CachedPaths::new);
  }

  /**
   * What is asked of the block besides its content.
   *
   * @param usage key purposes of which the leaf must have one; empty: any
   */
  public record Rules(Set<String> usage, StampRule stamp) {
    public Rules {
      usage = Set.copyOf(usage);
    }
  }

  /** Whether a time stamp has to be there. */
  public enum StampRule {
    FORBIDDEN,
    ALLOWED,
    REQUIRED
  }

  /** How it ended. */
  public sealed interface Result {
    /** It is what it should be. */
    record Good(Optional<StampJudgement> stamp) implements Result {}

    /** It must not be released. */
    record Bad(String reason) implements Result {}
  }

  /** What is learnt once about a chain. */
  private record Known(
      PublicKey key, Bytes issuer, Bytes leaf, Set<Bytes> certificates, Trusted path) {}

  /** Why a block is bad; never leaves this class. */
  private static final class Objection extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1;

    Objection(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * What the block has to be.
   *
   * @param content as it stands in the block; empty: it must not
   * @param typed whether the content type is signed too
   * @param digest of the content
   */
  private record Expected(
      String contentType,
      Optional<Bytes> content,
      boolean typed,
      Digest digest,
      List<Attribute> signedAttributes,
      TimestampSlot slot) {
    static Expected of(ToBeSigned.Cms cms) {
      return new Expected(
          cms.contentType(),
          Optional.of(cms.content()),
          true,
          Digest.of(cms.digest(), cms.digested()),
          cms.signedAttributes(),
          cms.timestampSlot());
    }

    static Expected of(ToBeSigned.DetachedCms cms) {
      return new Expected(
          cms.contentType(),
          Optional.empty(),
          true,
          cms.content(),
          cms.signedAttributes(),
          cms.timestampSlot());
    }

    static Expected of(ToBeSigned.CmsCounter counter) {
      return new Expected(
          Oids.DATA,
          Optional.empty(),
          false,
          counter.countersigned(),
          counter.signedAttributes(),
          counter.timestampSlot());
    }
  }

  public Result verify(
      ToBeSigned expected, SignatureBlock block, SigningContext context, Rules rules) {
    try {
      if (expected instanceof ToBeSigned.Message message) {
        verify(message, block, context, rules);
        return new Result.Good(Optional.empty());
      }
      if (block instanceof SignatureBlock.Cms made) {
        return switch (expected) {
          case ToBeSigned.Cms cms ->
              new Result.Good(verify(Expected.of(cms), made, context, rules));
          case ToBeSigned.DetachedCms cms ->
              new Result.Good(verify(Expected.of(cms), made, context, rules));
          case ToBeSigned.CmsCounter cms ->
              new Result.Good(verify(Expected.of(cms), made, context, rules));
          case ToBeSigned.Message _,
              ToBeSigned.SignedInfo _,
              ToBeSigned.Token _,
              ToBeSigned.Probe _ ->
              new Result.Bad("It is nothing that is released");
        };
      }
      if (expected instanceof ToBeSigned.SignedInfo info
          && block instanceof SignatureBlock.Xml made) {
        return new Result.Good(verify(info, made, context, rules));
      }
      return new Result.Bad("It is no structure of the kind that was to be signed");
    } catch (Objection | ArtifactException e) {
      return new Result.Bad(String.valueOf(e.getMessage()));
    }
  }

  private void verify(
      ToBeSigned.Message expected, SignatureBlock block, SigningContext context, Rules rules) {
    Known chain = known(context.chain(), context.time());
    require(
        !CertificateCheck.usage(context.chain().leaf(), chain.path(), rules.usage()).refuses(),
        "The certificate is not for this use");
    require(rules.stamp() != StampRule.REQUIRED, "Such a signature carries no time stamp");
    if (!(block instanceof SignatureBlock.Value made)) {
      throw new Objection("It is no bare signature value");
    }
    require(
        !made.chain().isEmpty() && made.chain().getFirst().equals(chain.leaf()),
        "Its certificates are not those of the chain");
    var algorithm = new SignatureAlgorithm(context.algorithm().scheme(), expected.digest());
    Digest digest = Digest.of(expected.digest(), expected.bytes());
    require(
        backend.verify(chain.key(), digest, made.value(), algorithm),
        "The signature does not verify under the key of the leaf");
  }

  private Optional<StampJudgement> verify(
      Expected expected, SignatureBlock.Cms block, SigningContext context, Rules rules) {
    Known chain = known(context.chain(), context.time());
    require(
        !CertificateCheck.usage(context.chain().leaf(), chain.path(), rules.usage()).refuses(),
        "The certificate is not for this use");
    CmsStructure cms = CmsStructure.parse(block.der());
    require(cms.contentType().equals(expected.contentType()), "It has another content type");
    require(cms.content().equals(expected.content()), "It has another content");
    require(cms.signers().size() == 1, "It has not one signer");
    SignerInfo signer = cms.signers().getFirst();
    var others = new ArrayList<>(cms.certificates());
    others.removeAll(chain.certificates());
    others.removeAll(ofCounterSigner(expected.slot(), others, signer));
    require(
        cms.certificates().contains(chain.leaf())
            && others.isEmpty()
            && cms.crls().isEmpty()
            && cms.others().isEmpty(),
        "Its certificates are not those of the chain");
    require(
        signer.issuer().equals(chain.issuer())
            && signer.serial().equals(context.chain().leaf().getSerialNumber()),
        "Another certificate signed it");
    var algorithm =
        new SignatureAlgorithm(context.algorithm().scheme(), expected.digest().algorithm());
    require(
        SignatureScheme.of(signer).map(SignatureScheme::algorithm).equals(Optional.of(algorithm))
            && cms.digestAlgorithms().equals(Set.of(expected.digest().algorithm().oid())),
        "It was signed with another algorithm");
    require(signedAttributes(expected, signer), "Other attributes were signed");
    Digest signed = Digest.of(expected.digest().algorithm(), signer.signedAttributesDer());
    require(
        backend.verify(chain.key(), signed, signer.value(), algorithm),
        "The signature does not verify under the key of the leaf");
    return stamp(expected.slot(), cms, signer, rules.stamp());
  }

  private Optional<StampJudgement> verify(
      ToBeSigned.SignedInfo expected,
      SignatureBlock.Xml block,
      SigningContext context,
      Rules rules) {
    Known chain = known(context.chain(), context.time());
    require(
        !CertificateCheck.usage(context.chain().leaf(), chain.path(), rules.usage()).refuses(),
        "The certificate is not for this use");
    var algorithm = new SignatureAlgorithm(context.algorithm().scheme(), expected.digest());
    require(
        backend.verify(
            chain.key(), Digest.of(expected.digest(), expected.octets()), block.value(), algorithm),
        "The signature does not verify under the key of the leaf");
    StampRule rule = expected.stamped() ? rules.stamp() : StampRule.FORBIDDEN;
    if (block.token().isEmpty()) {
      require(rule != StampRule.REQUIRED, "It has no time stamp");
      return Optional.empty();
    }
    require(rule != StampRule.FORBIDDEN, "It has a time stamp, which nobody asked for");
    return Optional.of(stamp(block.token().get(), block.value()));
  }

  private static boolean signedAttributes(Expected expected, SignerInfo signer) {
    var wanted = new ArrayList<>(expected.signedAttributes());
    if (expected.typed()) {
      wanted.add(new Attribute(Oids.CONTENT_TYPE, List.of(DerWriter.oid(expected.contentType()))));
    }
    wanted.add(
        new Attribute(
            Oids.MESSAGE_DIGEST, List.of(DerWriter.octetString(expected.digest().value()))));
    return signer.signedAttributes().size() == wanted.size()
        && signer.signedAttributes().containsAll(wanted);
  }

  /** A counter-signature's certificates stand beside the signer's; of a token they are inside. */
  private static List<Bytes> ofCounterSigner(
      TimestampSlot slot, List<Bytes> certificates, SignerInfo signer) {
    List<Bytes> counters = signer.unsigned(Oids.COUNTER_SIGNATURE);
    if (slot != TimestampSlot.COUNTER_SIGNATURE || counters.size() != 1) {
      return List.of();
    }
    SignerInfo counter = CmsStructure.parseSigner(counters.getFirst());
    return CertificateSet.of(certificates).chainWithoutRoot(counter.issuer(), counter.serial());
  }

  private Optional<StampJudgement> stamp(
      TimestampSlot slot, CmsStructure cms, SignerInfo signer, StampRule rule) {
    List<Attribute> unsigned = signer.unsignedAttributes();
    if (unsigned.isEmpty()) {
      require(rule != StampRule.REQUIRED, "It has no time stamp");
      return Optional.empty();
    }
    require(rule != StampRule.FORBIDDEN, "It has a time stamp, which nobody asked for");
    Attribute only = unsigned.getFirst();
    require(
        unsigned.size() == 1 && only.oid().equals(slot.oid()) && only.values().size() == 1,
        "It has more than a time stamp beside the signature");
    Bytes value = only.values().getFirst();
    return Optional.of(
        slot == TimestampSlot.COUNTER_SIGNATURE
            ? sound(
                CounterSignature.judge(
                    value, signer.value(), stampPaths(), Certificates.decode(cms.certificates())))
            : stamp(value, signer.value()));
  }

  private PathFinder stampPaths() {
    return stampPaths.orElse(PathFinder.to(TrustStore.of(List.of())));
  }

  private StampJudgement stamp(Bytes token, Bytes value) {
    return sound(
        TokenVerifier.judge(token, a -> Digest.of(a, value).value(), stampPaths(), List.of()));
  }

  private StampJudgement sound(StampJudgement judged) {
    boolean good = stampPaths.isPresent() ? judged.valid() : judged.sound();
    require(good, "Its time stamp is no good: " + judged.detail());
    return judged;
  }

  private Known known(CertificateChain chain, Instant time) {
    Known known = chains.get(chain);
    if (known != null && known.path().covers(time)) {
      return known;
    }
    if (chains.size() >= MAX_KEPT) {
      chains.clear();
    }
    Known learnt = learn(chain, time);
    chains.put(chain, learnt);
    return learnt;
  }

  private Known learn(CertificateChain chain, Instant time) {
    X509Certificate leaf = chain.leaf();
    List<X509Certificate> all = chain.certificates();
    PathResult path = PathBuilder.find(leaf, all, TrustStore.of(List.of(all.getLast())), time);
    if (path instanceof PathResult.OutsideValidity outside) {
      throw new Objection(outside.reason());
    }
    if (!(path instanceof Trusted trusted)) {
      throw new Objection("The certificates of the context are no chain");
    }
    try {
      return new Known(
          backend.importKey(leaf.getPublicKey()),
          Bytes.wrap(leaf.getIssuerX500Principal().getEncoded()),
          CertificateChain.der(leaf),
          all.stream().map(CertificateChain::der).collect(Collectors.toCollection(HashSet::new)),
          trusted);
    } catch (GeneralSecurityException e) {
      throw new Objection("The key of the leaf cannot be used: " + e.getMessage());
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Objection(otherwise);
    }
  }
}
