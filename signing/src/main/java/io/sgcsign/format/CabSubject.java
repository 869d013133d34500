// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerException;
import io.sgcsign.layout.cab.CabFile;
import io.sgcsign.layout.cab.CabScan;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport.Check;
import java.util.List;
import java.util.Set;

/** A cabinet. Bytes of its header that no signature covers must hold what they have to. */
record CabSubject(CabFile file) implements AuthenticodeSubject {
  @Override
  public FormatDescriptor.Kind kind() {
    return CabKind.CAB;
  }

  @Override
  public List<Entry> signatures() {
    return file.signature().<Entry>map(Entry.Sound::new).stream().toList();
  }

  @Override
  public boolean nests() {
    return true;
  }

  @Override
  public void refuseLoss(boolean append) {
    if (file.hidesData()) {
      throw new ArtifactException(
          "SGC-ARTIFACT-HIDDEN-DATA",
          "Bytes of the cabinet that no signature covers hold data of their own",
          "Build the cabinet again, or take the old signature off first if that data may go.");
    }
  }

  @Override
  public Scan scan(Set<DigestAlgorithm> algorithms) {
    return new Found(file.scan(algorithms, false));
  }

  @Override
  public Scan scanToSign(Set<DigestAlgorithm> algorithms, boolean append, Options options) {
    return new Found(file.scan(algorithms, true));
  }

  @Override
  public Patch strip() {
    return file.strip();
  }

  @Override
  public List<Check> judge(SpcContent content, Scan scan) {
    if (!content.type().equals(CabKind.OID)) {
      throw new DerException("The signature is for another kind of file: " + content.type());
    }
    return List.of(content.digestCheck(scan));
  }

  @Override
  public List<Check> fileChecks(Scan scan) {
    Check hidden =
        file.hidesData()
            ? Check.failed(
                CheckName.HIDDEN_DATA, "Bytes that no signature covers hold data of their own")
            : Check.passed(CheckName.HIDDEN_DATA);
    return List.of(Check.passed(CheckName.STRUCTURE), hidden);
  }

  private record Found(CabScan scan) implements Scan {
    @Override
    public Digest digest(DigestAlgorithm algorithm) {
      return scan.digest(algorithm);
    }

    @Override
    public Digest artifact() {
      return scan.artifact().orElseThrow();
    }

    @Override
    public Patch embed(List<Bytes> signatures) {
      return scan.embed(signatures.getFirst());
    }
  }
}
