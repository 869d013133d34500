// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.policy;

import io.sgcsign.format.Formats;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.DistinguishedName;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.config.ServerConfig.StampRule;
import io.sgcsign.timestamp.StampProtocol;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides by the provider's rules. Pure. */
public final class PolicyEngine {
  private final ServerConfig.Timestamping timestamping;

  public PolicyEngine(ServerConfig.Timestamping timestamping) {
    this.timestamping = timestamping;
  }

  public Decision decide(Question question, Instant now) {
    return objection(question, now)
        .<Decision>map(Decision.Deny::new)
        .orElseGet(() -> stamping(question));
  }

  /** What speaks against it besides how it is stamped. */
  public Optional<Problem> objection(Question question, Instant now) {
    ServerConfig.Rules rules = question.provider().rules();
    String format = question.format().name();
    if (!question.by().maySign(format)) {
      return deny(
          Code.FORMAT_NOT_ALLOWED, "The key " + question.by().name() + " may not sign " + format);
    }
    if (!rules.signs(format, Formats.ALONE)) {
      return deny(
          Code.FORMAT_NOT_ALLOWED,
          "The provider " + question.provider().name() + " does not sign " + format);
    }
    if (!question.contentSeen() && !rules.allowHashOnly()) {
      return deny(
          Code.HASH_NOT_ALLOWED,
          "The provider " + question.provider().name() + " signs only files it can see");
    }
    if (question.hashes().contains(DigestAlgorithm.SHA1) && !rules.allowSha1()) {
      return deny(
          Code.SHA1_NOT_ALLOWED,
          "The provider " + question.provider().name() + " makes no SHA-1 signatures");
    }
    return unfit(question, now);
  }

  private static Optional<Problem> unfit(Question question, Instant now) {
    X509Certificate certificate = question.certificate();
    String subject = DistinguishedName.format(certificate.getSubjectX500Principal());
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      return deny(
          Code.CERTIFICATE_UNFIT,
          "The certificate " + subject + " expired on " + certificate.getNotAfter().toInstant());
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      return deny(
          Code.CERTIFICATE_UNFIT,
          "The certificate "
              + subject
              + " is not valid before "
              + certificate.getNotBefore().toInstant());
    }
    if (question.format().codeSigning() && !signsCode(certificate)) {
      return deny(
          Code.CERTIFICATE_UNFIT,
          "The certificate " + subject + " lacks the extended key usage codeSigning");
    }
    return Optional.empty();
  }

  private static boolean signsCode(X509Certificate certificate) {
    try {
      List<String> usages = certificate.getExtendedKeyUsage();
      boolean[] keyUsage = certificate.getKeyUsage();
      return usages != null
          && usages.contains(VerificationPolicy.CODE_SIGNING)
          && (keyUsage == null || keyUsage[0]);
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private Decision stamping(Question question) {
    boolean selfSigned =
        question
            .certificate()
            .getSubjectX500Principal()
            .equals(question.certificate().getIssuerX500Principal());
    Optional<StampRule> rule = question.provider().rules().timestamp();
    boolean must =
        rule.map(r -> r == StampRule.REQUIRED)
            .orElse(question.format().codeSigning() && !selfSigned);
    StampRule wanted =
        question
            .stamp()
            .or(() -> question.tsa().map(t -> StampRule.REQUIRED))
            .orElse(must ? StampRule.REQUIRED : rule.orElse(StampRule.OPTIONAL));
    if (must && wanted != StampRule.REQUIRED) {
      return denied(
          Code.TIMESTAMP_REQUIRED,
          "The provider " + question.provider().name() + " releases nothing without a time stamp",
          "Leave timestamp out, or set \"rules\": {\"timestamp\": \"optional\"} on the provider.");
    }
    if (!question.format().stampable()) {
      return wanted == StampRule.REQUIRED
          ? denied(
              Code.TIMESTAMP_REQUIRED,
              "Signatures of format " + question.format().name() + " carry no time stamp",
              "Send timestamp=none, or set \"rules\": {\"timestamp\": \"none\"} on the provider.")
          : new Decision.Permit(new StampPlan.None());
    }
    if (wanted == StampRule.NONE) {
      return none(question);
    }
    return question.protocol() == StampProtocol.AUTHENTICODE
        ? counterSigned(question, wanted == StampRule.REQUIRED)
        : stamped(question, wanted);
  }

  private static Decision none(Question question) {
    if (question.protocol() == StampProtocol.AUTHENTICODE) {
      return denied(
          Code.FIELD_INVALID,
          "timestamp=none and timestamp_protocol=authenticode contradict each other",
          "Leave one of the two out.");
    }
    return question.tsa().isPresent()
        ? denied(
            Code.FIELD_INVALID,
            "timestamp=none and tsa_url contradict each other",
            "Leave one of the two out.")
        : new Decision.Permit(new StampPlan.None());
  }

  private Decision stamped(Question question, StampRule wanted) {
    boolean required = wanted == StampRule.REQUIRED;
    Optional<URI> named = question.tsa();
    if (named.isPresent() && !allowed(named.get(), question.provider())) {
      return denied(
          Code.TSA_NOT_ALLOWED,
          named.get() + " is not among the time-stamp authorities this server asks",
          "Add it to timestamping.allowed.");
    }
    Optional<URI> authority = named.or(question.provider()::tsaUrl);
    if (authority.isPresent() || !timestamping.speaking(StampProtocol.RFC3161).isEmpty()) {
      return new Decision.Permit(new StampPlan.Stamp(authority, required));
    }
    return required
        ? denied(
            Code.TIMESTAMP_REQUIRED,
            "A time stamp is required, but there is no authority to ask",
            "Send tsa_url=http://timestamp.digicert.com (--tsa), or configure \"timestamping\":"
                + " {\"authorities\": [{\"url\": \"http://timestamp.digicert.com\"}]}.")
        : new Decision.Permit(new StampPlan.None());
  }

  /**
   * Whoever asks for the old protocol gets it or nothing: never another stamp instead, never from
   * an authority that the operator has not set up for it.
   */
  private Decision counterSigned(Question question, boolean required) {
    List<ServerConfig.Authority> authorities = timestamping.speaking(StampProtocol.AUTHENTICODE);
    Optional<URI> named = question.tsa();
    boolean known =
        named.isEmpty()
            ? !authorities.isEmpty()
            : authorities.stream().anyMatch(a -> a.url().equals(named.get()));
    return known
        ? new Decision.Permit(
            new StampPlan.CounterSign(named, required, question.provider().rules().allowSha1()))
        : denied(
            Code.TSA_NOT_ALLOWED,
            named.map(URI::toString).orElse("No time-stamp authority")
                + " is set up for timestamp_protocol=authenticode on this server",
            "Leave timestamp_protocol out for an RFC 3161 stamp, or configure"
                + " \"timestamping\": {\"authorities\": [{\"url\": \"http://…\","
                + " \"protocol\": \"authenticode\"}]}.");
  }

  private boolean allowed(URI url, ServerConfig.Provider provider) {
    return timestamping.allowed().contains(url)
        || provider.tsaUrl().equals(Optional.of(url))
        || timestamping.speaking(StampProtocol.RFC3161).stream().anyMatch(a -> a.url().equals(url));
  }

  private static Optional<Problem> deny(Code code, String detail) {
    return Optional.of(Problem.of(code, detail));
  }

  private static Decision denied(Code code, String detail, String hint) {
    return new Decision.Deny(Problem.of(code, detail, hint));
  }
}
