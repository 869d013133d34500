// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

/** An event of a later version: kept, proven and passed on, but not understood. */
public record UnknownEvent(String type, Parts parts) implements Event {}
