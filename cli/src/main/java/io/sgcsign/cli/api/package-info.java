// SPDX-License-Identifier: Apache-2.0
/** Speaks HTTP/1.1 with the server: credentials, TLS, proxies, retries. */
@NullMarked
package io.sgcsign.cli.api;

import org.jspecify.annotations.NullMarked;
