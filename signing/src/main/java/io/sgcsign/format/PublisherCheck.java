// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.pki.WindowsName;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Holds the publisher of an app manifest against the signer: Windows installs no package where they
 * differ (0x8007000B), and says that in no helpful way.
 */
final class PublisherCheck {
  private PublisherCheck() {}

  /** What is wrong; empty: they are the same. */
  static Optional<String> fault(String publisher, X509Certificate signer) {
    var subject = WindowsName.of(signer.getSubjectX500Principal());
    return WindowsName.parse(publisher).filter(subject::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            "The manifest's publisher is \"%s\", the certificate's subject \"%s\""
                .formatted(publisher, subject));
  }

  /** The attribute to write into the manifest. */
  static String attribute(X509Certificate signer) {
    String subject = WindowsName.of(signer.getSubjectX500Principal()).toString();
    return "Publisher=\""
        + subject
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
        + "\"";
  }
}
