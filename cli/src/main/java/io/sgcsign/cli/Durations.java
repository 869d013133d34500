// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.Failure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations and days as people write them. */
final class Durations {
  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})(s|m|h|d)?");

  private Durations() {}

  /** Reads {@code 30s}, {@code 10m}, {@code 2h}, {@code 90d}; a bare number is seconds. */
  static Duration parse(String flag, String text) {
    Matcher matcher = SHAPE.matcher(text.strip());
    if (!matcher.matches()) {
      throw Failure.usage(
              flag + " takes a duration, not \"" + text + "\"",
              "a number with a unit is needed",
              "Write 30s, 10m, 2h or 90d.")
          .exception();
    }
    long count = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    return switch (unit) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofSeconds(count);
    };
  }

  /** Reads {@code 2027-01-31} (its beginning, UTC) or {@code 2027-01-31T12:00:00Z}. */
  static Instant day(String flag, String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException _) {
      throw Failure.usage(
              flag + " takes a date, not \"" + text + "\"",
              "it is no day of the calendar",
              "Write 2027-01-31 or 2027-01-31T12:00:00Z.")
          .exception();
    }
  }
}
