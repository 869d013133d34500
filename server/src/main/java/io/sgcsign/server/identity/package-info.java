// SPDX-License-Identifier: Apache-2.0
/** Who is calling: API keys, administrators, sessions. */
@NullMarked
package io.sgcsign.server.identity;

import org.jspecify.annotations.NullMarked;
