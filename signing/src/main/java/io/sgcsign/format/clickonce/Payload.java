// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.pki.Digest;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport.Status;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** The programs and libraries of a publish folder that nobody has signed yet, and those signed. */
final class Payload {
  /** Files one request signs; each is a use of the key. */
  static final int MAX_FILES = 60;

  static final String PART = "payload";

  /** Bytes of one program: it is unpacked in memory. */
  private static final int MAX_SIZE = 16 << 20;

  /** Bytes of all that are signed: they stay in memory until the archive is written. */
  private static final long MAX_TOTAL = 24 << 20;

  private static final String PE = "pe";

  private final PublishFolder folder;
  private final SignatureFormat authenticode = authenticode();
  private int files;
  private long total;

  Payload(PublishFolder folder) {
    this.folder = folder;
  }

  private static SignatureFormat authenticode() {
    return Formats.byName("authenticode").orElseThrow();
  }

  /** Signs what is not signed, into {@code edit}. */
  void sign(FolderEdit edit, Options options, Signer signer, Digest archive) {
    Options own = authenticodeOptions(options);
    var inside = new Inside(signer, archive);
    for (Reference reference : folder.references()) {
      Optional<ZipEntry> entry = folder.file(reference);
      if (entry.isEmpty() || !named(reference.path())) {
        continue;
      }
      if (entry.get().size() > MAX_SIZE) {
        throw tooLarge(reference.path() + " has more than " + MAX_SIZE + " bytes");
      }
      Artifact program = Artifact.of(folder.zip().read(entry.get(), MAX_SIZE));
      if (!program(program) || !authenticode.blocks(program).isEmpty()) {
        continue; // what its vendor signed stays as it is
      }
      total += program.size();
      if (++files > MAX_FILES || total > MAX_TOTAL) {
        throw tooLarge("There are too many unsigned programs in the archive to sign them all");
      }
      if (authenticode.sign(program, own, inside) instanceof Signed.Patched patched) {
        Artifact signed = program.with(patched.patch());
        edit.put(entry.get(), signed.read(0, (int) signed.size()));
      }
    }
  }

  private static ArtifactException tooLarge(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-TOO-LARGE",
        message,
        "Sign the programs one by one with format authenticode before they are published.");
  }

  private static boolean named(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return name.endsWith(".exe") || name.endsWith(".dll");
  }

  private boolean program(Artifact file) {
    return authenticode.recognise(file, "").filter(k -> k.name().equals(PE)).isPresent();
  }

  private static Options authenticodeOptions(Options options) {
    var values = new TreeMap<String, String>();
    for (String name :
        new String[] {Options.HASH, ClickOnceFormat.DESCRIPTION, ClickOnceFormat.URL}) {
      options.text(name).ifPresent(v -> values.put(name, v));
    }
    return Options.of(authenticode().descriptor(), values);
  }

  /** Why a program's own signature is broken; empty: none is. */
  Optional<String> broken(VerificationPolicy policy) {
    for (Reference reference : folder.references()) {
      Optional<ZipEntry> entry = folder.file(reference).filter(e -> e.size() <= MAX_SIZE);
      if (entry.isEmpty() || !named(reference.path())) {
        continue;
      }
      Artifact program = Artifact.of(folder.zip().read(entry.get(), MAX_SIZE));
      if (program(program)
          && authenticode.verify(program, Optional.empty(), policy).status() == Status.INVALID) {
        return Optional.of("The signature of " + reference.path() + " is broken");
      }
    }
    return Optional.empty();
  }

  /** Server only: an imprint of a program, told as part of its archive. */
  static ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context) {
    if (!options.flag(ClickOnceFormat.SIGN_PAYLOAD)
        || !imprint.kind().equals(ClickOnceFormat.PUBLISH.name())
        || !imprint.format().equals(ClickOnceFormat.NAME)) {
      throw new ImprintException("Programs are signed with archives and sign_payload only");
    }
    var facts = new TreeMap<>(imprint.facts());
    facts.remove(ManifestImprint.PART);
    var own =
        new Imprint(
            authenticode().descriptor().name(),
            PE,
            imprint.digest(),
            imprint.artifact(),
            imprint.signer(),
            imprint.parts(),
            facts);
    return authenticode().toBeSigned(own, authenticodeOptions(options), context);
  }

  /** Has a program's imprint signed as part of the archive. */
  private record Inside(Signer signer, Digest archive) implements Signer {
    @Override
    public SigningContext context() {
      return signer.context();
    }

    @Override
    public SignatureBlock sign(Imprint imprint) {
      var facts = new TreeMap<>(imprint.facts());
      facts.put(ManifestImprint.PART, PART);
      return signer.sign(
          new Imprint(
              ClickOnceFormat.NAME,
              ClickOnceFormat.PUBLISH.name(),
              imprint.digest(),
              archive,
              imprint.signer(),
              imprint.parts(),
              facts));
    }
  }
}
