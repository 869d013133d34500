// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.layout.script.ScriptFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Digests;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport.Check;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A script. What stands behind its signature is covered by none: that is refused. */
record ScriptSubject(ScriptKind.Script script, ScriptFile file) implements AuthenticodeSubject {
  @Override
  public FormatDescriptor.Kind kind() {
    return script.kind();
  }

  @Override
  public List<Entry> signatures() {
    if (!file.signed()) {
      return List.of();
    }
    Optional<Bytes> signature = file.signature();
    return List.of(
        signature.isPresent()
            ? new Entry.Sound(signature.get())
            : new Entry.Broken("The signature block holds no base64"));
  }

  @Override
  public boolean nests() {
    return true;
  }

  @Override
  public void refuseLoss(boolean append) {
    file.refuseTrailingText();
  }

  @Override
  public Scan scan(Set<DigestAlgorithm> algorithms) {
    return new ScriptScan(file, file.digest(algorithms));
  }

  @Override
  public Scan scanToSign(Set<DigestAlgorithm> algorithms, boolean append, Options options) {
    return scan(algorithms);
  }

  @Override
  public Patch strip() {
    return file.strip();
  }

  @Override
  public List<Check> judge(SpcContent content, Scan scan) {
    if (!script.sip().in(content)) {
      throw new DerException("The signature is for another kind of file: " + content.type());
    }
    return List.of(content.digestCheck(scan));
  }

  @Override
  public List<Check> fileChecks(Scan scan) {
    Check structure =
        file.irregularity()
            .map(why -> Check.failed(CheckName.STRUCTURE, why))
            .orElseGet(() -> Check.passed(CheckName.STRUCTURE));
    Check hidden =
        file.trailing() == 0
            ? Check.passed(CheckName.HIDDEN_DATA)
            : Check.failed(
                CheckName.HIDDEN_DATA,
                file.trailing() + " bytes follow the signature, which does not cover them");
    return List.of(structure, hidden);
  }

  /** The digests of the text. */
  private record ScriptScan(ScriptFile file, Digests digests) implements Scan {
    @Override
    public Digest digest(DigestAlgorithm algorithm) {
      return digests.get(algorithm);
    }

    @Override
    public Digest artifact() {
      return file.artifact().digest(DigestAlgorithm.SHA256);
    }

    @Override
    public Patch embed(List<Bytes> signatures) {
      return file.embed(signatures.getFirst());
    }
  }
}
