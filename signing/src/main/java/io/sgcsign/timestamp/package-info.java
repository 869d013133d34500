// SPDX-License-Identifier: Apache-2.0
/** Time-stamp authorities, of RFC 3161 and of before it: clients, strict checks, a pool. */
@NullMarked
package io.sgcsign.timestamp;

import org.jspecify.annotations.NullMarked;
