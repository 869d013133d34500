// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * Whom Windows lets run: everything of one publisher under one issuing authority, whatever the
 * file's name and version. It outlives the renewal of the certificate.
 *
 * @param issuer common name of the issuing authority
 * @param root digest of the issuing certificate's to-be-signed part, in upper-case hexadecimal
 * @param publisher common name of the signer
 * @param appLocker the signer as AppLocker names publishers
 * @param rsa whether the signer's key is one that application control knows
 */
record PublisherRule(String issuer, String root, String publisher, String appLocker, boolean rsa) {
  /** What AppLocker takes of a name, in its order; it calls the state S. */
  private static final List<String> PARTS = List.of("O", "L", "ST", "C");

  static PublisherRule of(X509Certificate signer, List<X509Certificate> others) {
    X509Certificate issuing = issuing(signer, others);
    String publisher =
        SubjectName.of(signer)
            .part("CN")
            .orElseThrow(() ->
                unfit(signer, "it has no common name", "Use another certificate.").exception());
    return new PublisherRule(
        SubjectName.of(issuing).part("CN").orElse(publisher),
        digest(issuing).value().toHex().toUpperCase(Locale.ROOT),
        publisher,
        appLocker(SubjectName.of(signer)),
        signer.getPublicKey().getAlgorithm().equals("RSA"));
  }

  private static X509Certificate issuing(X509Certificate signer, List<X509Certificate> others) {
    X500Principal issuer = signer.getIssuerX500Principal();
    return Stream.concat(Stream.of(signer), others.stream())
        .filter(c -> c.getSubjectX500Principal().equals(issuer) && signed(signer, c))
        .findFirst()
        .orElseThrow(() ->
            unfit(
                    signer,
                    "the certificate of its issuer is not with it, whose digest the rule needs",
                    "Add the certificates of the chain to the PEM file.")
                .exception());
  }

  private static boolean signed(X509Certificate signer, X509Certificate issuer) {
    try {
      signer.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Failure unfit(X509Certificate certificate, String why, String fix) {
    String name = certificate.getSubjectX500Principal().toString();
    return Failure.usage("There is no rule for " + name, why, fix);
  }

  /** Windows hashes the part with the algorithm the certificate itself was signed with. */
  private static Digest digest(X509Certificate certificate) {
    try {
      String name = digestName(certificate);
      return DigestAlgorithm.byWireName(name)
          .map(a -> toBeSigned(a, certificate))
          .orElseThrow(() ->
              unfit(
                      certificate,
                      "it is signed with " + certificate.getSigAlgName(),
                      "Windows takes certificates signed with RSA and SHA-2.")
                  .exception());
    } catch (GeneralSecurityException e) {
      throw unfit(certificate, e.toString(), "Check the certificate.").exception();
    }
  }

  private static Digest toBeSigned(DigestAlgorithm algorithm, X509Certificate certificate) {
    try {
      return Digest.of(algorithm, Bytes.wrap(certificate.getTBSCertificate()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("It was read from its encoding", e);
    }
  }

  /** {@code sha384} of SHA384withRSA, or of the parameters of RSASSA-PSS. */
  private static String digestName(X509Certificate certificate) throws GeneralSecurityException {
    String name = certificate.getSigAlgName();
    if (name.equals("RSASSA-PSS")) {
      var parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      try {
        parameters.init(certificate.getSigAlgParams());
      } catch (IOException e) {
        throw new GeneralSecurityException(e);
      }
      name = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
    }
    return name.replaceFirst("(?i)with.*", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  /** Windows does not quote commas; a name without an organisation is its common name. */
  static String appLocker(SubjectName name) {
    Optional<String> organisation = name.part("O");
    String text =
        organisation.isEmpty()
            ? "CN=" + name.part("CN").orElse("")
            : PARTS.stream()
                .flatMap(p -> name.part(p).map(v -> (p.equals("ST") ? "S" : p) + "=" + v).stream())
                .collect(Collectors.joining(", "));
    return text.toUpperCase(Locale.ROOT);
  }
}
