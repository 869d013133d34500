// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ops;

import io.sgcsign.json.Json;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The log: one JSON object a line on standard error, an event name and keys with values. Never
 * bodies, never secrets. Thread-safe.
 */
public final class Log {
  /** How much is logged; the brief's names. */
  public enum Level {
    NONE,
    FATAL,
    ERROR,
    WARNING,
    INFO,
    DEBUG,
    VERBOSE
  }

  private final Level level;
  private final InstantSource clock;
  private final PrintStream out;

  public Log(Level level, InstantSource clock, PrintStream out) {
    this.level = level;
    this.clock = clock;
    this.out = out;
  }

  public void fatal(String event, Map<String, ?> values) {
    write(Level.FATAL, event, values, null);
  }

  public void error(String event, Map<String, ?> values, @Nullable Throwable cause) {
    write(Level.ERROR, event, values, cause);
  }

  public void warning(String event, Map<String, ?> values) {
    write(Level.WARNING, event, values, null);
  }

  public void info(String event, Map<String, ?> values) {
    write(Level.INFO, event, values, null);
  }

  public void debug(String event, Map<String, ?> values) {
    write(Level.DEBUG, event, values, null);
  }

  private void write(Level line, String event, Map<String, ?> values, @Nullable Throwable cause) {
    if (line.compareTo(level) > 0) {
      return;
    }
    out.println(
        Json.write(json -> {
          json.writeStartObject();
          json.writeStringProperty("time", clock.instant().toString());
          json.writeStringProperty("level", line.name().toLowerCase(Locale.ROOT));
          json.writeStringProperty("event", event);
          new TreeMap<>(values).forEach((k, v) -> json.writeStringProperty(k, String.valueOf(v)));
          if (cause != null) {
            json.writeStringProperty("cause", cause.toString());
            json.writeArrayPropertyStart("stack");
            for (StackTraceElement frame : cause.getStackTrace()) {
              json.writeString(frame.toString());
            }
            json.writeEndArray();
          }
          json.writeEndObject();
        }));
  }
}
