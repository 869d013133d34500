// SPDX-License-Identifier: Apache-2.0
/** Home of bench. */
@NullMarked
package io.sgcsign.bench;

import org.jspecify.annotations.NullMarked;
