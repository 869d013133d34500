// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

/** Something that happened. A new kind is a new record here and one line in {@link EventReader}. */
public sealed interface Event
    permits ConfigChanged,
        KeyCreated,
        KeyRevoked,
        LogCreated,
        LogPruned,
        NodeRecovered,
        NodeStarted,
        NodeStopped,
        RequestRejected,
        RequestSubmitted,
        SessionFailed,
        SessionLogin,
        SignatureEnd,
        SignatureIntended,
        UnknownEvent,
        UserCreated,
        VerifyPerformed {

  /** For example {@code signature.intended}. */
  String type();

  /** The fields, sorted by how long they live. */
  Parts parts();
}
