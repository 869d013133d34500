// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.ProofException;
import java.time.DateTimeException;

/** Reads events back from their parts. */
public final class EventReader {
  private EventReader() {}

  /**
   * The event of this type. A type of a later version becomes an {@link UnknownEvent}.
   *
   * @throws ProofException if a part is not as this type is written
   */
  public static Event read(String type, Parts parts) {
    try {
      return known(type, parts);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ProofException("Not a " + type + ": " + e.getMessage(), e);
    }
  }

  private static Event known(String type, Parts parts) {
    return switch (type) {
      case ConfigChanged.TYPE -> ConfigChanged.read(parts);
      case KeyCreated.TYPE -> KeyCreated.read(parts);
      case KeyRevoked.TYPE -> KeyRevoked.read(parts);
      case LogCreated.TYPE -> LogCreated.read(parts);
      case LogPruned.TYPE -> LogPruned.read(parts);
      case NodeRecovered.TYPE -> NodeRecovered.read(parts);
      case NodeStarted.TYPE -> NodeStarted.read(parts);
      case NodeStopped.TYPE -> NodeStopped.read(parts);
      case RequestRejected.TYPE -> RequestRejected.read(parts);
      case RequestSubmitted.TYPE -> RequestSubmitted.read(parts);
      case SessionFailed.TYPE -> SessionFailed.read(parts);
      case SessionLogin.TYPE -> SessionLogin.read(parts);
      case SignatureCompleted.TYPE -> SignatureCompleted.read(parts);
      case SignatureDiscarded.TYPE -> SignatureDiscarded.read(parts);
      case SignatureFailed.TYPE -> SignatureFailed.read(parts);
      case SignatureIndeterminate.TYPE -> SignatureIndeterminate.read(parts);
      case SignatureIntended.TYPE -> SignatureIntended.read(parts);
      case UserCreated.TYPE -> UserCreated.read(parts);
      case VerifyPerformed.TYPE -> VerifyPerformed.read(parts);
      default -> new UnknownEvent(type, parts);
    };
  }
}
