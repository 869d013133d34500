// SPDX-License-Identifier: Apache-2.0
/** What a format asks to have signed and what comes back. Values only. */
@NullMarked
package io.sgcsign.signature;

import org.jspecify.annotations.NullMarked;
