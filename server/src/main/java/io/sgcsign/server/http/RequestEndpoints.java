// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.log.Receipt;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.view.Page;
import io.sgcsign.server.view.RequestFilter;
import io.sgcsign.server.view.RequestRow;
import io.sgcsign.server.view.RequestsView;
import io.sgcsign.wire.Code;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** {@code /api/v1/requests}: what was signed, and the proof of it. */
final class RequestEndpoints {
  private RequestEndpoints() {}

  static List<Endpoint> all(Ledger ledger) {
    return List.of(
        new Listing(ledger), new One(ledger), new ReceiptOf(ledger), new Checkpoint(ledger));
  }

  private static boolean visible(Exchange exchange, RequestRow row) {
    return exchange.principal() instanceof Principal.User
        || exchange.principal().id().equals(row.by());
  }

  private static RequestRow row(Exchange exchange, Ledger ledger) {
    String id = exchange.parameter("id");
    return ledger
        .read(rows -> RequestsView.find(rows, id))
        .filter(r -> visible(exchange, r))
        .orElseThrow(() -> ProblemException.of(Code.NOT_FOUND, "There is no request " + id));
  }

  private static void write(JsonGenerator json, RequestRow row) {
    json.writeStartObject();
    json.writeStringProperty("request_id", row.id());
    json.writeStringProperty("status", row.status().wireName());
    json.writeStringProperty("by", row.by());
    json.writeStringProperty("submitted_at", row.submittedAt().toString());
    row.finishedAt().ifPresent(t -> json.writeStringProperty("finished_at", t.toString()));
    row.format().ifPresent(v -> json.writeStringProperty("format", v));
    row.provider().ifPresent(v -> json.writeStringProperty("provider", v));
    row.mode().ifPresent(v -> json.writeStringProperty("mode", v));
    row.artifact().ifPresent(v -> json.writeStringProperty("artifact", v.toString()));
    row.signed().ifPresent(v -> json.writeStringProperty("signed", v.toString()));
    row.fileName().ifPresent(v -> json.writeStringProperty("file_name", v));
    row.code().ifPresent(v -> json.writeStringProperty("code", v));
    json.writeObjectPropertyStart("options");
    row.options().forEach(json::writeStringProperty);
    json.writeEndObject();
    unverified(json, row);
    json.writeArrayPropertyStart("asks");
    for (RequestRow.Ask ask : row.asks()) {
      json.writeStartObject();
      json.writeNumberProperty("ordinal", ask.ordinal());
      json.writeNumberProperty("intent", ask.intent());
      ask.end().ifPresent(e -> json.writeNumberProperty("log_index", e));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void unverified(JsonGenerator json, RequestRow row) {
    json.writeObjectPropertyStart("unverified");
    var context = row.context();
    context.description().ifPresent(v -> json.writeStringProperty("description", v));
    context.repository().ifPresent(v -> json.writeStringProperty("repository", v));
    context.commit().ifPresent(v -> json.writeStringProperty("commit", v));
    context.branch().ifPresent(v -> json.writeStringProperty("branch", v));
    context.buildUrl().ifPresent(v -> json.writeStringProperty("build_url", v));
    context.buildId().ifPresent(v -> json.writeStringProperty("build_id", v));
    context.version().ifPresent(v -> json.writeStringProperty("version", v));
    context.labels().forEach((k, v) -> json.writeStringProperty(SignForm.LABEL + k, v));
    json.writeEndObject();
  }

  /** Requests, newest first. */
  private record Listing(Ledger ledger) implements Endpoint {
    @Override
    public Operation operation() {
      var answer =
          Schema.object()
              .required("requests", Schema.items(new Schema.Ref("Request")), "Newest first.")
              .with("cursor", Schema.text(), "Where the next page begins.");
      var filters =
          RequestFilter.FIELDS.stream()
              .map(f -> new Operation.Parameter(f, "Only requests that said this."));
      return Operation.get(
              "/api/v1/requests",
              Access.ANY,
              "requests",
              "Requests: an API key sees its own, an administrator all",
              Operation.json(answer, "A page."))
          .withQuery(
              Stream.concat(Stream.of(Paging.PARAMETERS), filters)
                  .toArray(Operation.Parameter[]::new));
    }

    @Override
    public void handle(Exchange exchange) {
      RequestFilter filter = RequestFilter.ALL;
      for (var entry : exchange.queries().entrySet()) {
        if (RequestFilter.Term.knows(entry.getKey())) {
          filter = filter.and(entry.getKey(), entry.getValue());
        } else if (!List.of("limit", "cursor").contains(entry.getKey())) {
          throw ProblemException.of(
              Code.FIELD_UNKNOWN, "Unknown parameter \"" + entry.getKey() + "\"");
        }
      }
      RequestFilter wanted = filter;
      int limit = Paging.limit(exchange);
      Optional<String> cursor = exchange.query("cursor");
      Page<RequestRow> page = ledger.read(rows -> RequestsView.list(rows, wanted, cursor, limit));
      exchange.answer(
          200,
          json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("requests");
            page.items().stream().filter(r -> visible(exchange, r)).forEach(r -> write(json, r));
            json.writeEndArray();
            page.cursor().ifPresent(c -> json.writeStringProperty("cursor", c));
            json.writeEndObject();
          });
    }
  }

  /** One request. */
  private record One(Ledger ledger) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
              "/api/v1/requests/{id}",
              Access.ANY,
              "request",
              "One request",
              Operation.json(new Schema.Ref("Request"), "The request."))
          .withProblems(Code.NOT_FOUND);
    }

    @Override
    public void handle(Exchange exchange) {
      RequestRow row = row(exchange, ledger);
      exchange.answer(200, json -> write(json, row));
    }
  }

  /** The proof that a request is in the log. */
  private record ReceiptOf(Ledger ledger) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
              "/api/v1/requests/{id}/receipt",
              Access.ANY,
              "receipt",
              "Offline proof of a request's last event (C2SP tlog-proof)",
              new Operation.Answer(
                  200, "text/plain; charset=utf-8", Schema.text(), "A .tlog-proof file."))
          .withProblems(Code.NOT_FOUND);
    }

    @Override
    public void handle(Exchange exchange) {
      RequestRow row = row(exchange, ledger);
      Receipt receipt =
          row.asks().stream()
              .flatMap(a -> a.end().stream())
              .max(Long::compare)
              .flatMap(ledger::receipt)
              .orElseThrow(() ->
                  ProblemException.of(
                      Code.NOT_FOUND, "The request " + row.id() + " has not ended yet"));
      exchange.setHeader(
          "Content-Disposition", "attachment; filename=\"" + row.id() + ".tlog-proof\"");
      exchange.send(200, "text/plain; charset=utf-8", receipt.toBytes().toUtf8());
    }
  }

  /** The signed head of the log. */
  private record Checkpoint(Ledger ledger) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
          "/log/checkpoint",
          Access.ANY,
          "checkpoint",
          "The signed head of the ledger (C2SP tlog-checkpoint)",
          new Operation.Answer(200, "text/plain; charset=utf-8", Schema.text(), "A signed note."));
    }

    @Override
    public void handle(Exchange exchange) {
      exchange.send(200, "text/plain; charset=utf-8", ledger.checkpoint());
    }
  }
}
