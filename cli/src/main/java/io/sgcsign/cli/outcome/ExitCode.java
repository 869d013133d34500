// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.outcome;

import io.sgcsign.wire.Code;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** How a command ends. The numbers never change their meaning. */
public enum ExitCode {
  OK(0, "done; sign: all files signed and verified again from disk"),
  UNEXPECTED(1, "unexpected error"),
  USAGE(2, "wrong option, argument, file name or setting"),
  INVALID(3, "a signature is invalid, untrusted or expired"),
  UNSIGNED(4, "a file is not signed"),
  AUTHENTICATION(5, "the credential is missing or not valid"),
  DENIED(6, "denied by policy"),
  LIMITED(7, "quota or rate limit reached"),
  NOT_SIGNABLE(8, "a file cannot be signed or read"),
  UNAVAILABLE(9, "server, key provider, time-stamp authority or ledger not available"),
  PARTIAL(10, "several files ended differently"),
  REFUSED(11, "gate: a file must not be released"),
  PENDING(75, "waits for approval"),
  INTERRUPTED(130, "interrupted; nothing is half written");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  /** For help and manual. */
  public String meaning() {
    return meaning;
  }

  /** One code for many files: theirs if they agree. */
  public static ExitCode of(Collection<ExitCode> each) {
    Set<ExitCode> different = each.stream().collect(Collectors.toUnmodifiableSet());
    return switch (different.size()) {
      case 0 -> OK;
      case 1 -> different.iterator().next();
      default -> PARTIAL;
    };
  }

  /** What a problem of the server comes to. */
  public static ExitCode of(Code code) {
    return switch (code) {
      case REQUEST_MALFORMED,
          METHOD_NOT_ALLOWED,
          MEDIA_TYPE_UNSUPPORTED,
          IDEMPOTENCY_MISMATCH,
          IMPRINT_CHANGED,
          INTERNAL ->
          UNEXPECTED;
      case FIELD_UNKNOWN,
          FIELD_MISSING,
          FIELD_INVALID,
          FEATURE_UNAVAILABLE,
          PROVIDER_UNKNOWN,
          FORMAT_UNKNOWN,
          OPTION_INVALID,
          NOT_FOUND ->
          USAGE;
      case CREDENTIALS_CONFLICT, CREDENTIALS_MISSING, CREDENTIALS_INVALID, KEY_MALFORMED ->
          AUTHENTICATION;
      case FORBIDDEN,
          HASH_NOT_ALLOWED,
          FORMAT_NOT_ALLOWED,
          SHA1_NOT_ALLOWED,
          TIMESTAMP_REQUIRED,
          TSA_NOT_ALLOWED,
          CERTIFICATE_UNFIT ->
          DENIED;
      case RATE_LIMITED, BANNED -> LIMITED;
      case ALREADY_SIGNED,
          BODY_TOO_LARGE,
          ARTIFACT_UNRECOGNISED,
          ARTIFACT_TRUNCATED,
          ARTIFACT_MALFORMED,
          ARTIFACT_EMPTY,
          ARTIFACT_HIDDEN_DATA,
          ARTIFACT_PUBLISHER,
          ARTIFACT_TOO_LARGE ->
          NOT_SIGNABLE;
      case IDEMPOTENCY_IN_PROGRESS,
          SIGNER_CHANGED,
          PROVIDER_UNAVAILABLE,
          TSA_UNAVAILABLE,
          LEDGER_UNAVAILABLE,
          OVERLOADED,
          DRAINING ->
          UNAVAILABLE;
      case VERIFICATION_FAILED -> INVALID;
    };
  }
}
