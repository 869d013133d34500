// SPDX-License-Identifier: Apache-2.0
/**
 * Appends events durably, chains and proves them. Knows views and the database only as ports; what
 * an event means is not its business.
 */
@NullMarked
package io.sgcsign.server.ledger;

import org.jspecify.annotations.NullMarked;
