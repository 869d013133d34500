// SPDX-License-Identifier: Apache-2.0
/** The file to be signed: random access, overlays and patches. Pure: no clock, no network. */
@NullMarked
package io.sgcsign.artifact;

import org.jspecify.annotations.NullMarked;
