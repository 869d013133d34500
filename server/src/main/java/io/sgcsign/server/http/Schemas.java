// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import static io.sgcsign.server.http.Schema.flag;
import static io.sgcsign.server.http.Schema.integer;
import static io.sgcsign.server.http.Schema.items;
import static io.sgcsign.server.http.Schema.object;
import static io.sgcsign.server.http.Schema.text;
import static io.sgcsign.server.http.Schema.time;

import io.sgcsign.server.view.RequestRow;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.wire.Code;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The named schemas of the OpenAPI document. */
final class Schemas {
  private Schemas() {}

  static Map<String, Schema> all() {
    var all = new TreeMap<String, Schema>();
    all.put("Problem", problem());
    all.put("Imprint", imprint());
    all.put("SignatureBlock", block());
    all.put("SigningContext", context());
    all.put("Check", check());
    all.put("VerificationReport", report());
    all.put("ApiKey", apiKey());
    all.put("Request", request());
    return all;
  }

  private static Schema problem() {
    var codes = Arrays.stream(Code.values()).map(Code::wireName).toList();
    return object()
        .required("type", text(), "Page about this kind of problem.")
        .required("title", text(), "The kind of problem in words.")
        .required("status", integer(), "HTTP status.")
        .required("code", Schema.choice(codes, ""), "Names the kind of problem for ever.")
        .required("detail", text(), "What happened here.")
        .required("hint", text(), "What to do about it.")
        .with("request_id", text(), "Names the request in log and ledger.");
  }

  private static Schema imprint() {
    return object()
        .required("format", text(), "The format's name.")
        .required("kind", text(), "The kind of file.")
        .required("digest", text(), "The format's digest, for example sha256:<hex>.")
        .required("artifact", text(), "SHA-256 of the whole file.")
        .required("signer", text(), "SHA-256 of the signing certificate.")
        .with(
            "parts",
            items(
                object()
                    .required("name", text(), "Name of the part.")
                    .required("digest", text(), "Its digest.")),
            "Digests of parts, for example pages.")
        .with("facts", object(), "Facts the format needs, all texts.");
  }

  private static Schema block() {
    return object()
        .required("type", Schema.choice(List.of("cms", "xml", "value"), ""), "What it is.")
        .required("data", text(), "Base64.")
        .with("token", text(), "Time stamp of an XML signature, base64.")
        .with("chain", items(text()), "Certificates of a bare value, base64 DER.");
  }

  private static Schema context() {
    return object()
        .required("signer", text(), "SHA-256 of the signing certificate.")
        .required("chain", items(text()), "Certificates, leaf first, base64 DER.")
        .required("algorithm", text(), "For example rsa-pkcs1/sha256.")
        .required("time", time(), "Time for signatures that carry one.")
        .required("seed", text(), "32 random bytes, base64.")
        .required("max_block_size", integer(), "Bytes to reserve for a signature.");
  }

  private static Schema check() {
    var names = Arrays.stream(CheckName.values()).map(CheckName::wireName).toList();
    var outcomes =
        Arrays.stream(VerificationReport.Outcome.values())
            .map(VerificationReport.Outcome::wireName)
            .toList();
    return object()
        .required("name", Schema.choice(names, ""), "What was looked at.")
        .required("status", Schema.choice(outcomes, ""), "How it ended.")
        .required("required", flag(), "Whether the file is refused unless it passed.")
        .required("detail", text(), "More, for people.");
  }

  private static Schema report() {
    var statuses =
        Arrays.stream(VerificationReport.Status.values())
            .map(VerificationReport.Status::wireName)
            .toList();
    var checks = items(new Schema.Ref("Check"));
    var stamp =
        object()
            .required("type", text(), "rfc3161 or pkcs9.")
            .required("time", time(), "When it was signed.")
            .required("subject", text(), "The authority.")
            .required("not_after", time(), "End of life of the authority's certificate.")
            .required("checks", checks, "What was looked at.");
    var signature =
        object()
            .required("path", text(), "0, 0.nested.0, 0.counter.0, engine.0, …")
            .required("status", Schema.choice(statuses, ""), "The verdict.")
            .required("subject", text(), "The signer.")
            .required("issuer", text(), "Who vouches for the signer.")
            .with("thumbprint", text(), "SHA-256 of the certificate.")
            .required("digest_algorithm", text(), "Digest of the content.")
            .required("signature_algorithm", text(), "Algorithm of the signature.")
            .with("trusted_by", text(), "Whose anchor the chain leads to.")
            .with("not_after", time(), "End of life of the certificate.")
            .required("survives_expiry", flag(), "Good beyond the certificate's life.")
            .with("timestamp", stamp, "The time stamp.")
            .required("checks", checks, "What was looked at.");
    return object()
        .required("valid", flag(), "Whether every required check passed.")
        .required("status", Schema.choice(statuses, ""), "The verdict.")
        .required("format", text(), "The format.")
        .with("subject", text(), "Signer of the primary signature.")
        .required("has_timestamp", flag(), "Whether it is stamped.")
        .with("timestamp_time", time(), "The time of the stamp.")
        .with("survives_expiry", flag(), "Good beyond the certificate's life.")
        .required("signatures", items(signature), "All signatures.")
        .required("checks", checks, "What concerns the whole file.")
        .with("facts", object(), "What the file says about itself: text by name.");
  }

  private static Schema apiKey() {
    return object()
        .required("id", text(), "Identifier.")
        .required("name", text(), "What people call it.")
        .required("providers", items(text()), "Providers it may use; empty: all.")
        .required("formats", items(text()), "Formats it may sign; empty: all.")
        .required("created_at", time(), "When it was made.")
        .required("expires_at", time(), "When it ends.")
        .with("revoked_at", time(), "When it was revoked.")
        .with("key", text(), "The key itself: shown once, when it is made.");
  }

  private static Schema request() {
    var statuses =
        Arrays.stream(RequestRow.Status.values()).map(RequestRow.Status::wireName).toList();
    var ask =
        object()
            .required("ordinal", integer(), "Which use of the key this is, from 0.")
            .required("intent", integer(), "Index of its intent in the ledger.")
            .with("log_index", integer(), "Index of its end.");
    return object()
        .required("request_id", text(), "Identifier.")
        .required("status", Schema.choice(statuses, ""), "How far it is.")
        .required("by", text(), "Who asked.")
        .required("submitted_at", time(), "When it came.")
        .with("finished_at", time(), "When it ended.")
        .with("format", text(), "The format.")
        .with("provider", text(), "The provider.")
        .with("mode", text(), "upload or hash.")
        .with("artifact", text(), "SHA-256 of the file.")
        .with("signed", text(), "SHA-256 of the signed file, if the server saw it.")
        .with("file_name", text(), "The file's name; forgotten after the retention period.")
        .with("code", text(), "The problem it ended with.")
        .required("options", object(), "The format's options.")
        .required("unverified", object(), "What the caller said about the build.")
        .required("asks", items(ask), "The uses of the key.");
  }
}
