// SPDX-License-Identifier: Apache-2.0
/**
 * MSIX and APPX packages and bundles (Open Packaging Conventions with a block map): what they say
 * about themselves and what of them is signed.
 */
@NullMarked
package io.sgcsign.layout.appx;

import org.jspecify.annotations.NullMarked;
