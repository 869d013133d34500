// SPDX-License-Identifier: Apache-2.0
/**
 * The closed set of things that happen. Each record knows which of its fields are public, which are
 * state and which are personal, and how to read itself back.
 */
@NullMarked
package io.sgcsign.server.ledger.event;

import org.jspecify.annotations.NullMarked;
