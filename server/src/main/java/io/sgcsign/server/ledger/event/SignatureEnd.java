// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import java.util.List;

/** How intents end. After a key use there is exactly one end for every intent. */
public sealed interface SignatureEnd extends Event
    permits SignatureCompleted, SignatureDiscarded, SignatureFailed, SignatureIndeterminate {

  /** The intents this closes, by seq. */
  List<Long> intents();
}
