// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every error code of the product. A code never changes its meaning; each has a docs page. */
public enum Code {
  // requests
  REQUEST_MALFORMED(
      400, "The request cannot be read", "Check the request against /api/v1/openapi.json."),
  FIELD_UNKNOWN(400, "Unknown field", "Remove the field or correct its name."),
  FIELD_MISSING(400, "A field is missing", "Add the field."),
  FIELD_INVALID(400, "A field has a wrong value", "Correct the value."),
  CREDENTIALS_CONFLICT(
      400, "Two different credentials", "Send either X-API-Key or Authorization, not both."),
  CREDENTIALS_MISSING(
      401, "No credential", "Send X-API-Key: sgcsk_… or Authorization: Bearer sgcsk_…."),
  CREDENTIALS_INVALID(
      401,
      "The credential is not valid",
      "Check that the key was copied whole, is not expired and not revoked."),
  KEY_MALFORMED(
      401, "This is not an sgcsign key", "The checksum does not match: copy the key again, whole."),
  FORBIDDEN(403, "Not allowed", "Ask an administrator for a key with the needed scope."),
  HASH_NOT_ALLOWED(
      403, "Hashes are not allowed here", "Upload the file itself (sgcsign sign --no-prehash)."),
  FORMAT_NOT_ALLOWED(
      403, "The format is not allowed here", "Use a provider whose rules list this format."),
  SHA1_NOT_ALLOWED(
      403, "SHA-1 is not allowed here", "Use sha256, or set rules.allow_sha1 on the provider."),
  NOT_FOUND(404, "Not found", "Check the path and the identifier."),
  METHOD_NOT_ALLOWED(405, "Wrong method", "See /api/v1/openapi.json for the methods of this path."),
  IDEMPOTENCY_IN_PROGRESS(
      409,
      "The first request with this Idempotency-Key is still running",
      "Wait and send the same request again."),
  IMPRINT_CHANGED(409, "The file changed", "Sign again with a new request."),
  SIGNER_CHANGED(
      409,
      "The signing certificate changed",
      "Run the command again; it takes the new certificate."),
  ALREADY_SIGNED(409, "The file is signed already", "Choose if_signed=skip, append or replace."),
  BODY_TOO_LARGE(413, "The body is too large", "Raise server.max_upload_mb or use pre-hash mode."),
  MEDIA_TYPE_UNSUPPORTED(
      415,
      "Unsupported Content-Type",
      "Send multipart/form-data or application/json as documented."),
  IDEMPOTENCY_MISMATCH(
      422,
      "The Idempotency-Key belongs to another request",
      "Use a new Idempotency-Key for a new request."),
  FEATURE_UNAVAILABLE(422, "This server does not know that yet", "Leave the field out."),
  PROVIDER_UNKNOWN(422, "No such provider", "GET /api/v1/providers lists what you may use."),
  FORMAT_UNKNOWN(422, "No such format", "GET /api/v1/openapi.json lists the formats."),
  OPTION_INVALID(422, "An option has a wrong value", "Correct the option."),
  TIMESTAMP_REQUIRED(
      422, "A time stamp is required", "Configure timestamping.authorities or send tsa_url."),
  TSA_NOT_ALLOWED(
      422,
      "This time-stamp authority is not allowed",
      "Use one of timestamping.allowed or ask an administrator to add it."),
  CERTIFICATE_UNFIT(
      422,
      "The certificate must not sign this",
      "Use a provider with a valid code-signing certificate."),
  RATE_LIMITED(429, "Too many requests", "Wait as long as Retry-After says."),
  BANNED(429, "Too many failed log-ins", "Wait as long as Retry-After says."),
  // artifacts
  ARTIFACT_UNRECOGNISED(
      422, "Not a file of this format", "Check the file and the format in the URL."),
  ARTIFACT_TRUNCATED(
      422, "The file ends too early", "Check that the file was built and transferred completely."),
  ARTIFACT_MALFORMED(
      422, "The file is damaged", "Build the file again and check how it was transferred."),
  ARTIFACT_EMPTY(422, "The file is empty", "Send the file's content."),
  ARTIFACT_HIDDEN_DATA(
      422, "The file hides data in its signature area", "Sign the file as the linker wrote it."),
  ARTIFACT_PUBLISHER(
      422,
      "The package names another publisher than the certificate",
      "Write the certificate's subject into the manifest as Publisher, and pack again."),
  ARTIFACT_TOO_LARGE(
      422, "The format cannot hold a file this large", "Split the file; PE ends at 4 GiB."),
  // services
  PROVIDER_UNAVAILABLE(
      503, "The key provider is not available", "Look at /api/v1/health and the server's log."),
  TSA_UNAVAILABLE(
      503, "No time-stamp authority answered", "Try again later or configure more authorities."),
  LEDGER_UNAVAILABLE(
      503,
      "The ledger cannot be written",
      "Nothing was signed. Check disk space and the database file."),
  OVERLOADED(503, "The server is busy", "Try again after Retry-After."),
  DRAINING(
      503,
      "The server is shutting down",
      "Try again; another server or the restarted one answers."),
  VERIFICATION_FAILED(
      500,
      "The new signature did not verify",
      "Nothing was released. Report this with the request id."),
  INTERNAL(
      500,
      "An error of the server",
      "Report this with the request id; the server's log has the cause.");

  private final int status;
  private final String title;
  private final String hint;

  Code(int status, String title, String hint) {
    this.status = status;
    this.title = title;
    this.hint = hint;
  }

  /** {@code SGC-LEDGER-UNAVAILABLE}. */
  public String wireName() {
    return "SGC-" + name().replace('_', '-');
  }

  public static Optional<Code> byWireName(String name) {
    return Arrays.stream(values()).filter(c -> c.wireName().equals(name)).findFirst();
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** What to do in general; a problem may know better. */
  public String hint() {
    return hint;
  }

  /** The page about this code, Markdown. */
  public String page() {
    return """
    # %s

    **%s** · HTTP status %d · %s

    %s
    """
        .formatted(
            wireName(),
            title,
            status,
            retryable() ? "the same request may succeed later" : "the same request fails again",
            hint);
  }

  /** Whether the same request may succeed later without a change. */
  public boolean retryable() {
    return status == 429 || status == 503 || this == IDEMPOTENCY_IN_PROGRESS;
  }

  /** The documentation page, relative to the server. */
  public String type() {
    return "/errors/" + wireName().toLowerCase(Locale.ROOT);
  }
}
