// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A signature value in the block of scheme v2 or v3.
 *
 * @param algorithm as reports name it
 * @param digest as reports name it
 */
record SchemeSignature(String algorithm, String digest, Bytes value) {
  private static final Map<Integer, List<String>> NAMES =
      Map.ofEntries(
          Map.entry(0x0101, List.of("rsa-pss", "sha256")),
          Map.entry(0x0102, List.of("rsa-pss", "sha512")),
          Map.entry(0x0103, List.of("rsa-pkcs1", "sha256")),
          Map.entry(0x0104, List.of("rsa-pkcs1", "sha512")),
          Map.entry(0x0201, List.of("ecdsa", "sha256")),
          Map.entry(0x0202, List.of("ecdsa", "sha512")),
          Map.entry(0x0301, List.of("dsa", "sha256")),
          Map.entry(0x0421, List.of("rsa-pkcs1", "sha256")),
          Map.entry(0x0423, List.of("ecdsa", "sha256")),
          Map.entry(0x0425, List.of("dsa", "sha256")));

  /**
   * The values of each signer, in order.
   *
   * @param sdks whether the signer's SDK versions stand before the signatures, as in v3
   */
  static List<List<SchemeSignature>> ofSigners(Bytes block, boolean sdks) {
    var outer = new Prefixed(block);
    var out = new ArrayList<List<SchemeSignature>>();
    for (Bytes signer : outer.strings()) {
      var parts = new Prefixed(signer);
      var _ = parts.string();
      if (sdks) {
        var _ = parts.number();
        var _ = parts.number();
      }
      out.add(parts.strings().stream().map(SchemeSignature::of).toList());
    }
    if (!outer.ended()) {
      throw Prefixed.malformed("has more behind its signers");
    }
    return out;
  }

  private static SchemeSignature of(Bytes bytes) {
    var parts = new Prefixed(bytes);
    return of(parts.number(), parts.string());
  }

  /**
   * @param id of the algorithm
   */
  static SchemeSignature of(int id, Bytes value) {
    List<String> names = NAMES.get(id);
    return names == null
        ? new SchemeSignature("0x%04x".formatted(id), "", value)
        : new SchemeSignature(names.get(0) + "/" + names.get(1), names.get(1), value);
  }
}
