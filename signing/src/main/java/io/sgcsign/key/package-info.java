// SPDX-License-Identifier: Apache-2.0
/** Key providers: named sessions to signing keys. */
@NullMarked
package io.sgcsign.key;

import org.jspecify.annotations.NullMarked;
