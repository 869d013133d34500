// SPDX-License-Identifier: Apache-2.0
/** Cabinet files (MS-CAB) and where they keep a signature. */
@NullMarked
package io.sgcsign.layout.cab;

import org.jspecify.annotations.NullMarked;
