// SPDX-License-Identifier: Apache-2.0
/** The one place that uses a signing key: turns a ToBeSigned into a SignatureBlock. */
@NullMarked
package io.sgcsign.assembly;

import org.jspecify.annotations.NullMarked;
