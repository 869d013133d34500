// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.wire.Code;
import java.util.Locale;

/** {@code GET /errors/{code}}: the page a problem's {@code type} names. */
final class ErrorPageEndpoint implements Endpoint {
  @Override
  public Operation operation() {
    return Operation.get(
            "/errors/{code}",
            Access.ANY,
            "error_page",
            "What a problem code means",
            new Operation.Answer(
                200, "text/markdown; charset=utf-8", Schema.text(), "The page of the code."))
        .withProblems(Code.NOT_FOUND);
  }

  @Override
  public void handle(Exchange exchange) {
    String name = exchange.parameter("code").toUpperCase(Locale.ROOT);
    Code code =
        Code.byWireName(name)
            .orElseThrow(() -> ProblemException.of(Code.NOT_FOUND, "There is no code " + name));
    exchange.send(200, "text/markdown; charset=utf-8", code.page());
  }
}
