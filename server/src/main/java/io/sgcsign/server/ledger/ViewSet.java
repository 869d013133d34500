// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.pki.DigestAlgorithm;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All views: folds events into them, folds them anew, and names their content by a hash. */
final class ViewSet {
  /** Where the versions of the folded views are kept. */
  static final String VERSIONS = "_versions";

  private final List<View> views;

  ViewSet(List<View> views) {
    this.views = List.copyOf(views);
  }

  void fold(Recorded recorded, Rows.Mutable rows) {
    views.forEach(view -> view.fold(recorded, rows));
  }

  /** Whether every view's rows were made by the fold it has now. */
  boolean current(Rows rows) {
    return views.stream()
        .allMatch(view ->
            rows.json(VERSIONS, view.name())
                .filter(row -> row.number("version") == view.version())
                .isPresent());
  }

  /** Drops all rows and folds every event again. */
  void rebuild(StoreTransaction transaction, long size) {
    views.forEach(view -> view.tables().forEach(transaction::clear));
    transaction.clear(VERSIONS);
    replay(transaction, size, transaction.rows());
  }

  /** Folds every event into {@code rows}, which are empty. */
  void replay(Snapshot log, long size, Rows.Mutable rows) {
    markCurrent(rows);
    log.events(0, size, event -> fold(Recording.read(event), rows));
  }

  void markCurrent(Rows.Mutable rows) {
    views.forEach(view ->
        rows.put(VERSIONS, view.name(), Json.object().put("version", view.version()).build()));
  }

  /** SHA-256 over the rows of each view, by the view's name. */
  Map<String, String> hashes(Snapshot snapshot) {
    var hashes = new TreeMap<String, String>();
    views.forEach(view -> hashes.put(view.name(), hash(snapshot, view.tables())));
    hashes.put(VERSIONS, hash(snapshot, List.of(VERSIONS)));
    return hashes;
  }

  private static String hash(Snapshot snapshot, List<String> tables) {
    var sha = DigestAlgorithm.SHA256.newMessageDigest();
    for (String table : tables) {
      update(sha, Bytes.utf8(table));
      snapshot.scan(
          table,
          row -> {
            update(sha, Bytes.utf8(row.key()));
            update(sha, row.value());
          });
    }
    return Bytes.wrap(sha.digest()).toHex();
  }

  /** Whether {@code table} belongs to a view of this set. */
  boolean knows(String table) {
    return table.equals(VERSIONS) || views.stream().anyMatch(v -> v.tables().contains(table));
  }

  /** Length first, so that no two lists of rows hash alike. */
  private static void update(MessageDigest sha, Bytes value) {
    sha.update(Bytes.utf8(value.size() + ":").asBuffer());
    sha.update(value.asBuffer());
  }
}
