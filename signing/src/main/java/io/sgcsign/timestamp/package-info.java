// SPDX-License-Identifier: Apache-2.0
/** RFC 3161 time-stamp authorities: client, strict checks, pool with fail-over. */
@NullMarked
package io.sgcsign.timestamp;

import org.jspecify.annotations.NullMarked;
