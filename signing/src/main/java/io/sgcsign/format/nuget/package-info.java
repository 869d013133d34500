// SPDX-License-Identifier: Apache-2.0
/** NuGet package signatures. */
@NullMarked
package io.sgcsign.format.nuget;

import org.jspecify.annotations.NullMarked;
