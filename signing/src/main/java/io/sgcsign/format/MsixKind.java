// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.appx.AppxDigests;
import io.sgcsign.layout.appx.AppxPackage;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.Imprint.NamedDigest;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SigningContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * MSIX and APPX packages and their bundles. In place of one digest they have up to five, which an
 * imprint carries as parts; its own digest is that of all of them. Its fact is the manifest's
 * publisher, which has to be the signer.
 */
final class MsixKind implements AuthenticodeKind {
  static final FormatDescriptor.Kind PACKAGE =
      new FormatDescriptor.Kind("msix", List.of("msix", "appx"), "MSIX and APPX packages");
  static final FormatDescriptor.Kind BUNDLE =
      new FormatDescriptor.Kind(
          "msixbundle", List.of("msixbundle", "appxbundle"), "Bundles of MSIX and APPX packages");

  static final String PUBLISHER = "publisher";

  private static final long VERSION = 0x0101_0000;

  /** That of Windows 8. */
  private static final long FIRST_VERSION = 0x0100_0000;

  /** {0AC5DF4B-CE07-4DE2-B76E-23C839A09FD1}. */
  private static final Bytes SIP = Bytes.fromHex("4bdfc50a07cee24db76e23c839a09fd1");

  /** {0F5F58B3-AADE-4B9A-A434-95742D92ECEB}. */
  private static final Bytes SIP_OF_BUNDLES = Bytes.fromHex("b3585f0fdeaa9a4ba43495742d92eceb");

  private static final List<String> PARTS =
      List.of(
          AppxDigests.ENTRIES,
          AppxDigests.DIRECTORY,
          AppxDigests.TYPES,
          AppxDigests.BLOCK_MAP,
          AppxDigests.CODE_INTEGRITY);

  /** Whether {@code content} speaks of a package or a bundle. */
  static boolean in(SpcContent content, boolean bundle) {
    Bytes guid = bundle ? SIP_OF_BUNDLES : SIP;
    return new SipInfo(VERSION, guid).in(content) || new SipInfo(FIRST_VERSION, guid).in(content);
  }

  @Override
  public List<FormatDescriptor.Kind> kinds() {
    return List.of(PACKAGE, BUNDLE);
  }

  @Override
  public List<String> facts() {
    var out = new ArrayList<>(PARTS);
    out.add(PUBLISHER);
    return out;
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return AppxPackage.recogniseBundle(artifact).map(bundle -> bundle ? BUNDLE : PACKAGE);
  }

  @Override
  public boolean begins(Artifact artifact) {
    return AppxPackage.begins(artifact);
  }

  @Override
  public AuthenticodeSubject open(Artifact artifact, FormatDescriptor.Kind kind) {
    return new MsixSubject(artifact, AppxPackage.parse(artifact));
  }

  /** What {@link AuthenticodeSubject.Scan#measure} makes of digests. */
  static AuthenticodeSubject.Measure measure(AppxDigests digests, String publisher) {
    List<NamedDigest> parts =
        digests.parts().entrySet().stream()
            .map(e -> new NamedDigest(e.getKey(), e.getValue()))
            .toList();
    var facts = new TreeMap<>(Map.of(PUBLISHER, publisher));
    return new AuthenticodeSubject.Measure(
        Digest.of(digests.algorithm(), digests.value()), parts, facts);
  }

  /** The publisher is the client's word; that it is the signer must hold whoever says it. */
  @Override
  public void check(Imprint imprint, SigningContext context) {
    require(imprint.facts().keySet().equals(Set.of(PUBLISHER)), "Its only fact is the publisher");
    String publisher = imprint.facts().getOrDefault(PUBLISHER, "");
    PublisherCheck.fault(publisher, context.chain().leaf())
        .ifPresent(fault -> {
          throw new ImprintException(fault);
        });
  }

  @Override
  public Content content(Imprint imprint, Options options) {
    DigestAlgorithm algorithm = imprint.digest().algorithm();
    List<String> names = imprint.parts().stream().map(NamedDigest::name).toList();
    require(
        names.equals(PARTS) || names.equals(PARTS.subList(0, PARTS.size() - 1)),
        "The parts of a package are " + String.join(", ", PARTS) + ", the last if it is there");
    Map<String, Digest> parts = new LinkedHashMap<>();
    for (NamedDigest part : imprint.parts()) {
      require(
          part.digest().algorithm() == algorithm, "The digest of a part is not of the same kind");
      parts.put(part.name(), part.digest());
    }
    Bytes value = new AppxDigests(algorithm, parts).value();
    require(
        Digest.of(algorithm, value).equals(imprint.digest()),
        "The digest is not that of the parts");
    Bytes guid = imprint.kind().equals(BUNDLE.name()) ? SIP_OF_BUNDLES : SIP;
    Bytes data = new SipInfo(VERSION, guid).data();
    return Content.indirect(SpcIndirectData.body(data, algorithm, value));
  }
}
