// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.layout.pe.BurnBundle;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.SignerException;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A bundle: a program like others, but for the engine in it. */
record BurnSubject(BurnBundle bundle, PeSubject program) implements AuthenticodeSubject {
  BurnSubject(BurnBundle bundle) {
    this(bundle, new PeSubject(bundle.pe()));
  }

  static ArtifactException none() {
    return new ArtifactException(
        "SGC-ARTIFACT-UNRECOGNISED",
        "The file is no WiX bundle with containers behind its engine",
        "Leave the option kind out: the content tells.");
  }

  @Override
  public FormatDescriptor.Kind kind() {
    return BurnKind.BURN;
  }

  @Override
  public List<Entry> signatures() {
    return program.signatures();
  }

  @Override
  public boolean nests() {
    return program.nests();
  }

  @Override
  public void refuseLoss(boolean append) {
    if (append) {
      throw new SignerException.Refused(
          Problem.of(
              Code.ALREADY_SIGNED,
              "A second signature of the engine would break the bundle's first",
              "Choose if_signed=replace; for two digests sign once with both (hash=sha1,sha256)."));
    }
    program.refuseLoss(false);
    engine().refuseLoss(false);
  }

  private AuthenticodeSubject engine() {
    return new PeSubject(PeFile.parse(bundle.engine()));
  }

  @Override
  public Optional<Payload> payload() {
    return Optional.of(new Engine(bundle));
  }

  @Override
  public Scan scan(Set<DigestAlgorithm> algorithms) {
    return program.scan(algorithms);
  }

  @Override
  public Scan scanToSign(Set<DigestAlgorithm> algorithms, boolean append, Options options) {
    throw new IllegalStateException("The engine comes first");
  }

  @Override
  public Patch strip() {
    return bundle.bare();
  }

  @Override
  public List<Check> judge(SpcContent content, Scan scan) {
    return program.judge(content, scan);
  }

  @Override
  public List<Check> fileChecks(Scan scan) {
    var checks = new ArrayList<>(program.fileChecks(scan));
    bundle
        .signatureFault()
        .or(this::engineFault)
        .ifPresent(f -> checks.add(Check.failed(CheckName.STRUCTURE, f)));
    return checks;
  }

  private Optional<String> engineFault() {
    return engine().signed()
        ? Optional.empty()
        : Optional.of("The bundle is signed, but its engine has only room for a signature");
  }

  /** The engine as a file of its own. */
  private record Engine(BurnBundle bundle) implements Payload {
    @Override
    public String name() {
      return "engine";
    }

    @Override
    public AuthenticodeSubject asItStands() {
      return new PeSubject(PeFile.parse(bundle.engine()));
    }

    @Override
    public AuthenticodeSubject toSign() {
      Artifact bare = bundle.pe().artifact().with(bundle.bareEngine());
      return new PeSubject(PeFile.parse(bare));
    }

    @Override
    public Patch with(Patch signed) {
      return bundle.withEngine(signed);
    }

    @Override
    public AuthenticodeSubject rest(Artifact whole) {
      return new PeSubject(PeFile.parse(whole));
    }
  }
}
