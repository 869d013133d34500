// SPDX-License-Identifier: Apache-2.0
/**
 * ZIP archives (APPNOTE.TXT 6.3.10), read with distrust and changed byte-preservingly: what a patch
 * does not name stays as it is.
 */
@NullMarked
package io.sgcsign.layout.zip;

import org.jspecify.annotations.NullMarked;
