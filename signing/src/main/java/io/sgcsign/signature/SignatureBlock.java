// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.signature;

import io.sgcsign.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/** What came back from the key, ready to be embedded. On the wire {@code {type, data, …}}. */
public sealed interface SignatureBlock {

  /** A CMS ContentInfo with SignedData (RFC 5652 §5.1), time stamp included. */
  record Cms(Bytes der) implements SignatureBlock {}

  /**
   * The value of an XML signature (XML-Signature §4.3) and the RFC 3161 token over it, which the
   * format puts where it belongs.
   */
  record Xml(Bytes value, Optional<Bytes> token) implements SignatureBlock {}

  /** A bare signature value and the chain that verifies it. */
  record Value(Bytes value, List<Bytes> chain) implements SignatureBlock {
    public Value {
      chain = List.copyOf(chain);
    }
  }
}
