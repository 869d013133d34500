// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.format.Option;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.format.OptionException;
import io.sgcsign.format.Options;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The repository that signs, as its signature names it.
 *
 * @param serviceIndex the address of its V3 service index
 * @param owners of the package there
 */
record Repository(String serviceIndex, List<String> owners) {
  private static final String INDEX = "service_index";
  private static final String OWNERS = "owners";
  private static final int MAX_INDEX = 500;
  private static final int MAX_OWNERS = 2_000;

  static final List<Option> OPTIONS =
      List.of(
          Option.text(
              INDEX,
              MAX_INDEX,
              Needed.BOTH,
              "Sign as this repository, not as the author: the https address of its V3 service"
                  + " index. An author's signature is countersigned."),
          Option.text(
              OWNERS,
              MAX_OWNERS,
              Needed.BOTH,
              "Owners of the package in the repository, separated by commas."));

  Repository {
    owners = List.copyOf(owners);
  }

  /** Empty: the author signs. */
  static Optional<Repository> of(Options options) {
    Optional<String> index = options.text(INDEX).filter(t -> !t.isEmpty());
    Optional<String> owners = options.text(OWNERS).filter(t -> !t.isEmpty());
    if (index.isEmpty() && owners.isPresent()) {
      throw new OptionException(
          OWNERS, false, "owners are those in a repository: name its service_index too");
    }
    return index.map(i -> new Repository(checked(i), owners(owners.orElse(""))));
  }

  private static String checked(String index) {
    if (!index.matches("https://[\\x21-\\x7e]+")) {
      throw new OptionException(INDEX, false, "service_index is an https address in ASCII");
    }
    return index;
  }

  private static List<String> owners(String text) {
    List<String> owners = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (text.isBlank()) {
      return List.of();
    }
    if (owners.stream().anyMatch(o -> o.isEmpty() || o.chars().anyMatch(Character::isISOControl))) {
      throw new OptionException(OWNERS, false, "owners are names separated by commas");
    }
    return owners;
  }
}
