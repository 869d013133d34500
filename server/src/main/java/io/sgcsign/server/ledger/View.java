// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import java.util.List;

/**
 * A projection of the log: a pure function of the events, kept as rows. Dropped and folded again
 * from the first event it comes out the same, so it reads no clock and no chance.
 */
public interface View {

  /** Names it in reports. */
  String name();

  /** Changes when {@link #fold} does; the rows of another version are folded anew at start. */
  int version();

  /** The names of its rows; no other view uses them. */
  List<String> tables();

  /** Takes in one event, in the transaction that appends it. */
  void fold(Recorded recorded, Rows.Mutable rows);
}
