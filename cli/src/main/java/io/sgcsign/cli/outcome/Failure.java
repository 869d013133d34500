// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.outcome;

import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.Optional;

/**
 * Why something was not done, in three lines: what, why, how to fix.
 *
 * @param code the code of the server or of the format that knew
 * @param requestId for those who read the server's log
 */
public record Failure(
    ExitCode exit,
    String what,
    String why,
    String fix,
    Optional<Code> code,
    Optional<String> requestId) {

  public static Failure of(ExitCode exit, String what, String why, String fix) {
    return new Failure(exit, what, why, fix, Optional.empty(), Optional.empty());
  }

  public static Failure usage(String what, String why, String fix) {
    return of(ExitCode.USAGE, what, why, fix);
  }

  public static Failure of(Problem problem) {
    return new Failure(
        ExitCode.of(problem.code()),
        problem.code().title(),
        problem.detail(),
        problem.hint(),
        Optional.of(problem.code()),
        Optional.ofNullable(problem.requestId()));
  }

  /** The same failure, beginning with what it happened to. */
  public Failure about(String subject) {
    return new Failure(exit, subject + ": " + what, why, fix, code, requestId);
  }

  /** The same failure of whatever request: for telling many alike at once. */
  public Failure withoutRequest() {
    return new Failure(exit, what, why, fix, code, Optional.empty());
  }

  public FailureException exception() {
    return new FailureException(this);
  }

  /** The three lines, without the last line's end. */
  public String lines() {
    var marks = new StringBuilder();
    code.ifPresent(c -> marks.append(c.wireName()));
    requestId.ifPresent(
        id -> marks.append(marks.isEmpty() ? "" : ", ").append("request ").append(id));
    String why = marks.isEmpty() ? why() : why() + " (" + marks + ")";
    return "sgcsign: " + what + "\n  why: " + why + "\n  fix: " + fix;
  }
}
