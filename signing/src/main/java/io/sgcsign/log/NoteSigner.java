// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;

/** A private key that signs checkpoints. */
public final class NoteSigner {
  private final VerifierKey verifier;
  private final PrivateKey key;
  private final SecureRandom random;

  public NoteSigner(VerifierKey verifier, PrivateKey key, SecureRandom random) {
    this.verifier = verifier;
    this.key = key;
    this.random = random;
  }

  public VerifierKey verifier() {
    return verifier;
  }

  /** One signature line, without its newline. Ed25519 does not say when, ML-DSA-44 does. */
  String line(Checkpoint checkpoint, Instant time) {
    boolean timed = verifier.type() == VerifierKey.Type.ML_DSA_44;
    long seconds = timed ? time.getEpochSecond() : 0;
    byte[] value = sign(SignedNote.message(verifier, checkpoint.text(), seconds));
    var out = ByteBuffer.allocate(Integer.BYTES + (timed ? Long.BYTES : 0) + value.length);
    out.putInt(verifier.id());
    if (timed) {
      out.putLong(seconds);
    }
    return "\u2014 " + verifier.name() + " " + Bytes.wrap(out.put(value).array()).toBase64();
  }

  private byte[] sign(Bytes message) {
    try {
      var signature = Signature.getInstance(verifier.type().algorithm());
      signature.initSign(key, random);
      signature.update(message.asBuffer());
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The log's key cannot sign", e);
    }
  }
}
