// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.SigningContext;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import tools.jackson.core.JsonGenerator;

/** {@link SigningContext} on the wire. */
public final class ContextJson {
  private ContextJson() {}

  public static void write(JsonGenerator json, SigningContext context) {
    json.writeStartObject();
    json.writeStringProperty("signer", context.chain().fingerprint().toString());
    json.writeArrayPropertyStart("chain");
    context.chain().encoded().forEach(der -> json.writeString(der.toBase64()));
    json.writeEndArray();
    json.writeStringProperty("algorithm", context.algorithm().toString());
    json.writeStringProperty("time", context.time().toString());
    json.writeStringProperty("seed", context.seed().toBase64());
    json.writeNumberProperty("max_block_size", context.maxBlockSize());
    json.writeEndObject();
  }

  /**
   * Reads a context.
   *
   * @throws WireException naming the member that is wrong
   */
  public static SigningContext read(Members json) {
    var chain = new ArrayList<X509Certificate>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      for (String text : json.texts("chain")) {
        var der = new ByteArrayInputStream(Bytes.fromBase64(text).toArray());
        chain.add((X509Certificate) factory.generateCertificate(der));
      }
      return new SigningContext(
          new CertificateChain(chain),
          json.parsed("algorithm", "an algorithm", ContextJson::algorithm),
          json.time("time"),
          json.base64("seed"),
          Math.toIntExact(json.integer("max_block_size")));
    } catch (CertificateException | IllegalArgumentException | ArithmeticException e) {
      throw new WireException(json.pointer() + " is no signing context: " + e.getMessage());
    }
  }

  private static SignatureAlgorithm algorithm(String text) {
    return SignatureAlgorithm.parse(text)
        .orElseThrow(() -> new IllegalArgumentException("Unknown algorithm " + text));
  }
}
