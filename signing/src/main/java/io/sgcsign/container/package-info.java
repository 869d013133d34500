// SPDX-License-Identifier: Apache-2.0
/** Files in files: archives, cabinets and installer packages opened to see what they hold. */
@NullMarked
package io.sgcsign.container;

import org.jspecify.annotations.NullMarked;
