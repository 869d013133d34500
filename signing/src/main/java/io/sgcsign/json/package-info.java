// SPDX-License-Identifier: Apache-2.0
/** JSON text as a small tree that knows where each value stands. Depends on nothing of ours. */
@NullMarked
package io.sgcsign.json;

import org.jspecify.annotations.NullMarked;
