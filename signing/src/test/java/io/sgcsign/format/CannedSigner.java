// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import java.util.Map;

/**
 * Answers everything with one signature at once: what is embedded need not fit, and ten thousand
 * real signatures would take a minute.
 */
record CannedSigner(SigningContext context, SignatureBlock block) implements Signer {
  /** With the signature of a file that {@code issued} signed. */
  static CannedSigner of(SignatureFormat format, Issued issued, Bytes signed) {
    Options none = Options.of(format.descriptor(), Map.of());
    return new CannedSigner(
        TestSigner.of(format, none, issued).context(),
        new SignatureBlock.Cms(format.blocks(Artifact.of(signed)).getFirst()));
  }

  @Override
  public SignatureBlock sign(Imprint imprint) {
    return block;
  }
}
