// SPDX-License-Identifier: Apache-2.0
/** Runs external programs as independent judges in tests. */
@NullMarked
package io.sgcsign.tool;

import org.jspecify.annotations.NullMarked;
