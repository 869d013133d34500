// SPDX-License-Identifier: Apache-2.0
/**
 * Measures the packaged server and command line against their limits on the machine at hand:
 * processor time, medians of interleaved rounds, ratios. {@code bench/run} starts it.
 */
@NullMarked
package io.sgcsign.bench;

import org.jspecify.annotations.NullMarked;
