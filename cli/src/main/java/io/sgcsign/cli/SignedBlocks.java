// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.format.Formats;
import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.pki.Digest;
import java.util.List;

/** The signature blocks of a file and of an event: what ties them together in pre-hash mode. */
final class SignedBlocks {
  private SignedBlocks() {}

  /** Digests of all blocks in the file. */
  static List<String> digests(Artifact artifact) {
    return Formats.ALL.stream()
        .filter(f -> f.recognise(artifact, "").isPresent())
        .flatMap(f -> f.blocks(artifact).stream())
        .map(block -> Digest.sha256(block).toString())
        .toList();
  }

  /** Digests of the blocks the event tells of. */
  static List<String> made(Leaf leaf) {
    return leaf.pub().list("made").stream()
        .filter(Json.Obj.class::isInstance)
        .flatMap(made -> ((Json.Obj) made).findText("block").stream())
        .toList();
  }
}
