// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A form with a file (RFC 7578), streamed: its length is known before, the file is never in memory.
 *
 * @param companion the file that goes beside it
 */
public record Multipart(
    String boundary,
    Map<String, String> fields,
    String fileName,
    Artifact file,
    Optional<Artifact> companion) {
  public Multipart {
    fields = Map.copyOf(fields);
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  /** Bytes of the whole body. */
  long length() {
    long beside = companion.map(c -> second().size() + c.size()).orElse(0L);
    return head().size() + file.size() + beside + tail().size();
  }

  void writeTo(OutputStream out) throws IOException {
    head().writeTo(out);
    file.writeTo(out);
    if (companion.isPresent()) {
      second().writeTo(out);
      companion.get().writeTo(out);
    }
    tail().writeTo(out);
  }

  /** The fields stand before the file: the server can refuse before it has read the file. */
  private Bytes head() {
    var text = new StringBuilder();
    new TreeMap<>(fields)
        .forEach((name, value) ->
            part(text, "name=\"" + quoted(name) + "\"")
                .append("\r\n")
                .append(value)
                .append("\r\n"));
    file(text, "file");
    return Bytes.utf8(text.toString());
  }

  /** What stands between the two files. */
  private Bytes second() {
    var text = new StringBuilder("\r\n");
    file(text, "companion");
    return Bytes.utf8(text.toString());
  }

  private void file(StringBuilder text, String field) {
    part(text, "name=\"" + field + "\"; filename=\"" + quoted(fileName) + "\"")
        .append("Content-Type: application/octet-stream\r\n\r\n");
  }

  private StringBuilder part(StringBuilder text, String disposition) {
    return text.append("--")
        .append(boundary)
        .append("\r\nContent-Disposition: form-data; ")
        .append(disposition)
        .append("\r\n");
  }

  private Bytes tail() {
    return Bytes.utf8("\r\n--" + boundary + "--\r\n");
  }

  /** As browsers do (WHATWG HTML, multipart/form-data encoding algorithm). */
  private static String quoted(String text) {
    return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }
}
