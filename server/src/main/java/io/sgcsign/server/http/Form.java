// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.config.Suggestion;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A received form: at most one file, and text fields, in any order. */
final class Form implements AutoCloseable {
  /** Characters of one field; descriptions and labels are short. */
  private static final int MAX_FIELD = 16 * 1024;

  private final Map<String, String> fields = new HashMap<>();
  private @Nullable Upload upload;

  private Form() {}

  /**
   * Receives a form.
   *
   * @param known the names of fields
   * @param pattern further names that are allowed, for example {@code labels.…}
   */
  static Form receive(
      Exchange exchange, Spool spool, Collection<String> known, Predicate<String> pattern)
      throws IOException {
    var form = new Form();
    try {
      var multipart = Multipart.open(exchange.header("Content-Type").orElse(""), exchange.body());
      for (var part = multipart.next(); part.isPresent(); part = multipart.next()) {
        form.take(part.get(), multipart.content(), spool, known, pattern);
      }
      return form;
    } catch (IOException | RuntimeException e) {
      form.close();
      throw e;
    }
  }

  private void take(
      Multipart.Part part,
      InputStream content,
      Spool spool,
      Collection<String> known,
      Predicate<String> pattern)
      throws IOException {
    if (part.name().equals("file")) {
      if (upload != null) {
        throw ProblemException.of(
            Code.FIELD_INVALID,
            "There are two file fields",
            "Send one file a request; sgcsign sign takes many files.");
      }
      upload = spool.receive(part.fileName().orElse("file"), content);
      return;
    }
    if (!known.contains(part.name()) && !pattern.test(part.name())) {
      throw ProblemException.of(
          Code.FIELD_UNKNOWN,
          "Unknown field \"" + part.name() + "\"",
          Suggestion.hint(part.name(), known));
    }
    byte[] text = content.readNBytes(MAX_FIELD + 1);
    if (text.length > MAX_FIELD) {
      throw ProblemException.of(
          Code.FIELD_INVALID, part.name() + " is longer than " + MAX_FIELD + " bytes");
    }
    if (fields.put(part.name(), Bytes.wrap(text).toUtf8()) != null) {
      throw ProblemException.of(
          Code.FIELD_INVALID, "\"" + part.name() + "\" stands twice", "Send it once.");
    }
  }

  Map<String, String> fields() {
    return fields;
  }

  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name)).filter(v -> !v.isEmpty());
  }

  String required(String name) {
    return field(name)
        .orElseThrow(() ->
            ProblemException.of(
                Code.FIELD_MISSING,
                "The field \"" + name + "\" is missing",
                "Add -F " + name + "=…."));
  }

  Upload file() {
    if (upload == null) {
      throw ProblemException.of(
          Code.FIELD_MISSING, "The field \"file\" is missing", "Add -F file=@app.exe.");
    }
    return upload;
  }

  @Override
  public void close() {
    if (upload != null) {
      upload.close();
    }
  }
}
