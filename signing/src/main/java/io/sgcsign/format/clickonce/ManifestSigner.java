// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Options;
import io.sgcsign.layout.xml.SignedInfo;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import java.util.List;
import java.util.SortedMap;

/** Signs manifests of one file that came in: the licence, which is stamped, then the manifest. */
final class ManifestSigner {
  private final String kind;
  private final Digest artifact;
  private final Options options;
  private final Signer signer;
  private final Publisher publisher;

  /**
   * @param kind of the file that came in
   * @param artifact SHA-256 of that file
   */
  ManifestSigner(
      String kind, Digest artifact, Options options, Signer signer, Publisher publisher) {
    this.kind = kind;
    this.artifact = artifact;
    this.options = options;
    this.signer = signer;
    this.publisher = publisher;
  }

  /** The manifest with a signature in place of those it has. */
  Patch sign(Manifest manifest) {
    Patch prepare = manifest.prepare(publisher);
    Manifest prepared = Manifest.parse(apply(manifest.document().content(), prepare));
    DigestAlgorithm hash = options.hash();
    Digest digest = prepared.digest(hash);
    SortedMap<String, String> identity = prepared.identityAttributes();
    License license = ManifestImprint.license(digest, identity, publisher.name(), options);
    SignedInfo inner = ManifestImprint.signedInfo(license.digest(hash));
    SignedInfo outer = ManifestImprint.signedInfo(digest);
    var xml = new SignatureXml(signer.context().chain());

    SignatureBlock.Xml authenticode = ask(digest, ManifestImprint.licenseFacts(identity));
    SignatureBlock.Xml strongName = ask(digest, ManifestImprint.manifestFacts());

    String licensed = license.xml(xml.license(inner, authenticode));
    return prepare.then(prepared.sign(xml.manifest(outer, strongName, licensed)));
  }

  static Bytes apply(Bytes content, Patch patch) {
    Artifact out = Artifact.of(content).with(patch);
    return out.read(0, (int) out.size());
  }

  private SignatureBlock.Xml ask(Digest digest, SortedMap<String, String> facts) {
    var imprint =
        new Imprint(
            ClickOnceFormat.NAME,
            kind,
            digest,
            artifact,
            signer.context().chain().fingerprint(),
            List.of(),
            facts);
    return switch (signer.sign(imprint)) {
      case SignatureBlock.Xml block -> block;
      case SignatureBlock.Cms _, SignatureBlock.Value _ ->
          throw new IllegalStateException("The signer answered with no XML signature");
    };
  }
}
