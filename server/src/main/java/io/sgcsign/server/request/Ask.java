// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.server.ledger.event.IdempotencyClaim;
import io.sgcsign.signature.Imprint;
import java.util.Optional;

/**
 * One use of the key that is wanted.
 *
 * @param requestId the request it belongs to
 * @param name the file's name, for people
 * @param ordinal from 0
 * @param opens it is the first ask of a new request
 * @param contentSeen the server has the file itself
 */
record Ask(
    String requestId,
    String name,
    int ordinal,
    boolean opens,
    Imprint imprint,
    boolean contentSeen,
    Optional<IdempotencyClaim> claim) {}
