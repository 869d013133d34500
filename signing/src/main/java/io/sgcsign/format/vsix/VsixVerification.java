// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import static io.sgcsign.layout.xml.XmlAlgorithms.DSIG;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.layout.xml.Canonical;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.KeyPurpose;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.ValueVerifier;
import io.sgcsign.verify.Verdict;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.w3c.dom.Element;

/** Judges the signature of an extension: one, that covers every part and its content type. */
final class VsixVerification {
  private final VsixPackage file;
  private final ValueVerifier verifier;

  /** Where the policy names no usage, the certificate must be for code signing. */
  VsixVerification(VsixPackage file, VerificationPolicy policy) {
    this.file = file;
    this.verifier =
        new ValueVerifier(
            policy.extendedKeyUsage().isEmpty()
                ? policy.withUsage(Set.of(KeyPurpose.CODE_SIGNING))
                : policy);
  }

  VerificationReport verify() {
    VerificationReport report = judged();
    try {
      return report.with(file.identity());
    } catch (ArtifactException _) {
      return report; // the check of the structure says why
    }
  }

  private VerificationReport judged() {
    Check structure = structure();
    List<ZipEntry> signatures = file.signatures();
    if (signatures.isEmpty()) {
      return new VerificationReport(
          VsixFormat.NAME, Status.UNSIGNED, List.of(), List.of(structure));
    }
    SignatureReport signature =
        signatures.size() == 1
            ? judge(signatures.getFirst())
            : CmsVerifier.unreadable("0", "There are " + signatures.size() + " signature parts");
    Status status = Verdict.worst(List.of(signature.status(), Verdict.of(List.of(structure))));
    return new VerificationReport(VsixFormat.NAME, status, List.of(signature), List.of(structure));
  }

  private Check structure() {
    try {
      return new Check(CheckName.STRUCTURE, Outcome.PASSED, true, summary(file.identity()));
    } catch (ArtifactException e) {
      return Check.failed(CheckName.STRUCTURE, String.valueOf(e.getMessage()));
    }
  }

  private static String summary(SortedMap<String, String> identity) {
    String version = identity.containsKey("version") ? " " + identity.get("version") : "";
    String publisher = identity.containsKey("publisher") ? " of " + identity.get("publisher") : "";
    return "extension " + identity.getOrDefault("id", "?") + version + publisher;
  }

  private SignatureReport judge(ZipEntry entry) {
    try {
      VsixSignature signature = VsixSignature.of(file, entry);
      var value =
          new ValueVerifier.Signature(
              signature.info().canonical().of(signature.signedInfo()),
              signature.value(),
              signature.info().algorithm(),
              signature.tokens());
      Optional<X509Certificate> leaf =
          signature.certificates().stream()
              .filter(c -> value.madeWith(c.getPublicKey()))
              .findFirst()
              // none fits: let the first one take the blame
              .or(() -> signature.certificates().stream().findFirst());
      if (leaf.isEmpty()) {
        return CmsVerifier.unreadable("0", "The signature has no certificate");
      }
      var checks = List.of(related(entry), contentDigest(signature));
      return verifier.judge("0", value, leaf.get(), signature.certificates(), checks);
    } catch (ArtifactException e) {
      return CmsVerifier.unreadable("0", String.valueOf(e.getMessage()));
    }
  }

  /** Readers find the signature by relationships from the root. */
  private Check related(ZipEntry signature) {
    boolean found =
        targets(Opc.ROOT_RELATIONSHIPS, Opc.ORIGIN_TYPE).equals(List.of("/" + Opc.ORIGIN))
            && targets(Opc.ORIGIN_RELATIONSHIPS, Opc.SIGNATURE_PART_TYPE).stream()
                .map(t -> t.startsWith("/") ? t : "/" + Opc.SIGNATURES + t)
                .toList()
                .equals(List.of(VsixPackage.partName(signature)));
    return found
        ? Check.passed(CheckName.STRUCTURE)
        : Check.failed(CheckName.STRUCTURE, "No relationship leads to the signature");
  }

  private List<String> targets(String part, String type) {
    return file.part("/" + part)
        .map(e -> Relationships.parse(file.read(e)).targets(type))
        .orElse(List.of());
  }

  private Check contentDigest(VsixSignature signature) {
    SignedInfo.Reference reference = signature.info().reference();
    boolean plain =
        signature.info().canonical() == Canonical.INCLUSIVE
            && reference.type().equals(DSIG + "Object")
            && (reference.transforms().isEmpty()
                || reference.transforms().equals(List.of(Canonical.INCLUSIVE.uri())));
    if (!plain) {
      return failed("The Object is signed in an unknown way");
    }
    Digest now =
        Digest.of(reference.digest().algorithm(), Canonical.INCLUSIVE.of(signature.object()));
    if (!now.equals(reference.digest())) {
      return failed("The list of parts was changed after it was signed");
    }
    List<Element> lists = Elements.children(signature.object(), DSIG, "Manifest");
    if (lists.size() != 1) {
      return failed("The Object has not one list of parts");
    }
    return parts(Elements.children(lists.getFirst()));
  }

  private Check parts(List<Element> references) {
    var covered = new HashSet<String>();
    for (Element element : references) {
      PartReference reference = PartReference.of(element);
      String name = reference.part().toLowerCase(Locale.ROOT);
      Optional<ZipEntry> entry = file.part(name);
      if (entry.isEmpty()) {
        return failed("The part " + reference.part() + " is missing");
      }
      if (!covered.add(name)) {
        return failed("The part " + reference.part() + " is named twice");
      }
      if (!file.types().of(name).equalsIgnoreCase(reference.type())) {
        return failed("The part " + reference.part() + " was of another content type");
      }
      PartReference.Measured measured = reference.measure(file, entry.get());
      if (!measured.digest().equals(reference.digest())) {
        return failed("The part " + reference.part() + " was changed after it was signed");
      }
      if (measured.leftOut().isPresent()) {
        return failed("The signature does not cover a relationship in " + reference.part());
      }
    }
    return new TreeSet<>(file.names().keySet())
        .stream()
            .filter(name -> !covered.contains(name) && !file.beside(name))
            .findFirst()
            .map(name -> failed("The signature does not cover the part " + name))
            .orElse(Check.passed(CheckName.CONTENT_DIGEST));
  }

  private static Check failed(String detail) {
    return Check.failed(CheckName.CONTENT_DIGEST, detail);
  }
}
