// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * A text and its signatures by C2SP signed-note.
 *
 * @param text ends with a newline
 */
public record SignedNote(String text, List<Line> signatures) {
  /** Lines. The specification asks for at least 16; more only costs us time. */
  private static final int MAX_SIGNATURES = 32;

  /** {@code cosigned_message.label} of C2SP tlog-cosignature. */
  private static final Bytes COSIGNED_LABEL = Bytes.utf8("subtree/v1\n\0");

  private static final String LINE_START = "\u2014 ";

  public SignedNote {
    signatures = List.copyOf(signatures);
  }

  /** One signature line: who, which key, and the bytes after the key id. */
  public record Line(String name, int id, Bytes value) {}

  /**
   * Takes a note apart; verifies nothing.
   *
   * @throws ProofException if it is not a note
   */
  public static SignedNote parse(String note) {
    int cut = note.lastIndexOf("\n\n");
    boolean controls = note.chars().anyMatch(c -> c < ' ' && c != '\n');
    if (cut < 0 || !note.endsWith("\n") || controls) {
      throw new ProofException("A note is a text, an empty line and signature lines");
    }
    String block = note.substring(cut + 2);
    var lines = new ArrayList<Line>();
    if (!block.isEmpty()) {
      for (String line : block.substring(0, block.length() - 1).split("\n", MAX_SIGNATURES + 2)) {
        lines.add(line(line));
      }
    }
    if (lines.isEmpty() || lines.size() > MAX_SIGNATURES) {
      throw new ProofException("A note has 1 to " + MAX_SIGNATURES + " signatures");
    }
    return new SignedNote(note.substring(0, cut + 1), lines);
  }

  private static Line line(String line) {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(LINE_START) || space < LINE_START.length()) {
      throw new ProofException("A signature line is \u2014 <name> <base64>");
    }
    String name = line.substring(LINE_START.length(), space);
    Bytes value = StrictBase64.decode(line.substring(space + 1));
    if (name.isEmpty() || name.indexOf(' ') >= 0 || value.size() <= Integer.BYTES) {
      throw new ProofException("A signature line is \u2014 <name> <base64>");
    }
    return new Line(name, value.asBuffer().getInt(), value.slice(Integer.BYTES, value.size()));
  }

  /**
   * Demands a good signature of every given key; others are ignored, as the specification asks.
   *
   * @throws ProofException if a key has not signed, has signed twice, or its signature is bad
   */
  public void verify(List<VerifierKey> keys) {
    if (keys.isEmpty()) {
      throw new ProofException("Without a trusted key nothing can be verified");
    }
    keys.forEach(this::verify);
  }

  private void verify(VerifierKey key) {
    int id = key.id();
    var own = signatures.stream().filter(s -> s.id() == id && s.name().equals(key.name())).toList();
    if (own.size() != 1) {
      throw new ProofException(
          own.isEmpty() ? "Not signed by " + key.name() : "Signed twice by " + key.name());
    }
    Bytes value = own.getFirst().value();
    boolean timed = key.type() == VerifierKey.Type.ML_DSA_44;
    int start = timed ? Long.BYTES : 0;
    if (value.size() != start + key.type().signatureSize()) {
      throw new ProofException("The signature of " + key.name() + " has a wrong length");
    }
    long time = timed ? value.asBuffer().getLong() : 0;
    if (!holds(key, message(key, text, time), value.slice(start, value.size()))) {
      throw new ProofException("The signature of " + key.name() + " is not valid");
    }
  }

  private static boolean holds(VerifierKey key, Bytes message, Bytes value) {
    try {
      var signature = Signature.getInstance(key.type().algorithm());
      signature.initVerify(key.publicKey());
      signature.update(message.asBuffer());
      return signature.verify(value.toArray());
    } catch (GeneralSecurityException e) {
      throw new ProofException("The signature of " + key.name() + " cannot be checked", e);
    }
  }

  /** What the key signs: the text itself, or tlog-cosignature's {@code cosigned_message}. */
  static Bytes message(VerifierKey key, String text, long time) {
    if (key.type() == VerifierKey.Type.ED25519) {
      return Bytes.utf8(text);
    }
    var checkpoint = Checkpoint.parse(text);
    var out = new ByteArrayOutputStream();
    out.writeBytes(COSIGNED_LABEL.toArray());
    opaque(out, key.name());
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(time).array());
    opaque(out, checkpoint.origin());
    // start 0: the whole tree; end: its size
    out.writeBytes(
        ByteBuffer.allocate(2 * Long.BYTES).putLong(0).putLong(checkpoint.size()).array());
    out.writeBytes(checkpoint.root().toArray());
    return Bytes.wrap(out.toByteArray());
  }

  private static void opaque(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > 255) {
      throw new ProofException("A name in a cosignature has 1 to 255 bytes");
    }
    out.write(bytes.length);
    out.writeBytes(bytes);
  }
}
