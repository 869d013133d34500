// SPDX-License-Identifier: Apache-2.0
/** Visual Studio extensions: Open Packaging digital signatures. */
@NullMarked
package io.sgcsign.format.vsix;

import org.jspecify.annotations.NullMarked;
