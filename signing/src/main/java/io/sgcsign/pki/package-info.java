// SPDX-License-Identifier: Apache-2.0
/** Digests, signature algorithms, certificate chains, trust anchors and path building. */
@NullMarked
package io.sgcsign.pki;

import org.jspecify.annotations.NullMarked;
