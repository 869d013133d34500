// SPDX-License-Identifier: Apache-2.0
/** What is turned away before anybody asks who it is. */
@NullMarked
package io.sgcsign.server.guard;

import org.jspecify.annotations.NullMarked;
