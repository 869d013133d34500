// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import java.util.ArrayList;
import java.util.List;

/** {@code GET /api/v1/openapi.json}. */
final class OpenApiEndpoint implements Endpoint {
  private static final String PATH = "/api/v1/openapi.json";

  private final String document;

  /** Describes {@code others} and itself. */
  OpenApiEndpoint(List<Endpoint> others, String version) {
    var operations = new ArrayList<>(others.stream().map(Endpoint::operation).toList());
    operations.add(describe());
    this.document = OpenApi.document(operations, Schemas.all(), version);
  }

  private static Operation describe() {
    return Operation.get(
        PATH,
        Access.ANY,
        "openapi",
        "This document",
        Operation.json(Schema.object(), "OpenAPI 3.1."));
  }

  @Override
  public Operation operation() {
    return describe();
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.send(200, "application/json", document);
  }
}
