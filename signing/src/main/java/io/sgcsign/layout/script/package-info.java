// SPDX-License-Identifier: Apache-2.0
/** Scripts that carry signatures in comments: encodings, signature blocks, digests. */
@NullMarked
package io.sgcsign.layout.script;

import org.jspecify.annotations.NullMarked;
