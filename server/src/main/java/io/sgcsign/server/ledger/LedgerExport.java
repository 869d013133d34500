// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Checkpoint;
import io.sgcsign.log.VerifierKey;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.stream.Collectors;

/**
 * Writes the log as a tar of C2SP tlog-tiles resources: {@code checkpoint, vkeys, tile/…,
 * tile/entries/…}. It verifies without us; details, secrets and views stay at home.
 */
public final class LedgerExport {
  private final Storage storage;
  private final InstantSource clock;
  private final SecureRandom random;

  public LedgerExport(Storage storage, InstantSource clock, SecureRandom random) {
    this.storage = storage;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Writes everything that is committed, under a fresh checkpoint. Returns how many events.
   *
   * @throws StoreException if the database or the log's key cannot be read
   */
  public long writeTo(OutputStream out) throws IOException {
    Bytes file =
        storage
            .readFile(LedgerStart.KEY_FILE)
            .orElseThrow(() -> new StoreException(LedgerStart.KEY_FILE + " is missing"));
    var keys = LogKeys.parse(file, random);
    try (var store = storage.openForReading()) {
      var tar = new Tar(out, clock.instant());
      var failure = store.read(snapshot -> write(snapshot, keys, tar));
      tar.finish();
      return failure;
    }
  }

  private long write(Snapshot snapshot, LogKeys keys, Tar tar) {
    var head = Head.load(snapshot);
    Checkpoints.last(storage, keys).ifPresent(last -> head.require(last, snapshot));
    long size = head.size();
    String origin = keys.verifiers().getFirst().name();
    var checkpoint = new Checkpoint(origin, size, head.frontier().root());
    tar.add("checkpoint", Bytes.utf8(checkpoint.sign(keys.signers(), clock.instant())));
    tar.add(
        "vkeys",
        Bytes.utf8(
            keys.verifiers().stream()
                .map(VerifierKey::toString)
                .collect(Collectors.joining("\n", "", "\n"))));
    var tiles = new Tiles(snapshot, size);
    for (int level = 0; tiles.width(level, 0) > 0; level++) {
      for (long index = 0; tiles.width(level, index) > 0; index++) {
        String name = TilePath.of(index, tiles.width(level, index));
        tar.add("tile/" + level + "/" + name, Tiles.join(tiles.tile(level, index)));
        if (level == 0) {
          tar.add("tile/entries/" + name, EntryBundle.of(snapshot, tiles, index));
        }
      }
    }
    return size;
  }
}
