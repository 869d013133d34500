// SPDX-License-Identifier: Apache-2.0
/** Home of longterm. */
@NullMarked
package io.sgcsign.longterm;

import org.jspecify.annotations.NullMarked;
