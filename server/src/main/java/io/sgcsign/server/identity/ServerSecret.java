// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * 32 random bytes in a file beside the database. Keys and tokens are only good with it, so whoever
 * can write the database still cannot make one. Thread-safe.
 */
public final class ServerSecret {
  private static final int LENGTH = 32;

  private final SecretKeySpec key;

  private ServerSecret(byte[] secret) {
    this.key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /** Reads {@code file}; makes it, mode 0600, if it is not there. */
  public static ServerSecret open(Path file, SecureRandom random) throws IOException {
    if (Files.notExists(file)) {
      byte[] fresh = new byte[LENGTH];
      random.nextBytes(fresh);
      create(file, fresh);
    }
    byte[] secret = Files.readAllBytes(file);
    if (secret.length != LENGTH) {
      throw new IOException(file + " has " + secret.length + " bytes, not " + LENGTH);
    }
    return new ServerSecret(secret);
  }

  private static void create(Path file, byte[] secret) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, secret, StandardOpenOption.SYNC);
    } else {
      Files.write(file, secret, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
    }
  }

  /** HMAC-SHA-256 of {@code text}; {@code purpose} keeps uses apart. */
  public Bytes mac(String purpose, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(Bytes.utf8(purpose).toArray());
      mac.update((byte) 0);
      return Bytes.wrap(mac.doFinal(Bytes.utf8(text).toArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK lacks HmacSHA256", e);
    }
  }
}
