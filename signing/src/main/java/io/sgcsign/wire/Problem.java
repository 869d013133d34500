// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import io.sgcsign.json.JsonValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An RFC 9457 problem.
 *
 * @param code names the kind of problem for ever; {@code type} and {@code title} follow from it
 * @param detail what happened here, in one sentence
 * @param hint what to do about it
 * @param requestId the request it belongs to
 * @param retryAfterSeconds when to try again, 0 if that is not known or makes no sense
 */
public record Problem(
    Code code, String detail, String hint, @Nullable String requestId, int retryAfterSeconds) {

  public static Problem of(Code code, String detail) {
    return new Problem(code, detail, code.hint(), null, 0);
  }

  public static Problem of(Code code, String detail, String hint) {
    return new Problem(code, detail, hint, null, 0);
  }

  public Problem withRequestId(@Nullable String id) {
    return new Problem(code, detail, hint, id, retryAfterSeconds);
  }

  /** As the members of {@code application/problem+json}. */
  public void write(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("type", code.type());
    json.writeStringProperty("title", code.title());
    json.writeNumberProperty("status", code.status());
    json.writeStringProperty("code", code.wireName());
    json.writeStringProperty("detail", detail);
    json.writeStringProperty("hint", hint);
    if (requestId != null) {
      json.writeStringProperty("request_id", requestId);
    }
    json.writeEndObject();
  }

  /** Reads what {@link #write} wrote; empty if it has no known code. */
  public static Optional<Problem> read(JsonValue.Obj json) {
    return json.text("code")
        .flatMap(Code::byWireName)
        .map(code ->
            new Problem(
                code,
                json.text("detail").orElse(code.title()),
                json.text("hint").orElse(code.hint()),
                json.text("request_id").orElse(null),
                0));
  }

  public Problem retryAfter(int seconds) {
    return new Problem(code, detail, hint, requestId, seconds);
  }
}
