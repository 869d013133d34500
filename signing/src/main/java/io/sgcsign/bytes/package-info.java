// SPDX-License-Identifier: Apache-2.0
/** Immutable bytes, wiped secrets, bounds-checked readers. Depends on nothing. */
@NullMarked
package io.sgcsign.bytes;

import org.jspecify.annotations.NullMarked;
