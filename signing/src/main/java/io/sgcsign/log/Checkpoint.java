// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The head of a log by C2SP tlog-checkpoint: a log of this origin had this many leaves with this
 * root.
 */
public record Checkpoint(String origin, long size, Bytes root) {
  /** Decimal without leading zeroes, within a long. */
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

  public Checkpoint {
    if (origin.isEmpty() || origin.chars().anyMatch(c -> c < ' ')) {
      throw new ProofException("The origin of a checkpoint is one line");
    }
    if (size < 0 || root.size() != MerkleTree.HASH_SIZE) {
      throw new ProofException("A checkpoint has a size and a SHA-256 root");
    }
  }

  /**
   * Parses the text of a checkpoint note. Extension lines are refused: ML-DSA-44 signatures do not
   * cover them.
   */
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty()) {
      throw new ProofException("A checkpoint has three lines");
    }
    return new Checkpoint(lines[0], number(lines[1]), StrictBase64.decode(lines[2]));
  }

  /**
   * Opens a signed checkpoint: every given key must have signed it.
   *
   * @throws ProofException if it is malformed or a signature is missing or bad
   */
  public static Checkpoint open(String note, List<VerifierKey> keys) {
    var signed = SignedNote.parse(note);
    signed.verify(keys);
    return parse(signed.text());
  }

  static long number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new ProofException("Not a decimal number: " + text);
    }
    return Long.parseLong(text);
  }

  /** The three lines that are signed. */
  public String text() {
    return origin + "\n" + size + "\n" + root.toBase64() + "\n";
  }

  /** The note: the text and a line of every signer. */
  public String sign(List<NoteSigner> signers, Instant time) {
    var note = new StringBuilder(text()).append('\n');
    signers.forEach(s -> note.append(s.line(this, time)).append('\n'));
    return note.toString();
  }
}
