// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A small log, the keys of its checkpoints and receipts for its events. */
final class SampleLog {
  static final String ORIGIN = "sign.example/log/1";
  static final Instant TIME = Instant.parse("2026-11-21T10:00:00.000001Z");
  static final int SIZE = 21;

  final List<NoteSigner> signers = new ArrayList<>();
  final List<VerifierKey> keys;

  SampleLog(SecureRandom random) throws GeneralSecurityException {
    for (var type : VerifierKey.Type.values()) {
      var generator = KeyPairGenerator.getInstance(type.algorithm());
      generator.initialize(new NamedParameterSpec(type.algorithm()), random);
      var pair = generator.generateKeyPair();
      var key = VerifierKey.of(ORIGIN, type, pair.getPublic());
      signers.add(new NoteSigner(key, pair.getPrivate(), random));
    }
    keys = signers.stream().map(NoteSigner::verifier).toList();
  }

  static Bytes leaf(long seq) {
    return new Leaf(
            seq,
            Leaf.NO_PREVIOUS,
            TIME,
            "n1",
            "verify.performed",
            "key_1",
            Optional.of("r1"),
            Json.object().put("status", "valid").build(),
            Optional.empty(),
            Optional.empty(),
            new TreeMap<>(),
            new TreeMap<>())
        .encode();
  }

  /** The receipt of a log that has {@code atIndex} at {@code index}. */
  Receipt receiptOf(int index, Bytes atIndex) {
    var hashes = new ArrayList<Bytes>();
    var frontier = Frontier.empty();
    for (int i = 0; i < SIZE; i++) {
      hashes.add(MerkleTree.leafHash(i == index ? atIndex : leaf(i)));
      frontier.add(hashes.getLast());
    }
    MerkleTree.Subtrees subtrees =
        (level, position) -> {
          var part = Frontier.empty();
          int width = 1 << level;
          hashes.stream().skip(position * width).limit(width).forEach(part::add);
          return part.root();
        };
    var path = MerkleTree.inclusionProof(index, SIZE, subtrees);
    var note = new Checkpoint(ORIGIN, SIZE, frontier.root()).sign(signers, TIME);
    return new Receipt(atIndex, index, path, note);
  }
}
