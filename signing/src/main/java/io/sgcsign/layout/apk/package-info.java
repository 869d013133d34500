// SPDX-License-Identifier: Apache-2.0
/** Android packages: the APK Signing Block before the central directory of the archive. */
@NullMarked
package io.sgcsign.layout.apk;

import org.jspecify.annotations.NullMarked;
