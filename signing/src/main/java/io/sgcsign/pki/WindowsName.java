// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * A distinguished name as Windows writes it (CertNameToStr with CERT_X500_NAME_STR and
 * CERT_NAME_STR_REVERSE_FLAG): the most specific part first, the state as {@code S}, quotation
 * marks around what has separators. App manifests name their publisher like this.
 *
 * @param parts relative names, each with its attributes
 */
public record WindowsName(List<List<Attribute>> parts) {
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("2.5.4.3", "CN"),
          Map.entry("2.5.4.7", "L"),
          Map.entry("2.5.4.10", "O"),
          Map.entry("2.5.4.11", "OU"),
          Map.entry("1.2.840.113549.1.9.1", "E"),
          Map.entry("2.5.4.6", "C"),
          Map.entry("2.5.4.8", "S"),
          Map.entry("2.5.4.9", "STREET"),
          Map.entry("2.5.4.12", "T"),
          Map.entry("2.5.4.42", "G"),
          Map.entry("2.5.4.43", "I"),
          Map.entry("2.5.4.4", "SN"),
          Map.entry("0.9.2342.19200300.100.1.25", "DC"),
          Map.entry("2.5.4.5", "SERIALNUMBER"),
          Map.entry("2.5.4.13", "Description"),
          Map.entry("2.5.4.17", "PostalCode"),
          Map.entry("2.5.4.18", "POBox"),
          Map.entry("2.5.4.20", "Phone"),
          Map.entry("2.5.4.24", "X21Address"),
          Map.entry("2.5.4.46", "dnQualifier"));
  private static final Map<String, String> OIDS =
      KEYS.entrySet().stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  e -> e.getValue().toUpperCase(Locale.ROOT), Map.Entry::getKey));
  private static final String OID_PREFIX = "OID.";
  private static final Charset UTF_32 = Charset.forName("UTF-32BE");

  /** Characters a value with which stands in quotation marks. */
  private static final String SEPARATORS = ",+=\"\n<>#;'";

  public WindowsName {
    parts = parts.stream().map(List::copyOf).toList();
  }

  /** One attribute: its OID and its value. */
  public record Attribute(String oid, String value) {
    @Override
    public String toString() {
      String key = KEYS.getOrDefault(oid, OID_PREFIX + oid);
      boolean quoted =
          value.isEmpty()
              || !value.equals(value.strip())
              || value.chars().anyMatch(c -> SEPARATORS.indexOf(c) >= 0);
      return key + "=" + (quoted ? '"' + value.replace("\"", "\"\"") + '"' : value);
    }
  }

  /** The name in a certificate. */
  public static WindowsName of(X500Principal name) {
    List<List<Attribute>> parts = new ArrayList<>();
    DerCursor sets = Der.of(Bytes.of(name.getEncoded())).sequence();
    while (sets.hasNext()) {
      List<Attribute> part = new ArrayList<>();
      for (DerCursor set = sets.next(Der.SET).children(); set.hasNext(); ) {
        DerCursor attribute = set.next().sequence();
        part.add(new Attribute(attribute.next(Der.OID).oid(), text(attribute.next())));
      }
      parts.add(part);
    }
    Collections.reverse(parts);
    return new WindowsName(parts);
  }

  /** X.690 §8.23: what the string types encode. */
  private static String text(Der value) {
    Charset charset =
        switch (value.tag()) {
          case 0x0c -> StandardCharsets.UTF_8;
          case 0x1e -> StandardCharsets.UTF_16BE;
          case 0x1c -> UTF_32;
          default -> StandardCharsets.ISO_8859_1;
        };
    return new String(value.content().toArray(), charset);
  }

  /** Reads what somebody wrote; empty: Windows would not take it. */
  public static Optional<WindowsName> parse(String text) {
    return new Reading(text).name();
  }

  @Override
  public String toString() {
    return parts.stream()
        .map(p -> p.stream().map(Attribute::toString).collect(Collectors.joining(" + ")))
        .collect(Collectors.joining(", "));
  }

  /** The running state. */
  private static final class Reading {
    private final String text;
    private int at;

    Reading(String text) {
      this.text = text;
    }

    Optional<WindowsName> name() {
      List<List<Attribute>> parts = new ArrayList<>();
      List<Attribute> part = new ArrayList<>();
      while (true) {
        Optional<Attribute> attribute = attribute();
        if (attribute.isEmpty()) {
          return Optional.empty();
        }
        part.add(attribute.get());
        if (at == text.length() || text.charAt(at) != '+') {
          parts.add(part);
          part = new ArrayList<>();
        }
        if (at == text.length()) {
          return Optional.of(new WindowsName(parts));
        }
        at++;
      }
    }

    private Optional<Attribute> attribute() {
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        return Optional.empty();
      }
      String key = text.substring(at, equals).strip().toUpperCase(Locale.ROOT);
      String oid =
          key.startsWith(OID_PREFIX)
              ? key.substring(OID_PREFIX.length())
              : OIDS.getOrDefault(key, "");
      at = equals + 1;
      Optional<String> value = value();
      return oid.isEmpty() ? Optional.empty() : value.map(v -> new Attribute(oid, v));
    }

    private Optional<String> value() {
      skipSpace();
      if (at < text.length() && text.charAt(at) == '"') {
        return quoted();
      }
      int from = at;
      while (at < text.length() && !separator()) {
        at++;
      }
      return Optional.of(text.substring(from, at).strip());
    }

    private Optional<String> quoted() {
      var out = new StringBuilder();
      for (at++; at < text.length(); at++) {
        if (text.charAt(at) != '"') {
          out.append(text.charAt(at));
        } else if (text.startsWith("\"\"", at)) {
          out.append('"');
          at++;
        } else {
          at++;
          skipSpace();
          return at == text.length() || separator()
              ? Optional.of(out.toString())
              : Optional.empty();
        }
      }
      return Optional.empty();
    }

    private boolean separator() {
      return ",;+".indexOf(text.charAt(at)) >= 0;
    }

    private void skipSpace() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }
  }
}
