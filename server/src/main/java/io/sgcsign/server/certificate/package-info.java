// SPDX-License-Identifier: Apache-2.0
/** Certificates for tests and first steps. */
@NullMarked
package io.sgcsign.server.certificate;

import org.jspecify.annotations.NullMarked;
