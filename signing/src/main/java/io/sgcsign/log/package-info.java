// SPDX-License-Identifier: Apache-2.0
/**
 * The proofs of a transparency log, computed and checked without the log: RFC 8785 JSON, RFC 6962
 * trees, C2SP notes, checkpoints and receipts. Reads no clock, no file and no network.
 */
@NullMarked
package io.sgcsign.log;

import org.jspecify.annotations.NullMarked;
