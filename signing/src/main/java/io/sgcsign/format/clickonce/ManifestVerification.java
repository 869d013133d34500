// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import static io.sgcsign.format.clickonce.Namespaces.ASM2;
import static io.sgcsign.format.clickonce.Namespaces.AUTHENTICODE;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.layout.xml.Canonical;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.ValueVerifier;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/**
 * Judges the signature of a manifest: the outer one covers the document, the inner one a licence
 * that names the document's digest, its identity and the publisher. Both are of one key.
 */
final class ManifestVerification {
  private static final List<String> TRANSFORMS =
      List.of(SignedInfo.ENVELOPED, Canonical.EXCLUSIVE.uri());

  private final ValueVerifier verifier;

  /** Where the policy names no usage, the certificate must be for code signing. */
  ManifestVerification(VerificationPolicy policy) {
    this.verifier =
        new ValueVerifier(
            policy.extendedKeyUsage().isEmpty()
                ? policy.withUsage(Set.of(KeyPurpose.CODE_SIGNING))
                : policy);
  }

  VerificationReport verify(Manifest manifest) {
    Check structure = new Check(CheckName.STRUCTURE, Outcome.PASSED, true, manifest.summary());
    if (!manifest.signed()) {
      return new VerificationReport(
              ClickOnceFormat.NAME, Status.UNSIGNED, List.of(), List.of(structure))
          .with(manifest.facts());
    }
    SignatureReport signature = judge("0", manifest);
    return new VerificationReport(
            ClickOnceFormat.NAME, signature.status(), List.of(signature), List.of(structure))
        .with(manifest.facts());
  }

  /** Judges the signature of a signed manifest. */
  SignatureReport judge(String path, Manifest manifest) {
    try {
      ManifestSignature signature = ManifestSignature.of(manifest).orElseThrow();
      Optional<X509Certificate> leaf = signature.leaf();
      if (leaf.isEmpty()) {
        return CmsVerifier.unreadable(path, "No certificate in the signature has the signer's key");
      }
      var checks =
          List.of(
              new Check(CheckName.STRUCTURE, Outcome.PASSED, true, manifest.summary()),
              contentDigest(manifest, signature),
              license(manifest, signature, leaf.get()),
              strongName(signature, leaf.get()),
              comments(manifest));
      return verifier.judge(
          path,
          signature.license().value(signature.tokens()),
          leaf.get(),
          signature.certificates(),
          checks);
    } catch (ArtifactException e) {
      return CmsVerifier.unreadable(path, String.valueOf(e.getMessage()));
    }
  }

  private static Check contentDigest(Manifest manifest, ManifestSignature signature) {
    SignedInfo.Reference outer = signature.manifest().info().reference();
    SignedInfo.Reference inner = signature.license().info().reference();
    if (!whole(signature.manifest().info()) || !whole(signature.license().info())) {
      return Check.failed(CheckName.CONTENT_DIGEST, "Something else than a document was signed");
    }
    Digest licensed =
        Digest.of(
            inner.digest().algorithm(),
            Canonical.EXCLUSIVE.without(signature.content(), signature.license().element()));
    if (!licensed.equals(inner.digest())) {
      return Check.failed(CheckName.CONTENT_DIGEST, "The licence was changed after it was signed");
    }
    return manifest.digest(outer.digest().algorithm()).equals(outer.digest())
        ? Check.passed(CheckName.CONTENT_DIGEST)
        : Check.failed(CheckName.CONTENT_DIGEST, "The manifest was changed after it was signed");
  }

  private static boolean whole(SignedInfo info) {
    SignedInfo.Reference reference = info.reference();
    return info.canonical() == Canonical.EXCLUSIVE
        && reference.uri().isEmpty()
        && reference.type().isEmpty()
        && reference.transforms().equals(TRANSFORMS);
  }

  /** What the licence says is what the manifest and the certificate say. */
  private static Check license(
      Manifest manifest, ManifestSignature signature, X509Certificate leaf) {
    Element grant = Elements.children(signature.content()).getFirst();
    Optional<Element> information = Elements.child(grant, AUTHENTICODE, "ManifestInformation");
    Optional<Element> identity =
        information.flatMap(i -> Elements.child(i, AUTHENTICODE, "assemblyIdentity"));
    Optional<String> publisher =
        Elements.child(grant, AUTHENTICODE, "AuthenticodePublisher")
            .flatMap(p -> Elements.child(p, AUTHENTICODE, "X509SubjectName"))
            .map(Element::getTextContent);
    if (identity.isEmpty() || publisher.isEmpty()) {
      return refused("The licence names no manifest or no publisher");
    }
    Digest digest = signature.manifest().info().reference().digest();
    String hash = information.get().getAttributeNS(null, "Hash");
    if (!hash.equalsIgnoreCase(License.reversed(digest))) {
      return refused("The licence is for another manifest");
    }
    if (!Manifest.attributes(identity.get()).equals(manifest.identityAttributes())) {
      return refused("The licence is for another identity");
    }
    if (!(leaf.getPublicKey() instanceof RSAPublicKey key)
        || !manifest.token().equalsIgnoreCase(StrongName.token(key))) {
      return refused("The publicKeyToken is of another key");
    }
    List<Element> said = Elements.children(manifest.document().root(), ASM2, "publisherIdentity");
    boolean same =
        said.size() <= 1
            && said.stream().allMatch(p -> p.getAttributeNS(null, "name").equals(publisher.get()));
    return same
        ? Check.passed(CheckName.SIGNED_ATTRIBUTES)
        : refused("Manifest and licence name different publishers");
  }

  private static Check refused(String detail) {
    return Check.failed(CheckName.SIGNED_ATTRIBUTES, detail);
  }

  /** The outer signature is of the same key. */
  private static Check strongName(ManifestSignature signature, X509Certificate leaf) {
    boolean good =
        signature.manifest().isKey(leaf)
            && signature.manifest().value(List.of()).madeWith(leaf.getPublicKey());
    return good
        ? Check.passed(CheckName.SIGNATURE_VALUE)
        : Check.failed(
            CheckName.SIGNATURE_VALUE,
            "The strong-name signature does not verify under the signer's key");
  }

  /** Canonical forms leave comments out. */
  private static Check comments(Manifest manifest) {
    return manifest.document().hasComments()
        ? Check.warned(CheckName.HIDDEN_DATA, "Its comments are covered by no signature")
        : Check.passed(CheckName.HIDDEN_DATA);
  }
}
