// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.bytes.Bytes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a signer of scheme v2 or v3 says: its content digests by the ID of a signature algorithm,
 * and its certificates.
 */
record SchemeSigner(List<ContentDigest> digests, List<Bytes> certificates) {
  /** Which content digest goes into scheme v4, the best last, as apksig chooses it. */
  private static final Map<Integer, Integer> RANK =
      Map.ofEntries(
          Map.entry(0x0101, 0),
          Map.entry(0x0103, 0),
          Map.entry(0x0201, 0),
          Map.entry(0x0301, 0),
          Map.entry(0x0421, 1),
          Map.entry(0x0423, 1),
          Map.entry(0x0425, 1),
          Map.entry(0x0102, 2),
          Map.entry(0x0104, 2),
          Map.entry(0x0202, 2));

  SchemeSigner {
    digests = List.copyOf(digests);
    certificates = List.copyOf(certificates);
  }

  /** A digest of the APK, made for a signature algorithm. */
  record ContentDigest(int algorithm, Bytes value) {
    private static ContentDigest read(Bytes bytes) {
      var in = new Prefixed(bytes);
      return new ContentDigest(in.number(), in.string());
    }
  }

  /** The only signer of a block; empty: there are more, and scheme v4 knows one. */
  static Optional<SchemeSigner> of(Bytes block) {
    List<Bytes> signers = new Prefixed(block).strings();
    if (signers.size() != 1) {
      return Optional.empty();
    }
    var data = new Prefixed(new Prefixed(signers.getFirst()).string());
    List<ContentDigest> digests = data.strings().stream().map(ContentDigest::read).toList();
    return Optional.of(new SchemeSigner(digests, data.strings()));
  }

  /** The digest that scheme v4 repeats. */
  Optional<ContentDigest> best() {
    return digests.stream()
        .filter(d -> RANK.containsKey(d.algorithm()))
        .max(Comparator.comparing(d -> RANK.getOrDefault(d.algorithm(), -1)));
  }
}
