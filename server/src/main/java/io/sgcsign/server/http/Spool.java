// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.wire.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Where uploads are kept while they are worked on: up to 1 MiB in memory, more in a file that goes
 * away with the request. Thread-safe.
 */
public final class Spool {
  /** Bytes of one upload kept in memory; a temporary file costs 3.6 times the throughput. */
  private static final int MEMORY_EACH = 1024 * 1024;

  /** Bytes of all uploads kept in memory. */
  private static final long MEMORY_ALL = 24L * 1024 * 1024;

  /** Uploads of full size the disk is asked to hold at once. */
  private static final int FULL_UPLOADS = 4;

  private static final String SUFFIX = ".upload";

  private final Path folder;
  private final long maxUpload;
  private final Supplier<String> names;
  private final AtomicLong inMemory = new AtomicLong();
  private final AtomicLong onDisk = new AtomicLong();

  /** Opens the folder and removes what a killed server left there. */
  public Spool(Path folder, long maxUpload, Supplier<String> names) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.maxUpload = maxUpload;
    this.names = names;
    try (DirectoryStream<Path> orphans = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path orphan : orphans) {
        Files.delete(orphan);
      }
    }
  }

  /** Reads {@code in} to its end. */
  Upload receive(String fileName, InputStream in) throws IOException {
    MessageDigest digest = DigestAlgorithm.SHA256.newMessageDigest();
    var memory = new ByteArrayOutputStream();
    byte[] buffer = new byte[Artifact.STEP];
    boolean reserved = inMemory.addAndGet(MEMORY_EACH) <= MEMORY_ALL;
    try {
      int n = 0;
      while (reserved && memory.size() <= MEMORY_EACH - buffer.length) {
        n = in.read(buffer);
        if (n < 0) {
          break;
        }
        digest.update(buffer, 0, n);
        memory.write(buffer, 0, n);
      }
      if (n < 0) {
        var artifact = Artifact.of(Bytes.wrap(memory.toByteArray()));
        return new Upload(fileName, artifact, digest(digest), this::freeMemory);
      }
      Upload upload = spill(fileName, memory, in, digest, buffer);
      freeMemory();
      return upload;
    } catch (IOException | RuntimeException e) {
      freeMemory();
      throw e;
    }
  }

  private void freeMemory() {
    inMemory.addAndGet(-MEMORY_EACH);
  }

  private Upload spill(
      String fileName,
      ByteArrayOutputStream head,
      InputStream in,
      MessageDigest digest,
      byte[] buffer)
      throws IOException {
    Path file = folder.resolve(names.get() + SUFFIX);
    var size = new AtomicLong();
    Runnable free = () -> onDisk.addAndGet(-size.get());
    try {
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        grow(size, head.size());
        head.writeTo(out);
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          grow(size, n);
          digest.update(buffer, 0, n);
          out.write(buffer, 0, n);
        }
      }
      return new Upload(fileName, Artifact.openAndDelete(file), digest(digest), free);
    } catch (IOException | RuntimeException e) {
      free.run();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private void grow(AtomicLong size, int n) {
    if (size.addAndGet(n) > maxUpload) {
      onDisk.addAndGet(n);
      throw tooLarge(maxUpload);
    }
    if (onDisk.addAndGet(n) > FULL_UPLOADS * maxUpload) {
      throw ProblemException.of(Code.OVERLOADED, "Too many large uploads are being signed");
    }
  }

  static ProblemException tooLarge(long limit) {
    return ProblemException.of(
        Code.BODY_TOO_LARGE, "The file is larger than " + limit / 1024 / 1024 + " MiB");
  }

  private static Digest digest(MessageDigest digest) {
    return new Digest(DigestAlgorithm.SHA256, Bytes.wrap(digest.digest()));
  }
}
