// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.server.ops.Health;
import java.util.List;

/** {@code GET /api/v1/health}, {@code /live} and {@code /ready}. */
final class HealthEndpoints {
  private static final Schema SCHEMA =
      Schema.object()
          .required("status", Schema.text(), "ok or degraded.")
          .with("ready", Schema.flag(), "Whether it signs now.")
          .with("warnings", Schema.items(Schema.text()), "What the operator should know.")
          .with("providers", Schema.object(), "Each provider's state.")
          .with(
              "timestamping",
              Schema.items(Schema.object()),
              "Each time-stamp authority in order: url, protocol, ready, state (closed, open,"
                  + " half_open), failures in a row, detail of the last one, retry_at.");

  private HealthEndpoints() {}

  static List<Endpoint> all(Health health) {
    return List.of(new Live(), new Ready(health), new Summary(health));
  }

  /** The process answers. */
  private static final class Live implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
          "/api/v1/health/live",
          Access.OPEN,
          "health_live",
          "Whether the process answers",
          Operation.json(SCHEMA, "It does."));
    }

    @Override
    public void handle(Exchange exchange) {
      exchange.answer(
          200,
          json -> {
            json.writeStartObject();
            json.writeStringProperty("status", "ok");
            json.writeEndObject();
          });
    }
  }

  /** It signs. */
  private record Ready(Health health) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
          "/api/v1/health/ready",
          Access.ANY,
          "health_ready",
          "Whether the server signs now; 503 if not",
          Operation.json(SCHEMA, "It does."));
    }

    @Override
    public void handle(Exchange exchange) {
      Health.State state = health.state();
      exchange.answer(state.ready() ? 200 : 503, state::write);
    }
  }

  /** Everything, always 200. */
  private record Summary(Health health) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
          "/api/v1/health",
          Access.ANY,
          "health",
          "State of ledger, providers and configuration",
          Operation.json(SCHEMA, "The state."));
    }

    @Override
    public void handle(Exchange exchange) {
      exchange.answer(200, health.state()::write);
    }
  }
}
