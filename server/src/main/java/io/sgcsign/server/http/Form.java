// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.config.Suggestion;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A received form: a file, perhaps one that goes beside it, and text fields, in any order. */
final class Form implements AutoCloseable {
  /** Characters of one field; descriptions and labels are short. */
  private static final int MAX_FIELD = 16 * 1024;

  private static final String FILE = "file";
  private static final String COMPANION = "companion";

  private final Map<String, String> fields = new HashMap<>();
  private final Map<String, Upload> uploads = new HashMap<>();
  private final Collection<String> files;

  private Form(Collection<String> files) {
    this.files = files;
  }

  /**
   * Receives a form with a file.
   *
   * @param known the names of fields
   * @param pattern further names that are allowed, for example {@code labels.…}
   */
  static Form receive(
      Exchange exchange, Spool spool, Collection<String> known, Predicate<String> pattern)
      throws IOException {
    return receive(new Form(List.of(FILE)), exchange, spool, known, pattern);
  }

  /** Receives a form with a file and, if the client sends it, the file that goes beside it. */
  static Form receiveBoth(Exchange exchange, Spool spool, Collection<String> known)
      throws IOException {
    return receive(new Form(List.of(FILE, COMPANION)), exchange, spool, known, n -> false);
  }

  private static Form receive(
      Form form,
      Exchange exchange,
      Spool spool,
      Collection<String> known,
      Predicate<String> pattern)
      throws IOException {
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
    if (files.contains(part.name())) {
      if (uploads.containsKey(part.name())) {
        throw ProblemException.of(
            Code.FIELD_INVALID,
            "There are two " + part.name() + " fields",
            "Send one file a request; sgcsign sign takes many files.");
      }
      uploads.put(part.name(), spool.receive(part.fileName().orElse(FILE), content));
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

  /** The file that goes beside the other. */
  Optional<Upload> companion() {
    return Optional.ofNullable(uploads.get(COMPANION));
  }

  Upload file() {
    Upload upload = uploads.get(FILE);
    if (upload == null) {
      throw ProblemException.of(
          Code.FIELD_MISSING, "The field \"file\" is missing", "Add -F file=@app.exe.");
    }
    return upload;
  }

  @Override
  public void close() {
    uploads.values().forEach(Upload::close);
  }
}
