// SPDX-License-Identifier: Apache-2.0
/** One class a projection: folded from events, deleted and rebuilt at will, never appending. */
@NullMarked
package io.sgcsign.server.view;

import org.jspecify.annotations.NullMarked;
