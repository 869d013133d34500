// SPDX-License-Identifier: Apache-2.0
/** Health and log. */
@NullMarked
package io.sgcsign.server.ops;

import org.jspecify.annotations.NullMarked;
