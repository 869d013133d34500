// SPDX-License-Identifier: Apache-2.0
/**
 * Windows Installer packages: compound files, what of them is signed and where signatures stand.
 */
@NullMarked
package io.sgcsign.layout.msi;

import org.jspecify.annotations.NullMarked;
