// SPDX-License-Identifier: Apache-2.0
/** The crypto back end, chosen once and passed as explicit Provider objects. */
@NullMarked
package io.sgcsign.crypto;

import org.jspecify.annotations.NullMarked;
