// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/** A multipart/form-data body (RFC 7578), the parts in the order they were added. */
final class FormData {
  private static final String BOUNDARY = "e2e-3f1c9d5a7b";
  private final List<Bytes> parts = new ArrayList<>();

  static FormData of(Bytes file, String provider) {
    return new FormData().file(file, "app.exe").field("provider", provider);
  }

  FormData field(String name, String value) {
    return part("Content-Disposition: form-data; name=\"" + name + "\"", Bytes.utf8(value));
  }

  FormData file(Bytes content, String fileName) {
    return file("file", content, fileName);
  }

  FormData file(String field, Bytes content, String fileName) {
    return part(
        "Content-Disposition: form-data; name=\""
            + field
            + "\"; filename=\""
            + fileName
            + "\"\r\nContent-Type: application/octet-stream",
        content);
  }

  private FormData part(String head, Bytes content) {
    parts.add(
        Bytes.concat(
            Bytes.utf8("--" + BOUNDARY + "\r\n" + head + "\r\n\r\n"), content, Bytes.utf8("\r\n")));
    return this;
  }

  String contentType() {
    return "multipart/form-data; boundary=" + BOUNDARY;
  }

  Bytes body() {
    var all = new ArrayList<>(parts);
    all.add(Bytes.utf8("--" + BOUNDARY + "--\r\n"));
    return Bytes.concat(all.toArray(Bytes[]::new));
  }
}
