// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.json.Json;
import io.sgcsign.wire.Code;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** The OpenAPI 3.1 document, made from the operations that are really routed. */
final class OpenApi {
  /** Problems any operation may answer with. */
  private static final List<Code> EVERYWHERE =
      List.of(Code.REQUEST_MALFORMED, Code.RATE_LIMITED, Code.BANNED, Code.INTERNAL);

  private OpenApi() {}

  static String document(List<Operation> operations, Map<String, Schema> schemas, String version) {
    return Json.write(json -> {
      json.writeStartObject();
      json.writeStringProperty("openapi", "3.1.0");
      info(json, version);
      servers(json);
      paths(json, operations);
      components(json, schemas);
      json.writeEndObject();
    });
  }

  private static void info(JsonGenerator json, String version) {
    json.writeObjectPropertyStart("info");
    json.writeStringProperty("title", "sgcsign");
    json.writeStringProperty("version", version);
    json.writeStringProperty(
        "description",
        "Signs code and documents; the key never leaves the server. Errors are RFC 9457 problems"
            + " with a stable code and a hint.");
    json.writeObjectPropertyStart("license");
    json.writeStringProperty("name", "Apache-2.0");
    json.writeStringProperty("identifier", "Apache-2.0");
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Paths are absolute on whatever server the document came from. */
  private static void servers(JsonGenerator json) {
    json.writeArrayPropertyStart("servers");
    json.writeStartObject();
    json.writeStringProperty("url", "/");
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void paths(JsonGenerator json, List<Operation> operations) {
    SortedMap<String, List<Operation>> byPath = new TreeMap<>();
    operations.forEach(o -> byPath.computeIfAbsent(o.path(), p -> new ArrayList<>()).add(o));
    json.writeObjectPropertyStart("paths");
    byPath.forEach((path, all) -> {
      json.writeObjectPropertyStart(path);
      all.forEach(o -> operation(json, o));
      json.writeEndObject();
    });
    json.writeEndObject();
  }

  private static void operation(JsonGenerator json, Operation operation) {
    json.writeObjectPropertyStart(operation.method().toLowerCase(Locale.ROOT));
    json.writeStringProperty("operationId", operation.id());
    json.writeStringProperty("summary", operation.summary());
    security(json, operation.access());
    parameters(json, operation);
    if (!operation.body().mediaType().isEmpty()) {
      json.writeObjectPropertyStart("requestBody");
      json.writeBooleanProperty("required", true);
      content(json, operation.body().mediaType(), operation.body().schema());
      json.writeEndObject();
    }
    responses(json, operation);
    json.writeEndObject();
  }

  private static void security(JsonGenerator json, Access access) {
    json.writeArrayPropertyStart("security");
    List<String> schemes =
        switch (access) {
          case OPEN -> List.of();
          case ANY, KEY -> List.of("api_key", "bearer");
          case ADMIN -> List.of("bearer");
        };
    for (String scheme : schemes) {
      json.writeStartObject();
      json.writeArrayPropertyStart(scheme);
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void parameters(JsonGenerator json, Operation operation) {
    json.writeArrayPropertyStart("parameters");
    Arrays.stream(operation.path().split("/", -1))
        .filter(s -> s.startsWith("{"))
        .forEach(s -> parameter(json, s.substring(1, s.length() - 1), "path", "Identifier."));
    operation.query().forEach(q -> parameter(json, q.name(), "query", q.description()));
    json.writeEndArray();
  }

  private static void parameter(JsonGenerator json, String name, String in, String description) {
    json.writeStartObject();
    json.writeStringProperty("name", name);
    json.writeStringProperty("in", in);
    json.writeStringProperty("description", description);
    json.writeBooleanProperty("required", in.equals("path"));
    json.writeObjectPropertyStart("schema");
    Schema.text().write(json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void responses(JsonGenerator json, Operation operation) {
    json.writeObjectPropertyStart("responses");
    Operation.Answer answer = operation.answer();
    json.writeObjectPropertyStart(Integer.toString(answer.status()));
    json.writeStringProperty("description", answer.description());
    if (!answer.contents().isEmpty()) {
      content(json, answer.contents());
    }
    json.writeEndObject();
    SortedMap<Integer, List<String>> problems = new TreeMap<>();
    var codes = new ArrayList<>(operation.problems());
    codes.addAll(EVERYWHERE);
    if (operation.access() != Access.OPEN) {
      codes.addAll(
          List.of(
              Code.CREDENTIALS_MISSING,
              Code.CREDENTIALS_INVALID,
              Code.KEY_MALFORMED,
              Code.FORBIDDEN));
    }
    codes.stream()
        .distinct()
        .forEach(
            c -> problems.computeIfAbsent(c.status(), s -> new ArrayList<>()).add(c.wireName()));
    problems.forEach((status, names) -> {
      json.writeObjectPropertyStart(Integer.toString(status));
      json.writeStringProperty("description", String.join(", ", names));
      content(json, "application/problem+json", new Schema.Ref("Problem"));
      json.writeEndObject();
    });
    json.writeEndObject();
  }

  private static void content(JsonGenerator json, String mediaType, Schema schema) {
    content(json, List.of(new Operation.Content(mediaType, schema)));
  }

  private static void content(JsonGenerator json, List<Operation.Content> contents) {
    json.writeObjectPropertyStart("content");
    for (Operation.Content content : contents) {
      json.writeObjectPropertyStart(content.mediaType());
      json.writeObjectPropertyStart("schema");
      content.schema().write(json);
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void components(JsonGenerator json, Map<String, Schema> schemas) {
    json.writeObjectPropertyStart("components");
    json.writeObjectPropertyStart("securitySchemes");
    json.writeObjectPropertyStart("api_key");
    json.writeStringProperty("type", "apiKey");
    json.writeStringProperty("in", "header");
    json.writeStringProperty("name", "X-API-Key");
    json.writeEndObject();
    json.writeObjectPropertyStart("bearer");
    json.writeStringProperty("type", "http");
    json.writeStringProperty("scheme", "bearer");
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectPropertyStart("schemas");
    schemas.forEach((name, schema) -> {
      json.writeObjectPropertyStart(name);
      schema.write(json);
      json.writeEndObject();
    });
    json.writeEndObject();
    json.writeEndObject();
  }
}
