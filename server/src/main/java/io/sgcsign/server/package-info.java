// SPDX-License-Identifier: Apache-2.0
/** Home of server. */
@NullMarked
package io.sgcsign.server;

import org.jspecify.annotations.NullMarked;
