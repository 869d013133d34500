// SPDX-License-Identifier: Apache-2.0
/** Judges signatures with what it is given: no clock, no network. */
@NullMarked
package io.sgcsign.verify;

import org.jspecify.annotations.NullMarked;
