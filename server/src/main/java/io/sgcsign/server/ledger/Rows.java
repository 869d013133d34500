// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import java.util.List;
import java.util.Optional;

/**
 * The rows of all views at one moment. Keys are ordered by their UTF-8 bytes; values are small,
 * mostly JSON.
 */
public interface Rows {

  Optional<Bytes> get(String view, String key);

  /** At most {@code limit} rows with {@code from <= key < to}, in this order. */
  List<Row> range(String view, String from, String to, Order order, int limit);

  default Optional<Json.Obj> json(String view, String key) {
    return get(view, key).map(Json::readObject);
  }

  /** A row of a view. */
  record Row(String key, Bytes value) {
    public Json.Obj json() {
      return Json.readObject(value);
    }
  }

  /** By key. */
  enum Order {
    ASCENDING,
    DESCENDING
  }

  /** The rows inside a transaction. Only views write, only while they fold. */
  interface Mutable extends Rows {
    void put(String view, String key, Bytes value);

    default void put(String view, String key, Json.Obj value) {
      put(view, key, value.canonical());
    }

    /** Does nothing if the row is not there. */
    void delete(String view, String key);
  }
}
