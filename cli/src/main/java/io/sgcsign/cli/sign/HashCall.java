// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Call;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.sign.HashQueue.Answer;
import io.sgcsign.cli.sign.HashQueue.Ask;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.signature.Imprint;
import io.sgcsign.wire.BlockJson;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.ImprintJson;
import io.sgcsign.wire.Members;
import io.sgcsign.wire.Problem;
import io.sgcsign.wire.WireException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/** {@code POST /api/v1/sign/{format}/hash}. Thread-safe. */
final class HashCall implements Function<List<Ask>, List<Answer>> {
  private final ApiClient api;
  private final Order order;
  private final SignatureFormat format;
  private final Options options;

  HashCall(ApiClient api, Order order, SignatureFormat format, Options options) {
    this.api = api;
    this.order = order;
    this.format = format;
    this.options = options;
  }

  /**
   * One item of a batch.
   *
   * @param ordinal of the ask in its request; later ones carry the request's id
   */
  static Ask item(
      String name, String key, int ordinal, Optional<String> requestId, Imprint imprint) {
    return new Ask(
        key,
        Json.write(json -> {
          json.writeStartObject();
          json.writeStringProperty("name", name);
          json.writeStringProperty("key", key);
          json.writeNumberProperty("ask", ordinal);
          requestId.ifPresent(id -> json.writeStringProperty("request_id", id));
          json.writeName("imprint");
          ImprintJson.write(json, imprint);
          json.writeEndObject();
        }));
  }

  @Override
  public List<Answer> apply(List<Ask> asks) {
    String path = "/api/v1/sign/" + format.descriptor().name() + "/hash";
    JsonValue.Obj reply = api.json(Call.post(path, Json.write(json -> write(json, asks))));
    try {
      List<Members> items = new Members(reply, "").objects("items");
      if (items.size() != asks.size()) {
        throw new WireException(items.size() + " answers to " + asks.size() + " items");
      }
      return items.stream().map(HashCall::answer).toList();
    } catch (WireException e) {
      throw Failure.of(
              ExitCode.UNEXPECTED,
              "The server's answer cannot be understood",
              String.valueOf(e.getMessage()),
              "Update sgcsign and the server to the same version.")
          .exception();
    }
  }

  private void write(JsonGenerator json, List<Ask> asks) {
    json.writeStartObject();
    json.writeStringProperty("provider", order.provider());
    order.tsa().ifPresent(v -> json.writeStringProperty("tsa_url", v));
    order.timestamp().ifPresent(v -> json.writeStringProperty("timestamp", v));
    json.writeObjectPropertyStart("options");
    Order.sent(format, options).forEach(json::writeStringProperty);
    json.writeEndObject();
    json.writeObjectPropertyStart("build");
    order.build().facts().forEach(json::writeStringProperty);
    if (!order.build().labels().isEmpty()) {
      json.writeObjectPropertyStart("labels");
      order.build().labels().forEach(json::writeStringProperty);
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeArrayPropertyStart("items");
    asks.forEach(ask -> json.writeRawValue(ask.json()));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static Answer answer(Members item) {
    Optional<Members> problem = item.optionalObject("problem");
    if (problem.isPresent()) {
      return new Answer.Refused(
          Problem.read(problem.get().object())
              .orElseGet(() ->
                  Problem.of(
                      Code.INTERNAL,
                      "A problem this version does not know: "
                          + problem.get().object().text("detail").orElse(""))));
    }
    if (item.optionalObject("pending").isPresent()) {
      return new Answer.Pending(item.text("request_id"));
    }
    return new Answer.Signed(
        item.text("request_id"),
        BlockJson.read(item.object("block")),
        item.object().integer("log_index"),
        item.texts("warnings"));
  }
}
