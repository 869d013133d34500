// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.layout.pe.BurnBundle;
import io.sgcsign.layout.pe.PageHashes;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint;
import java.util.List;
import java.util.Optional;

/** Portable Executable files (Windows Authenticode Portable Executable Signature Format). */
final class PeKind implements AuthenticodeKind {
  static final String PAGE_HASHES = "page_hashes";

  static final FormatDescriptor.Kind PE =
      new FormatDescriptor.Kind(
          "pe",
          List.of("exe", "dll", "sys", "efi", "ocx", "scr", "cpl", "drv", "mui", "winmd"),
          "Windows and UEFI programs, libraries and drivers");

  private static final Bytes MAGIC = Bytes.utf8("MZ");

  @Override
  public List<FormatDescriptor.Kind> kinds() {
    return List.of(PE);
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.flag(
            PAGE_HASHES,
            Needed.BOTH,
            "PE only: also sign a digest of each page, so that Windows checks pages as they"
                + " load."));
  }

  @Override
  public List<String> facts() {
    return List.of(PageParts.NAME);
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    return PeFile.recognise(artifact) && !BurnBundle.recognise(artifact)
        ? Optional.of(PE)
        : Optional.empty();
  }

  @Override
  public boolean begins(Artifact artifact) {
    return artifact.size() >= MAGIC.size() && artifact.read(0, MAGIC.size()).equals(MAGIC);
  }

  @Override
  public AuthenticodeSubject open(Artifact artifact, FormatDescriptor.Kind kind) {
    var program = new PeSubject(PeFile.parse(artifact));
    if (BurnBundle.recognise(artifact)) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The program is a WiX bundle: signed like any other it would not find its containers",
          "Leave the option kind out: the content tells, and the engine is signed too.");
    }
    return program;
  }

  @Override
  public Content content(Imprint imprint, Options options) {
    require(imprint.facts().isEmpty(), "An Authenticode imprint of a PE file has no facts");
    require(
        imprint.parts().isEmpty() != options.flag(PAGE_HASHES),
        "Page hashes must be there exactly if the option page_hashes is set");
    DigestAlgorithm hash = imprint.digest().algorithm();
    Optional<PageHashes> pages =
        imprint.parts().isEmpty()
            ? Optional.empty()
            : Optional.of(PageParts.parse(imprint.parts(), PageParts.algorithm(hash)));
    return Content.indirect(SpcIndirectData.body(PeImageData.of(pages), imprint.digest()));
  }
}
