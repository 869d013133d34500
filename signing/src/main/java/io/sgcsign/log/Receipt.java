// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The proof that an event is in the log, for ever checkable without it: C2SP tlog-proof with the
 * leaf's bytes as its extra data. Files end in {@code .tlog-proof}.
 *
 * @param leaf the exact bytes of the event
 * @param index its place in the log, from 0
 * @param path the inclusion proof, from the leaf up
 * @param checkpoint the signed note, verbatim
 */
public record Receipt(Bytes leaf, long index, List<Bytes> path, String checkpoint) {
  /** Bytes. A leaf of 64 KiB in base64, 63 hashes and 32 signatures stay below. */
  public static final int MAX_SIZE = 512 * 1024;

  /** Hashes on the path from a leaf in a tree of 2^63 leaves. */
  private static final int MAX_PATH = 63;

  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  public Receipt {
    path = List.copyOf(path);
  }

  /** What a good receipt proves: this leaf is in the log of this checkpoint. */
  public record Proven(Leaf leaf, Checkpoint checkpoint) {}

  /**
   * Reads a receipt; verifies nothing.
   *
   * @throws ProofException if it is not one
   */
  public static Receipt parse(Bytes file) {
    String text = utf8(file);
    int cut = text.indexOf("\n\n");
    if (cut < 0) {
      throw new ProofException("A receipt ends with a checkpoint");
    }
    String[] lines = text.substring(0, cut).split("\n", -1);
    if (lines.length < 3 || lines.length > 3 + MAX_PATH || !lines[0].equals(HEADER)) {
      throw new ProofException("Not a receipt: it does not begin with " + HEADER);
    }
    Bytes leaf = StrictBase64.decode(after(EXTRA, lines[1]));
    long index = Checkpoint.number(after(INDEX, lines[2]));
    var path = new ArrayList<Bytes>();
    for (String line : List.of(lines).subList(3, lines.length)) {
      path.add(StrictBase64.decode(line));
    }
    return new Receipt(leaf, index, path, text.substring(cut + 2));
  }

  private static String after(String start, String line) {
    if (!line.startsWith(start)) {
      throw new ProofException("The receipt lacks its line '" + start.strip() + "'");
    }
    return line.substring(start.length());
  }

  private static String utf8(Bytes file) {
    if (file.size() > MAX_SIZE) {
      throw new ProofException("A receipt has at most " + MAX_SIZE + " bytes");
    }
    try {
      ByteBuffer bytes = file.asBuffer();
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new ProofException("A receipt is UTF-8 text", e);
    }
  }

  /**
   * Checks everything: every given key signed the checkpoint, the leaf is in its tree at the index,
   * and the leaf itself says that index.
   *
   * @throws ProofException if anything does not hold
   */
  public Proven verify(List<VerifierKey> keys) {
    var head = Checkpoint.open(checkpoint, keys);
    var hash = MerkleTree.leafHash(leaf);
    if (!MerkleTree.verifyInclusion(hash, index, head.size(), path, head.root())) {
      throw new ProofException("The event is not in the log of this checkpoint");
    }
    var event = Leaf.parse(leaf);
    if (event.seq() != index) {
      throw new ProofException("The event calls itself " + event.seq() + ", not " + index);
    }
    return new Proven(event, head);
  }

  /** The file. */
  public Bytes toBytes() {
    var text = new StringBuilder(HEADER).append('\n');
    text.append(EXTRA).append(leaf.toBase64()).append('\n');
    text.append(INDEX).append(index).append('\n');
    path.forEach(hash -> text.append(hash.toBase64()).append('\n'));
    return Bytes.utf8(text.append('\n').append(checkpoint).toString());
  }
}
