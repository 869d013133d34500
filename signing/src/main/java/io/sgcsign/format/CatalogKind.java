// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.layout.cat.CatalogFile;
import io.sgcsign.layout.cat.CatalogList;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.VerificationReport.Check;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Security catalogs. What is signed is the list itself, so the server has to see and read it: a
 * catalog does not go by hash.
 */
final class CatalogKind implements AuthenticodeKind {
  static final FormatDescriptor.Kind CAT =
      new FormatDescriptor.Kind("cat", List.of("cat"), "Security catalogs", false);

  /** The fact of an imprint that holds the list in base64. */
  private static final String LIST = "catalog_list";

  @Override
  public List<FormatDescriptor.Kind> kinds() {
    return List.of(CAT);
  }

  @Override
  public List<String> facts() {
    return List.of(LIST);
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return CatalogFile.recognise(artifact) ? Optional.of(CAT) : Optional.empty();
  }

  @Override
  public boolean begins(Artifact artifact) {
    return CatalogFile.recognise(artifact);
  }

  @Override
  public AuthenticodeSubject open(Artifact artifact, FormatDescriptor.Kind kind) {
    return new Subject(CatalogFile.parse(artifact));
  }

  @Override
  public Content content(Imprint imprint, Options options) {
    require(
        imprint.parts().isEmpty() && imprint.facts().keySet().equals(Set.of(LIST)),
        "The imprint of a catalog has its list and nothing else");
    try {
      var list = CatalogList.parse(Bytes.fromBase64(imprint.facts().getOrDefault(LIST, "")));
      require(
          Digest.of(imprint.digest().algorithm(), list.content()).equals(imprint.digest()),
          "The digest is not that of the list");
      return new Content(CatalogList.CONTENT_TYPE, list.der(), list.content());
    } catch (DerException | IllegalArgumentException e) {
      throw new ImprintException("The imprint holds no list of a catalog: " + e.getMessage());
    }
  }

  /** A catalog: its signature is the file, further ones are nested. */
  private record Subject(CatalogFile file) implements AuthenticodeSubject {
    @Override
    public FormatDescriptor.Kind kind() {
      return CAT;
    }

    @Override
    public List<Entry> signatures() {
      return file.signed() ? List.of(new Entry.Sound(file.der())) : List.of();
    }

    @Override
    public boolean nests() {
      return true;
    }

    @Override
    public void refuseLoss(boolean append) {
      // nothing of a catalog is lost but its signatures: it was read to the last byte
    }

    @Override
    public Scan scan(Set<DigestAlgorithm> algorithms) {
      return new Found(file);
    }

    @Override
    public Scan scanToSign(Set<DigestAlgorithm> algorithms, boolean append, Options options) {
      return scan(algorithms);
    }

    @Override
    public Patch strip() {
      return Patch.of(new Patch.Piece.Literal(file.unsigned()));
    }

    /** A signature speaks of the list that it holds; a nested one holds its own. */
    @Override
    public SpcContent claim(CmsStructure cms) {
      if (!cms.contentType().equals(CatalogList.CONTENT_TYPE)) {
        throw new DerException("The signature is not of a catalog, but of " + cms.contentType());
      }
      Bytes own = cms.content().orElseThrow(() -> new DerException("It has no content"));
      Digest digest = Digest.sha256(CatalogList.parse(own).content());
      return new SpcContent(
          CatalogList.CONTENT_TYPE, Optional.empty(), digest.algorithm().oid(), digest.value());
    }

    @Override
    public List<Check> judge(SpcContent content, Scan scan) {
      return List.of(content.digestCheck(scan));
    }

    @Override
    public List<Check> fileChecks(Scan scan) {
      return List.of(Check.passed(CheckName.STRUCTURE));
    }
  }

  /** The list's digests; it is in memory anyway. */
  private record Found(CatalogFile file) implements AuthenticodeSubject.Scan {
    @Override
    public Digest digest(DigestAlgorithm algorithm) {
      return Digest.of(algorithm, file.list().content());
    }

    @Override
    public Digest artifact() {
      return Digest.sha256(file.der());
    }

    @Override
    public AuthenticodeSubject.Measure measure(
        DigestAlgorithm algorithm, Options options, SigningContext context) {
      var facts = new TreeMap<String, String>();
      facts.put(LIST, file.list().der().toBase64());
      return new AuthenticodeSubject.Measure(digest(algorithm), List.of(), facts);
    }

    @Override
    public Patch embed(List<Bytes> signatures) {
      return Patch.of(new Patch.Piece.Literal(signatures.getFirst()));
    }
  }
}
