// SPDX-License-Identifier: Apache-2.0
/** Home of cli. */
@NullMarked
package io.sgcsign.cli;

import org.jspecify.annotations.NullMarked;
