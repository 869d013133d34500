// SPDX-License-Identifier: Apache-2.0
/** Compound files (MS-CFB): read with bounds checks, streamed, edited in place by patches. */
@NullMarked
package io.sgcsign.layout.cfb;

import org.jspecify.annotations.NullMarked;
