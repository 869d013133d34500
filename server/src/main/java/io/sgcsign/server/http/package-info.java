// SPDX-License-Identifier: Apache-2.0
/** The HTTP adapter: parse, call one desk, render an outcome. One class an endpoint. */
@NullMarked
package io.sgcsign.server.http;

import org.jspecify.annotations.NullMarked;
