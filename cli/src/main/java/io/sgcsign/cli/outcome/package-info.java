// SPDX-License-Identifier: Apache-2.0
/** How a run of the command ends: exit codes and failures in three lines. */
@NullMarked
package io.sgcsign.cli.outcome;

import org.jspecify.annotations.NullMarked;
