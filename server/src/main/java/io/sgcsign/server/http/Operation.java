// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.wire.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * What an endpoint does; routes and OpenAPI both come from it.
 *
 * @param path a template such as {@code /api/v1/requests/{id}/receipt}
 * @param id operationId
 * @param query names of query parameters
 * @param body the request body
 * @param answer the answer of success
 * @param problems the codes it may answer besides those every operation may
 */
record Operation(
    String method,
    String path,
    Access access,
    String id,
    String summary,
    List<Parameter> query,
    Body body,
    Answer answer,
    List<Code> problems) {
  Operation {
    query = List.copyOf(query);
    problems = List.copyOf(problems);
  }

  /** A query parameter. */
  record Parameter(String name, String description) {}

  /** A request body: a media type and a schema; an empty media type means there is none. */
  record Body(String mediaType, Schema schema) {
    static final Body NONE = new Body("", Schema.object());
  }

  /**
   * An answer.
   *
   * @param contents what it may carry, one of them; none: it has no body
   */
  record Answer(int status, List<Content> contents, String description) {
    Answer {
      contents = List.copyOf(contents);
    }

    Answer(int status, String mediaType, Schema schema, String description) {
      this(status, List.of(new Content(mediaType, schema)), description);
    }

    /** One without a body. */
    static Answer empty(int status, String description) {
      return new Answer(status, List.of(), description);
    }

    /** It may carry this as well. */
    Answer or(String mediaType, Schema schema) {
      var all = new ArrayList<>(contents);
      all.add(new Content(mediaType, schema));
      return new Answer(status, all, description);
    }
  }

  /** What a body holds. */
  record Content(String mediaType, Schema schema) {}

  static Operation get(String path, Access access, String id, String summary, Answer answer) {
    return new Operation("GET", path, access, id, summary, List.of(), Body.NONE, answer, List.of());
  }

  Operation withQuery(Parameter... parameters) {
    return new Operation(
        method, path, access, id, summary, List.of(parameters), body, answer, problems);
  }

  Operation withProblems(Code... codes) {
    return new Operation(method, path, access, id, summary, query, body, answer, List.of(codes));
  }

  static Operation post(
      String path, Access access, String id, String summary, Body body, Answer answer) {
    return new Operation("POST", path, access, id, summary, List.of(), body, answer, List.of());
  }

  static Answer json(Schema schema, String description) {
    return new Answer(200, "application/json", schema, description);
  }
}
