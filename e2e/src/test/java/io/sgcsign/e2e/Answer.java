// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.wire.Code;
import java.net.http.HttpHeaders;

/** What the server answered. */
record Answer(int status, HttpHeaders headers, Bytes body) {

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  String text() {
    return body.toUtf8();
  }

  JsonValue.Obj json() {
    return (JsonValue.Obj) Json.parse(text());
  }

  String string(String member) {
    return json().text(member).orElseThrow(() -> new AssertionError("no " + member + ": " + this));
  }

  /** Insists on success with JSON. */
  JsonValue.Obj good() {
    assertThat(status).as("%s", this).isBetween(200, 299);
    return json();
  }

  /** Insists on success with a file. */
  Bytes signed() {
    assertThat(status).as("%s", this).isEqualTo(200);
    assertThat(header("Content-Type")).isEqualTo("application/octet-stream");
    return body;
  }

  /** Insists on this problem, complete and without a stack trace (RFC 9457). */
  Answer problem(Code code) {
    assertThat(header("Content-Type")).as("%s", this).isEqualTo("application/problem+json");
    assertThat(string("code")).as("%s", this).isEqualTo(code.wireName());
    assertThat(status).isEqualTo(code.status());
    assertThat(json().integer("status")).contains((long) code.status());
    assertThat(string("title")).isEqualTo(code.title());
    assertThat(string("type")).isEqualTo(code.type());
    assertThat(string("hint")).isNotBlank();
    assertThat(string("detail")).isNotBlank().doesNotContain("Exception", "\tat ", "null");
    return this;
  }

  @Override
  public String toString() {
    String shown = header("Content-Type").contains("octet") ? body.size() + " bytes" : text();
    return status + " " + headers.map() + " " + shown;
  }
}
