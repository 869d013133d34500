// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.format.Options;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Names one use of the key for ever: whoever asks again with the same key gets the first answer.
 * {@code base64url(SHA-256(run, format, kind, provider, time stamp, options, artifact, signer,
 * ordinal))} – with the signer, so that a new certificate means a new signature.
 */
final class ItemKey {
  private ItemKey() {}

  /**
   * @param subject format and kind: the same bytes may be scripts of two languages
   */
  static String of(
      Order order, String subject, Options options, Digest artifact, String signer, int ordinal) {
    var digest = DigestAlgorithm.SHA256.newMessageDigest();
    String[] parts = {
      order.runId(),
      subject,
      order.provider(),
      order.tsa().toString(),
      order.timestamp().toString(),
      options.values().toString(),
      artifact.toString(),
      signer,
      Integer.toString(ordinal)
    };
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      // with lengths, so that no two lists of parts read alike
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }
}
