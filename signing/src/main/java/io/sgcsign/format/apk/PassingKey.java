// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.DigestAlgorithm;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.security.PrivateKey;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A key that holds nothing: it passes on the bytes to be signed, with the digest asked for. Used by
 * one thread.
 */
final class PassingKey implements PrivateKey {
  @Serial private static final long serialVersionUID = 1;

  private final String algorithm;
  private final transient BiFunction<Bytes, DigestAlgorithm, Bytes> signer;
  private transient @Nullable RuntimeException stopped;

  PassingKey(String algorithm, BiFunction<Bytes, DigestAlgorithm, Bytes> signer) {
    this.algorithm = algorithm;
    this.signer = signer;
  }

  Bytes sign(Bytes data, DigestAlgorithm digest) {
    try {
      return signer.apply(data, digest);
    } catch (RuntimeException e) {
      stopped = e;
      throw e;
    }
  }

  /** Whether it was the signer who threw this, and not apksig. */
  @SuppressWarnings("ReferenceEquality") // this very one
  boolean threw(RuntimeException e) {
    return e == stopped;
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public @Nullable String getFormat() {
    return null; // it cannot be encoded, so no other provider takes it
  }

  @Override
  public byte @Nullable [] getEncoded() {
    return null;
  }

  @Serial
  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException(PassingKey.class.getName());
  }
}
