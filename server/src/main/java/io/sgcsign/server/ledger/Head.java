// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Checkpoint;
import io.sgcsign.log.Frontier;
import io.sgcsign.log.Leaf;
import io.sgcsign.log.MerkleTree;
import java.time.Instant;

/**
 * Where the log ends.
 *
 * @param frontier never changed through this record
 * @param previous the leaf hash of the last event
 * @param time of the last event
 */
record Head(Frontier frontier, Bytes previous, Instant time) {

  /** Reads the head; its frontier must be the one of the stored tree. */
  static Head load(Snapshot snapshot) {
    var frontier = Frontier.parse(snapshot.frontier());
    long size = frontier.size();
    if (size == 0) {
      return new Head(frontier, Leaf.NO_PREVIOUS, Instant.EPOCH);
    }
    var last =
        snapshot
            .event(size - 1)
            .orElseThrow(() -> new StoreException("The last event of the log is missing"));
    if (!MerkleTree.root(size, new Tiles(snapshot, size)).equals(frontier.root())) {
      throw new StoreException("The head of the log does not match its events: verify the ledger");
    }
    return new Head(frontier, last.leafHash(), Leaf.parse(last.body()).time());
  }

  long size() {
    return frontier.size();
  }

  /**
   * The head as the transaction finds it. It must be this one or grow out of it: a log that went
   * back or took another way must never be signed.
   */
  Head follow(Snapshot snapshot) {
    if (snapshot.frontier().equals(frontier.toBytes())) {
      return this;
    }
    var now = load(snapshot);
    requirePrefix(size(), frontier.root(), now, snapshot);
    return now;
  }

  /** Demands that the log once had this checkpoint. */
  void require(Checkpoint checkpoint, Snapshot snapshot) {
    requirePrefix(checkpoint.size(), checkpoint.root(), this, snapshot);
  }

  private static void requirePrefix(long size, Bytes root, Head now, Snapshot snapshot) {
    if (now.size() < size) {
      throw new StoreException(
          "The log went back from %d to %d events: an older copy of the database?"
              .formatted(size, now.size()));
    }
    if (!MerkleTree.root(size, new Tiles(snapshot, now.size())).equals(root)) {
      throw new StoreException(
          "The first " + size + " events of the log are not the same as before");
    }
  }
}
