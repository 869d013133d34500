// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.format.Options;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import java.io.Serial;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a key is given to sign for an imprint: the digest of the signed attributes. */
final class KeyDigests {
  private final SignatureAssembler assembler =
      new SignatureAssembler(CryptoBackend.jdk(new SecureRandom()));
  private final SigningContext context;
  private final Options options;

  KeyDigests(SigningContext context, Map<String, String> options) {
    this.context = context;
    this.options = Options.of(RemoteSigner.FORMAT.descriptor(), options);
  }

  Digest of(Imprint imprint) {
    try {
      var _ =
          assembler.assemble(
              c -> RemoteSigner.FORMAT.toBeSigned(imprint, options, c),
              context,
              new Onlooker(context.chain()),
              new Stamping.None());
    } catch (Seen e) {
      return e.digest;
    }
    throw new AssertionError("No key was used");
  }

  /** A key that only looks. */
  private record Onlooker(CertificateChain chain) implements SigningKey {
    @Override
    public Set<SignatureAlgorithm> algorithms() {
      return Set.of();
    }

    @Override
    public List<Bytes> sign(List<Digest> digests, SignatureAlgorithm algorithm) {
      throw new Seen(digests.getFirst());
    }
  }

  /** Carries what was seen. */
  private static final class Seen extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;
    private final transient Digest digest;

    Seen(Digest digest) {
      this.digest = digest;
    }
  }
}
