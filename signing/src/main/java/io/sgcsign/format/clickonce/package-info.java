// SPDX-License-Identifier: Apache-2.0
/** ClickOnce and VSTO manifests, alone and as a publish folder. */
@NullMarked
package io.sgcsign.format.clickonce;

import org.jspecify.annotations.NullMarked;
