// SPDX-License-Identifier: Apache-2.0
/** Outgoing HTTP with deadlines, size limits and an egress guard. */
@NullMarked
package io.sgcsign.net;

import org.jspecify.annotations.NullMarked;
