// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A key in files. Looks for changed files at most once a second; a changed file that cannot be used
 * leaves the old key in place and says so in {@link #state}.
 */
final class FileKeySession implements KeySession {
  /** How long nobody looks at the files again: a change is noticed this much later. */
  private static final Duration PACE = Duration.ofSeconds(1);

  private final List<KeyFile> files;
  private final Supplier<SigningKey> load;
  private final InstantSource clock;
  private final ReentrantLock reload = new ReentrantLock();
  private volatile Loaded loaded;
  private volatile Instant nextLook;

  private record Loaded(
      List<SigningKey> keys, List<Optional<KeyFile.Stamp>> stamps, SessionState state) {}

  /**
   * Opens the files.
   *
   * @param load reads the key; called again when a file changed
   * @throws KeyException if the key cannot be read now
   */
  FileKeySession(List<KeyFile> files, Supplier<SigningKey> load, InstantSource clock) {
    this.files = List.copyOf(files);
    this.load = load;
    this.clock = clock;
    var stamps = stamps(); // before reading: a change meanwhile is seen at the next look
    this.loaded = new Loaded(List.of(load.get()), stamps, SessionState.READY);
    this.nextLook = clock.instant().plus(PACE);
  }

  @Override
  public List<SigningKey> keys() {
    look();
    return loaded.keys();
  }

  @Override
  public SessionState state() {
    look();
    return loaded.state();
  }

  private void look() {
    Instant now = clock.instant();
    if (now.isBefore(nextLook) || !reload.tryLock()) {
      return; // whoever holds the lock looks for us
    }
    try {
      nextLook = now.plus(PACE);
      var stamps = stamps();
      if (!stamps.equals(loaded.stamps())) {
        loaded = load(stamps);
      }
    } finally {
      reload.unlock();
    }
  }

  private Loaded load(List<Optional<KeyFile.Stamp>> stamps) {
    try {
      return new Loaded(List.of(load.get()), stamps, SessionState.READY);
    } catch (KeyException e) {
      String detail = "The changed key file is not used, the old key is: " + e.getMessage();
      return new Loaded(loaded.keys(), stamps, new SessionState(true, detail));
    }
  }

  private List<Optional<KeyFile.Stamp>> stamps() {
    return files.stream().map(KeyFile::stamp).toList();
  }

  @Override
  public void close() {
    loaded = new Loaded(List.of(), List.of(), new SessionState(false, "The session is closed"));
    nextLook = Instant.MAX;
  }
}
