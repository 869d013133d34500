// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Several files as one body (RFC 2046 §5.1.3), streamed. Each part tells its length, so that who
 * reads it need not look for the boundary.
 *
 * @param boundary stands in no file
 */
record MixedAnswer(String boundary, List<Part> parts) {
  MixedAnswer {
    parts = List.copyOf(parts);
  }

  /** A file under its name. */
  record Part(String fileName, Artifact content) {}

  String mediaType() {
    return "multipart/mixed; boundary=\"" + boundary + "\"";
  }

  /** Bytes of the whole body. */
  long size() {
    long files = parts.stream().mapToLong(p -> head(p).size() + p.content().size()).sum();
    return files + tail().size();
  }

  void writeTo(OutputStream out) throws IOException {
    for (Part part : parts) {
      head(part).writeTo(out);
      part.content().writeTo(out);
    }
    tail().writeTo(out);
  }

  private Bytes head(Part part) {
    String before = part.equals(parts.getFirst()) ? "" : "\r\n";
    return Bytes.utf8(
        before
            + "--"
            + boundary
            + "\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
            + SignEndpoint.fileName(part.fileName())
            + "\r\nContent-Length: "
            + part.content().size()
            + "\r\n\r\n");
  }

  private Bytes tail() {
    return Bytes.utf8("\r\n--" + boundary + "--\r\n");
  }
}
