// SPDX-License-Identifier: Apache-2.0
/** Signed Android packages; apksig computes digests and blocks (docs/adr/0009). */
@NullMarked
package io.sgcsign.format.apk;

import org.jspecify.annotations.NullMarked;
