// SPDX-License-Identifier: Apache-2.0
/** Finds files by name and pattern, and replaces them whole or not at all. */
@NullMarked
package io.sgcsign.cli.files;

import org.jspecify.annotations.NullMarked;
