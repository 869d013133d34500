// SPDX-License-Identifier: Apache-2.0
/** Signed JAR files. */
@NullMarked
package io.sgcsign.format.jar;

import org.jspecify.annotations.NullMarked;
