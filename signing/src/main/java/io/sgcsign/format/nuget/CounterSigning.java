// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerException;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.layout.cms.CertificateSet;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * A repository's counter-signature in an author's signature (NuGet Repository Signatures and
 * Countersignatures Technical Specification, "Repository countersignature").
 */
final class CounterSigning {
  /** id-countersignature (RFC 5652 §11.4). */
  static final String ATTRIBUTE = "1.2.840.113549.1.9.6";

  private static final Bytes SIGNED_DATA = DerWriter.oid(CmsStructure.SIGNED_DATA);

  private CounterSigning() {}

  /** Whether {@code block} is the signature of an author. */
  static boolean byAuthor(Bytes block) {
    return SignatureType.is(signer(CmsStructure.parse(block)), SignatureType.AUTHOR);
  }

  static boolean countersigned(Bytes block) {
    return !signer(CmsStructure.parse(block)).unsigned(ATTRIBUTE).isEmpty();
  }

  private static SignerInfo signer(CmsStructure cms) {
    if (cms.signers().size() != 1) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The package has not exactly one primary signature",
          "Sign it again as its author first.");
    }
    return cms.signers().getFirst();
  }

  /** What the author's signature says the package is. */
  static Digest content(Bytes block) {
    try {
      return SignedContent.parse(CmsStructure.parse(block).digested());
    } catch (DerException e) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The author's signature cannot be read: " + e.getMessage(),
          "Sign it again as its author first.");
    }
  }

  /** What is countersigned: the value of the author's signature. */
  static Digest digest(Bytes block, DigestAlgorithm algorithm) {
    return Digest.of(algorithm, signer(CmsStructure.parse(block)).value());
  }

  /** The author's signature with this counter-signature and no other. */
  static Bytes with(Bytes block, Bytes counter) {
    SignedDataEdit author = SignedDataEdit.parse(without(block));
    SignedDataEdit repository = SignedDataEdit.parse(counter);
    var certificates = new ArrayList<>(author.certificates());
    repository.certificates().stream()
        .filter(c -> !certificates.contains(c))
        .forEach(certificates::add);
    return author
        .withCertificates(certificates)
        .withUnsignedAttribute(ATTRIBUTE, List.of(repository.signerInfo()))
        .der();
  }

  /** The author's signature as it was before it was countersigned, if we made it. */
  static Bytes without(Bytes block) {
    CmsStructure cms = CmsStructure.parse(block);
    SignerInfo signer = signer(cms);
    if (signer.unsigned(ATTRIBUTE).isEmpty()) {
      return block;
    }
    List<Bytes> own = chain(cms, signer);
    return SignedDataEdit.parse(block)
        .withUnsignedAttribute(ATTRIBUTE, List.of())
        .withCertificates(own.isEmpty() ? cms.certificates() : own)
        .der();
  }

  private static List<Bytes> chain(CmsStructure cms, SignerInfo signer) {
    return CertificateSet.of(cms.certificates()).chain(signer.issuer(), signer.serial());
  }

  /** The blocks as the signers gave them: the author's, then that of each repository. */
  static List<Bytes> blocks(Bytes block) {
    CmsStructure cms = CmsStructure.parse(block);
    var blocks = new ArrayList<Bytes>();
    blocks.add(without(block));
    for (Bytes counter : signer(cms).unsigned(ATTRIBUTE)) {
      blocks.add(envelope(counter, cms));
    }
    return blocks;
  }

  /** The SignedData a counter-signature came in. */
  private static Bytes envelope(Bytes counter, CmsStructure cms) {
    SignerInfo signer = CmsStructure.parseSigner(counter);
    Bytes digestAlgorithm =
        DerWriter.sequence(DerWriter.oid(signer.digest().oid()), signer.digest().parameters());
    Bytes signedData =
        DerWriter.sequence(
            DerWriter.integer(1),
            DerWriter.element(Der.SET, digestAlgorithm),
            DerWriter.sequence(DerWriter.oid(SignedContent.TYPE)),
            DerWriter.explicit(0, DerWriter.sorted(chain(cms, signer))),
            DerWriter.element(Der.SET, counter));
    return DerWriter.sequence(SIGNED_DATA, DerWriter.explicit(0, signedData));
  }
}
