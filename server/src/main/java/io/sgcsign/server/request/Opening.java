// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.wire.Problem;

/** What became of an ask at the moment of its intent. */
sealed interface Opening {
  /** The intent is on disk: the key may be used. */
  record Open(long intent) implements Opening {}

  /** It was answered before: this is the block. */
  record Answered(String requestId, long logIndex, Bytes block) implements Opening {
    /** The block as it was given, to what was asked for. */
    SignatureBlock block(ToBeSigned structure, CertificateChain chain) {
      return switch (structure) {
        case ToBeSigned.Message _ ->
            new SignatureBlock.Value(
                block, chain.certificates().stream().map(CertificateChain::der).toList());
        case ToBeSigned.Cms _, ToBeSigned.DetachedCms _, ToBeSigned.CmsCounter _ ->
            new SignatureBlock.Cms(block);
        case ToBeSigned.Token _, ToBeSigned.Probe _ ->
            throw new IllegalStateException("Nobody asks for such a thing");
      };
    }
  }

  /** The key must not be used. */
  record Refused(Problem problem) implements Opening {}
}
