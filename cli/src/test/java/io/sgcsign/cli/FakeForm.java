// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads a form by the letter of RFC 7578; anything odd is an exception. */
record FakeForm(Map<String, String> fields, String fileName, Bytes file) {
  private static final Pattern BOUNDARY =
      Pattern.compile("multipart/form-data; boundary=([A-Za-z0-9_-]{1,70})");
  private static final Pattern HEAD =
      Pattern.compile(
          "Content-Disposition: form-data; name=\"([a-z_.]+)\"(?:; filename=\"([^\"]+)\"\r\n"
              + "Content-Type: application/octet-stream)?");

  static FakeForm parse(String contentType, Bytes body) {
    var boundary = BOUNDARY.matcher(contentType);
    require(boundary.matches(), contentType);
    String text = new String(body.toArray(), StandardCharsets.ISO_8859_1);
    String mark = "--" + boundary.group(1);
    require(text.startsWith(mark + "\r\n") && text.endsWith("\r\n" + mark + "--\r\n"), "marks");
    String inner = text.substring(mark.length() + 2, text.length() - mark.length() - 6);
    Map<String, String> fields = new TreeMap<>();
    String fileName = "";
    Bytes file = Bytes.EMPTY;
    for (String part : inner.split(Pattern.quote("\r\n" + mark + "\r\n"), -1)) {
      int end = part.indexOf("\r\n\r\n");
      var head = HEAD.matcher(end < 0 ? "" : part.substring(0, end));
      require(head.matches(), "part " + part.substring(0, Math.min(80, part.length())));
      byte[] content = part.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
      if (head.group(2) == null) {
        String before = fields.put(head.group(1), new String(content, StandardCharsets.UTF_8));
        require(before == null, "twice " + head.group(1));
      } else {
        require(head.group(1).equals("file") && fileName.isEmpty(), "one file");
        fileName = head.group(2);
        file = Bytes.wrap(content);
      }
    }
    require(!fileName.isEmpty(), "a file");
    return new FakeForm(Map.copyOf(fields), fileName, file);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("Form: " + what);
    }
  }
}
