// SPDX-License-Identifier: Apache-2.0
/** The Portable Executable file layout (Microsoft PE/COFF specification). */
@NullMarked
package io.sgcsign.layout.pe;

import org.jspecify.annotations.NullMarked;
