// SPDX-License-Identifier: Apache-2.0
/** The order of steps of a signing request. */
@NullMarked
package io.sgcsign.server.request;

import org.jspecify.annotations.NullMarked;
