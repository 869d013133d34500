// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import java.util.Map;
import java.util.TreeMap;

/**
 * One request, without where and who.
 *
 * @param path begins with a slash; query included
 */
public record Call(String method, String path, Map<String, String> headers, Body body) {
  public Call {
    headers = Map.copyOf(headers);
  }

  /** What is sent along. */
  public sealed interface Body {
    /** Nothing. */
    record None() implements Body {}

    /** A JSON text. */
    record Json(String text) implements Body {}

    /** A form with a file. */
    record Form(Multipart multipart) implements Body {}
  }

  public static Call get(String path) {
    return new Call("GET", path, Map.of(), new Body.None());
  }

  public static Call delete(String path) {
    return new Call("DELETE", path, Map.of(), new Body.None());
  }

  public static Call post(String path, String json) {
    return new Call("POST", path, Map.of(), new Body.Json(json));
  }

  public static Call post(String path, Multipart form) {
    return new Call("POST", path, Map.of(), new Body.Form(form));
  }

  public Call withHeader(String name, String value) {
    var more = new TreeMap<>(headers);
    more.put(name, value);
    return new Call(method, path, more, body);
  }
}
