// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; every problem is listed. */
public final class ConfigException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<ConfigProblem> problems;

  ConfigException(String file, List<ConfigProblem> problems) {
    super(problems.stream().map(p -> p.render(file)).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<ConfigProblem> problems() {
    return problems;
  }
}
