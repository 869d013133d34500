// SPDX-License-Identifier: Apache-2.0
/** The databases. The only code that speaks SQL; only Main sees it. */
@NullMarked
package io.sgcsign.server.store;

import org.jspecify.annotations.NullMarked;
