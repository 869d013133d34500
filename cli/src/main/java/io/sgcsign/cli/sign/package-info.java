// SPDX-License-Identifier: Apache-2.0
/** Signs files with a key that is somewhere else. */
@NullMarked
package io.sgcsign.cli.sign;

import org.jspecify.annotations.NullMarked;
