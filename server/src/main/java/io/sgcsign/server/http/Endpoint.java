// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import java.io.IOException;

/** One operation of the API: describes itself and answers. Shared between threads. */
interface Endpoint {
  Operation operation();

  void handle(Exchange exchange) throws IOException;
}
