// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.key.SigningKey;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.timestamp.TimestampAuthority;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A signer over a key in memory, as the server's local one without ledger and policy. */
public final class TestSigner implements Signer {
  private final SignatureFormat format;
  private final Options options;
  private final SigningKey key;
  private final SigningContext context;
  private final SignatureAssembler assembler;
  private final Optional<TimestampAuthority> tsa;
  private final List<Imprint> asked = new ArrayList<>();

  private TestSigner(
      SignatureFormat format,
      Options options,
      SigningKey key,
      SignatureAlgorithm algorithm,
      CryptoBackend backend,
      Optional<TimestampAuthority> tsa) {
    this.format = format;
    this.options = options;
    this.key = key;
    this.assembler = new SignatureAssembler(backend);
    this.tsa = tsa;
    this.context =
        new SigningContext(
            key.chain(),
            algorithm,
            Instant.parse("2026-11-21T12:00:00Z"),
            Bytes.wrap(new byte[32]),
            64 * 1024);
  }

  public static TestSigner of(SignatureFormat format, Options options, Issued issued) {
    return of(format, options, issued, Optional.empty(), Optional.empty());
  }

  /**
   * A signer.
   *
   * @param algorithm empty: what the key prefers
   */
  public static TestSigner of(
      SignatureFormat format,
      Options options,
      Issued issued,
      Optional<SignatureAlgorithm> algorithm,
      Optional<TimestampAuthority> tsa) {
    var backend = CryptoBackend.select(new SecureRandom());
    var key = SoftwareKey.of(issued.chain(), issued.keys().getPrivate(), backend);
    var chosen = algorithm.orElseGet(() -> key.algorithms().iterator().next());
    return new TestSigner(format, options, key, chosen, backend, tsa);
  }

  @Override
  public SigningContext context() {
    return context;
  }

  @Override
  public SignatureBlock sign(Imprint imprint) {
    asked.add(imprint);
    return assembler
        .assemble(
            c -> format.toBeSigned(imprint, options, c),
            context,
            key,
            tsa.<Stamping>map(Stamping.Required::new).orElseGet(Stamping.None::new))
        .block();
  }

  /** Every imprint so far. */
  public List<Imprint> asked() {
    return List.copyOf(asked);
  }
}
