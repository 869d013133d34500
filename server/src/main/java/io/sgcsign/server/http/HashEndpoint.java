// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.format.SignatureFormat;
import io.sgcsign.server.config.Suggestion;
import io.sgcsign.server.request.HashDesk;
import io.sgcsign.server.request.HashItem;
import io.sgcsign.server.request.Outcome;
import io.sgcsign.server.request.SignOrder;
import io.sgcsign.wire.BlockJson;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.ContextJson;
import io.sgcsign.wire.ImprintJson;
import io.sgcsign.wire.Members;
import io.sgcsign.wire.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** {@code POST /api/v1/sign/{format}/hash}: imprints come, signature blocks go. */
final class HashEndpoint implements Endpoint {
  /** Items of one batch. */
  private static final int MAX_ITEMS = 1000;

  /** Bytes of one batch: page hashes of large files are most of it. */
  private static final int MAX_BODY = 16 * 1024 * 1024;

  private static final List<String> MEMBERS =
      List.of("provider", "project", "policy", "tsa_url", "timestamp", "options", "build", "items");
  private static final List<String> ITEM = List.of("name", "key", "ask", "request_id", "imprint");

  private final SignatureFormat format;
  private final HashDesk desk;

  HashEndpoint(SignatureFormat format, HashDesk desk) {
    this.format = format;
    this.desk = desk;
  }

  @Override
  public Operation operation() {
    var item =
        Schema.object()
            .required("name", Schema.text(), "The file's name.")
            .with("key", Schema.text(), "Idempotency key of this item.")
            .with("ask", Schema.integer(), "Ordinal of this use of the key, from 0.")
            .with("request_id", Schema.text(), "The request a later ask belongs to.")
            .required("imprint", new Schema.Ref("Imprint"), "What is to be signed.");
    var body =
        Schema.object()
            .required("provider", Schema.text(), "The provider whose key signs.")
            .with("tsa_url", Schema.text(), "Time-stamp authority to ask.")
            .with(
                "timestamp",
                Schema.choice(List.of("none", "optional", "required"), ""),
                "Whether a time stamp is needed.")
            .with("options", SignForm.schema(format), "The format's options.")
            .with("build", Schema.object(), "Facts about the build; recorded as unverified.")
            .required("items", Schema.items(item), "1 to 1000 imprints.");
    var answered =
        Schema.object()
            .required("name", Schema.text(), "The file's name.")
            .required("request_id", Schema.text(), "The request.")
            .with("block", new Schema.Ref("SignatureBlock"), "The signature.")
            .with("log_index", Schema.integer(), "Index in the ledger.")
            .with("warnings", Schema.items(Schema.text()), "For people.")
            .with("problem", new Schema.Ref("Problem"), "Why there is no signature.");
    var answer =
        Schema.object()
            .required("items", Schema.items(answered), "One for every imprint, in order.")
            .required("context", new Schema.Ref("SigningContext"), "What it was made with.");
    return Operation.post(
            "/api/v1/sign/" + format.descriptor().name() + "/hash",
            Access.KEY,
            "sign_hash_" + format.descriptor().name(),
            "Sign imprints; the files stay with the caller",
            new Operation.Body("application/json", body),
            Operation.json(answer, "Each item's signature or problem."))
        .withProblems(
            Code.FIELD_UNKNOWN,
            Code.FIELD_MISSING,
            Code.FIELD_INVALID,
            Code.OPTION_INVALID,
            Code.BODY_TOO_LARGE,
            Code.MEDIA_TYPE_UNSUPPORTED,
            Code.PROVIDER_UNKNOWN,
            Code.HASH_NOT_ALLOWED,
            Code.FORMAT_NOT_ALLOWED,
            Code.SHA1_NOT_ALLOWED,
            Code.TIMESTAMP_REQUIRED,
            Code.TSA_NOT_ALLOWED,
            Code.CERTIFICATE_UNFIT,
            Code.PROVIDER_UNAVAILABLE,
            Code.LEDGER_UNAVAILABLE);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    var body = new Members(exchange.json(MAX_BODY), "");
    List<HashItem> items;
    SignOrder order;
    try {
      body.onlyKnown(MEMBERS);
      order = SignForm.order(exchange, format, fields(body), "");
      items = items(body, exchange.requestId());
    } catch (WireException e) {
      throw ProblemException.of(Code.FIELD_INVALID, String.valueOf(e.getMessage()));
    }
    HashDesk.Answer answer = desk.sign(order, items);
    exchange.answer(200, json -> write(json, items, answer));
  }

  private Map<String, String> fields(Members body) {
    Map<String, String> fields = new HashMap<>();
    List<String> known = SignForm.names(format);
    for (String part : List.of("options", "build")) {
      body.optionalObject(part)
          .ifPresent(o ->
              o.object()
                  .members()
                  .keySet()
                  .forEach(name -> {
                    if (name.equals("labels")) {
                      o.textMap(name).forEach((k, v) -> fields.put(SignForm.LABEL + k, v));
                    } else if (!known.contains(name)) {
                      throw ProblemException.of(
                          Code.FIELD_UNKNOWN,
                          "Unknown field " + o.pointer() + "/" + name,
                          Suggestion.hint(name, known));
                    } else {
                      fields.put(name, o.text(name));
                    }
                  }));
    }
    for (String name : List.of("provider", "project", "policy", "tsa_url", "timestamp")) {
      body.optionalText(name).ifPresent(v -> fields.put(name, v));
    }
    return fields;
  }

  private static List<HashItem> items(Members body, String requestId) {
    List<Members> given = body.objects("items");
    if (given.isEmpty() || given.size() > MAX_ITEMS) {
      throw body.wrong("items", "1 to " + MAX_ITEMS + " items");
    }
    var items = new ArrayList<HashItem>();
    for (int i = 0; i < given.size(); i++) {
      Members item = given.get(i);
      item.onlyKnown(ITEM);
      int ask = item.object().integer("ask").orElse(0L).intValue();
      Optional<String> continued = item.optionalText("request_id");
      if (ask < 0 || (ask > 0) != continued.isPresent()) {
        throw item.wrong("ask", "0, or more together with request_id");
      }
      items.add(
          new HashItem(
              continued.orElse(given.size() == 1 ? requestId : requestId + "." + i),
              item.text("name"),
              item.optionalText("key").map(SignForm::idempotencyKey),
              ask,
              ImprintJson.read(item.object("imprint"))));
    }
    return items;
  }

  private static void write(JsonGenerator json, List<HashItem> items, HashDesk.Answer answer) {
    json.writeStartObject();
    json.writeArrayPropertyStart("items");
    for (int i = 0; i < items.size(); i++) {
      json.writeStartObject();
      json.writeStringProperty("name", items.get(i).name());
      outcome(json, answer.outcomes().get(i));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeName("context");
    ContextJson.write(json, answer.context());
    json.writeEndObject();
  }

  private static void outcome(JsonGenerator json, Outcome outcome) {
    switch (outcome) {
      case Outcome.Block block -> {
        json.writeStringProperty("request_id", block.requestId());
        json.writeName("block");
        BlockJson.write(json, block.block());
        json.writeNumberProperty("log_index", block.logIndex());
        json.writeArrayPropertyStart("warnings");
        block.warnings().forEach(json::writeString);
        json.writeEndArray();
      }
      case Outcome.Refused refused -> {
        json.writeStringProperty("request_id", refused.requestId());
        json.writeName("problem");
        refused.problem().withRequestId(refused.requestId()).write(json);
      }
      case Outcome.Signed _, Outcome.Skipped _ ->
          throw new IllegalStateException("An imprint has no file");
    }
  }
}
