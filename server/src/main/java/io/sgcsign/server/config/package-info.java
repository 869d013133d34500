// SPDX-License-Identifier: Apache-2.0
/** The configuration file as checked records; every problem is reported at once. */
@NullMarked
package io.sgcsign.server.config;

import org.jspecify.annotations.NullMarked;
