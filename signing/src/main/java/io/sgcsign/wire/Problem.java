// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem.
 *
 * @param code names the kind of problem for ever; {@code type} and {@code title} follow from it
 * @param detail what happened here, in one sentence
 * @param hint what to do about it
 * @param requestId the request it belongs to
 * @param retryAfterSeconds when to try again, 0 if that is not known or makes no sense
 */
public record Problem(
    Code code, String detail, String hint, @Nullable String requestId, int retryAfterSeconds) {

  public static Problem of(Code code, String detail) {
    return new Problem(code, detail, code.hint(), null, 0);
  }

  public static Problem of(Code code, String detail, String hint) {
    return new Problem(code, detail, hint, null, 0);
  }

  public Problem withRequestId(@Nullable String id) {
    return new Problem(code, detail, hint, id, retryAfterSeconds);
  }

  public Problem retryAfter(int seconds) {
    return new Problem(code, detail, hint, requestId, seconds);
  }
}
