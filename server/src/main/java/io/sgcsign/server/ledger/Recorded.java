// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.server.ledger.event.Event;
import java.time.Instant;
import java.util.Optional;

/**
 * An event in its place in the log.
 *
 * @param seq the log index, from 0
 * @param request the id of the request it belongs to
 */
public record Recorded(
    long seq, Instant time, String node, String by, Optional<String> request, Event event) {}
