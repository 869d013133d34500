// SPDX-License-Identifier: Apache-2.0
/** Security catalogs: certificate trust lists of file digests in a SignedData. */
@NullMarked
package io.sgcsign.layout.cat;

import org.jspecify.annotations.NullMarked;
