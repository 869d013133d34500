// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Checked options of one request: every value fits the format's descriptor. Immutable. */
public record Options(SortedMap<String, String> values) {
  /**
   * The option that says whether present signatures are kept ({@code append}) or not ({@code
   * replace}). Callers say {@code if_signed}; who runs the format decides this.
   */
  public static final String EXISTING = "existing";

  /** The option that names the digest of what is signed, or several for several signatures. */
  public static final String HASH = "hash";

  /** The option that chooses RSASSA-PKCS1-v1_5 or RSASSA-PSS for RSA keys. */
  public static final String RSA_PADDING = "rsa_padding";

  /** The option that says which of a format's kinds a file is. */
  public static final String KIND = "kind";

  /** The option that chooses between RFC 3161 and what Authenticode had before. */
  public static final String TIMESTAMP_PROTOCOL = "timestamp_protocol";

  /** The value of {@link #TIMESTAMP_PROTOCOL} for a PKCS#9 counter-signature. */
  static final String COUNTER_SIGNED = "authenticode";

  public Options {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /**
   * Checks {@code given} against the descriptor and fills in defaults.
   *
   * @throws OptionException for the first name or value that does not fit
   */
  public static Options of(FormatDescriptor format, Map<String, String> given) {
    var checked = new TreeMap<String, String>();
    for (var entry : given.entrySet()) {
      Option option =
          format.options().stream()
              .filter(o -> o.name().equals(entry.getKey()))
              .findFirst()
              .orElseThrow(() ->
                  new OptionException(
                      entry.getKey(),
                      true,
                      format.name() + " has no option \"" + entry.getKey() + "\""));
      checked.put(option.name(), check(option, entry.getValue()));
    }
    for (Option option : format.options()) {
      if (!option.defaultValue().isEmpty()) {
        checked.putIfAbsent(option.name(), option.defaultValue());
      }
    }
    return new Options(checked);
  }

  /** What a file's name tells of it, and no other option than the defaults. */
  public static Options named(SignatureFormat format, Artifact artifact, String name) {
    return of(format.descriptor(), Map.of()).forFile(format, artifact, name);
  }

  /**
   * These options for one file: where its content does not tell what it is but its name does, the
   * option {@link #KIND} says so from now on.
   */
  public Options forFile(SignatureFormat format, Artifact artifact, String name) {
    boolean takesKinds =
        format.descriptor().options().stream().anyMatch(o -> o.name().equals(KIND));
    if (!takesKinds || values.containsKey(KIND) || format.recognise(artifact, "").isPresent()) {
      return this;
    }
    var more = new TreeMap<>(values);
    format.recognise(artifact, name).ifPresent(kind -> more.put(KIND, kind.name()));
    return new Options(more);
  }

  private static String check(Option option, String value) {
    boolean fits =
        value.length() <= option.maxLength()
            && value.chars().noneMatch(c -> c < ' ' || c == 0x7f)
            && switch (option.type()) {
              case TEXT -> !value.isEmpty();
              case FLAG, CHOICE -> option.values().contains(value);
              case CHOICES -> fitsChoices(option, value);
            };
    if (!fits) {
      throw new OptionException(option.name(), false, expectation(option));
    }
    return value;
  }

  private static boolean fitsChoices(Option option, String value) {
    List<String> chosen = Arrays.asList(value.split(",", -1));
    return option.values().containsAll(chosen)
        && chosen.stream().distinct().count() == chosen.size();
  }

  private static String expectation(Option option) {
    return switch (option.type()) {
      case TEXT -> option.name() + " takes 1 to " + option.maxLength() + " printable characters";
      case FLAG, CHOICE -> option.name() + " is one of " + String.join(", ", option.values());
      case CHOICES ->
          option.name()
              + " is one or more of "
              + String.join(", ", option.values())
              + ", separated by commas";
    };
  }

  /** The only digest of a format that makes one signature. */
  public DigestAlgorithm hash() {
    return DigestAlgorithm.byWireName(text(HASH).orElseThrow()).orElseThrow();
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public boolean flag(String name) {
    return "true".equals(values.get(name));
  }

  /** The chosen values of a {@link Option.Type#CHOICES} option, in the caller's order. */
  public List<String> choices(String name) {
    String value = values.get(name);
    return value == null ? List.of() : List.of(value.split(","));
  }
}
