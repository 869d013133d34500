// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.layout.pe.VersionInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a rule asks of a program besides its publisher, as its version resource says it.
 *
 * @param attribute what application control calls the name
 * @param name of the program
 * @param binary OriginalFilename, the only name that AppLocker knows; empty: there is none
 * @param product ProductName; empty: there is none
 * @param version the lowest that may run
 */
record ProgramRule(
    String attribute,
    String name,
    Optional<String> binary,
    Optional<String> product,
    String version) {
  /** Texts of the resource and the attributes for them, in the order of ConfigCI's fall-backs. */
  private static final Map<String, String> NAMES = names();

  private static Map<String, String> names() {
    var names = new LinkedHashMap<String, String>();
    names.put("OriginalFilename", "FileName");
    names.put("InternalName", "InternalName");
    names.put("FileDescription", "FileDescription");
    names.put("ProductName", "ProductName");
    return names;
  }

  /** Empty: it says nothing a rule could hold on to. */
  static Optional<ProgramRule> of(VersionInfo info) {
    return NAMES.entrySet().stream()
        .flatMap(n ->
            info.text(n.getKey()).stream()
                .map(text ->
                    new ProgramRule(
                        n.getValue(),
                        text,
                        info.text("OriginalFilename"),
                        info.text("ProductName"),
                        info.fileVersion())))
        .findFirst();
  }

  /** One rule for each program, with the lowest of its versions. */
  static List<ProgramRule> merged(Collection<ProgramRule> rules) {
    var lowest = new LinkedHashMap<String, ProgramRule>();
    for (ProgramRule rule : rules) {
      lowest.merge(rule.program(), rule, (a, b) -> a.number() <= b.number() ? a : b);
    }
    return new ArrayList<>(lowest.values());
  }

  /** Windows compares names without case. */
  private String program() {
    return String.join("\n", attribute, name, product.orElse("")).toLowerCase(Locale.ROOT);
  }

  private long number() {
    return Arrays.stream(version.split("\\."))
        .mapToLong(Long::parseLong)
        .reduce(0, (whole, part) -> whole << Short.SIZE | part);
  }
}
