// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import java.io.Serial;

/** An option has a name or value the format does not take. */
public final class OptionException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String option;
  private final boolean unknown;

  public OptionException(String option, boolean unknown, String message) {
    super(message);
    this.option = option;
    this.unknown = unknown;
  }

  public String option() {
    return option;
  }

  /** Whether the format has no such option at all. */
  public boolean unknown() {
    return unknown;
  }
}
