// SPDX-License-Identifier: Apache-2.0
/** Signature formats: pure functions around a key they never see. */
@NullMarked
package io.sgcsign.format;

import org.jspecify.annotations.NullMarked;
