// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Secret;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id password hashes (RFC 9106) as PHC strings. Thread-safe. */
public final class Passwords {
  /** KiB; with {@link #PASSES} and {@link #LANES} OWASP's minimum for Argon2id. */
  private static final int MEMORY = 19_456;

  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int HASH_LENGTH = 32;
  private static final int SALT_LENGTH = 16;

  /** Log-ins hashed at once: more would let a flood of log-ins fill the heap. */
  private static final int AT_ONCE = 2;

  private final SecureRandom random;
  private final Semaphore turns = new Semaphore(AT_ONCE);

  public Passwords(SecureRandom random) {
    this.random = random;
  }

  public String hash(Secret password) {
    byte[] salt = new byte[SALT_LENGTH];
    random.nextBytes(salt);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY,
            PASSES,
            LANES,
            base64.encodeToString(salt),
            base64.encodeToString(argon2(password, salt).toArray()));
  }

  /** Whether {@code password} is the one {@code hash} was made of. */
  public boolean matches(Secret password, String hash) {
    String[] parts = hash.split("\\$", -1);
    if (parts.length != 6 || !parts[3].equals("m=%d,t=%d,p=%d".formatted(MEMORY, PASSES, LANES))) {
      throw new IllegalStateException("A stored password hash has unknown parameters");
    }
    byte[] salt = Base64.getDecoder().decode(parts[4]);
    return argon2(password, salt).equals(Bytes.wrap(Base64.getDecoder().decode(parts[5])));
  }

  private Bytes argon2(Secret password, byte[] salt) {
    byte[] clear = password.revealUtf8();
    turns.acquireUninterruptibly();
    try {
      var generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(MEMORY)
              .withIterations(PASSES)
              .withParallelism(LANES)
              .withSalt(salt)
              .build());
      byte[] out = new byte[HASH_LENGTH];
      generator.generateBytes(clear, out);
      return Bytes.wrap(out);
    } finally {
      turns.release();
      Arrays.fill(clear, (byte) 0);
    }
  }
}
