// SPDX-License-Identifier: Apache-2.0
/** The records of the HTTP API, shared by server and command line. */
@NullMarked
package io.sgcsign.wire;

import org.jspecify.annotations.NullMarked;
