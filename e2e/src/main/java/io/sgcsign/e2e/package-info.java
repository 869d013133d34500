// SPDX-License-Identifier: Apache-2.0
/** Home of e2e. */
@NullMarked
package io.sgcsign.e2e;

import org.jspecify.annotations.NullMarked;
