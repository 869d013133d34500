// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/**
 * A public key that verifies notes, as C2SP signed-note writes it: {@code <name>+<id>+<base64(type
 * ‖ key)>}.
 *
 * @param name whose key it is; for a log the origin of its checkpoints
 * @param key the raw public key: 32 bytes or 1,312
 */
public record VerifierKey(String name, Type type, Bytes key) {
  public VerifierKey {
    requireName(name);
    if (key.size() != type.keySize) {
      throw new ProofException("A " + type.algorithm + " key has " + type.keySize + " bytes");
    }
  }

  /** The signature types we make and check, with their byte in key ids. */
  public enum Type {
    /** signed-note: plain Ed25519 over the text. */
    ED25519(0x01, "Ed25519", 32, 64, "302a300506032b6570032100"),
    /** tlog-cosignature: ML-DSA-44 over a {@code cosigned_message}. */
    ML_DSA_44(0x06, "ML-DSA-44", 1312, 2420, "30820532300b06096086480165030403110382052100");

    private final int code;
    private final String algorithm;
    private final int keySize;
    private final int signatureSize;
    private final String spkiPrefix;

    Type(int code, String algorithm, int keySize, int signatureSize, String spkiPrefix) {
      this.code = code;
      this.algorithm = algorithm;
      this.keySize = keySize;
      this.signatureSize = signatureSize;
      this.spkiPrefix = spkiPrefix;
    }

    /** As {@code KeyPairGenerator.getInstance} wants it. */
    public String algorithm() {
      return algorithm;
    }

    /** What stands before the raw key in a SubjectPublicKeyInfo. */
    private Bytes spkiPrefix() {
      return Bytes.fromHex(spkiPrefix);
    }

    int signatureSize() {
      return signatureSize;
    }

    static Type byCode(int code) {
      return List.of(values()).stream()
          .filter(t -> t.code == code)
          .findFirst()
          .orElseThrow(() -> new ProofException("Unknown signature type " + code));
    }
  }

  /** The key of a JCA public key, named {@code name}. */
  public static VerifierKey of(String name, Type type, PublicKey publicKey) {
    Bytes spki = Bytes.wrap(publicKey.getEncoded());
    int start = type.spkiPrefix().size();
    if (spki.size() != start + type.keySize || !spki.slice(0, start).equals(type.spkiPrefix())) {
      throw new ProofException("Not a " + type.algorithm + " key");
    }
    return new VerifierKey(name, type, spki.slice(start, spki.size()));
  }

  /**
   * Parses a vkey.
   *
   * @throws ProofException if it is not one, or its id is not the id of its key
   */
  public static VerifierKey parse(String vkey) {
    int first = vkey.indexOf('+');
    int second = vkey.indexOf('+', first + 1);
    if (first <= 0 || second != first + 9) {
      throw new ProofException("A verifier key is <name>+<id>+<key>");
    }
    Bytes typed = StrictBase64.decode(vkey.substring(second + 1));
    if (typed.isEmpty()) {
      throw new ProofException("The verifier key is empty");
    }
    var type = Type.byCode(typed.at(0));
    var parsed = new VerifierKey(vkey.substring(0, first), type, typed.slice(1, typed.size()));
    if (!parsed.toString().equals(vkey)) {
      throw new ProofException("The id of the verifier key is not the id of its key");
    }
    return parsed;
  }

  /** The first four bytes of {@code SHA-256(name ‖ LF ‖ type ‖ key)}. */
  public int id() {
    var sha = DigestAlgorithm.SHA256.newMessageDigest();
    sha.update(name.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) '\n');
    sha.update((byte) type.code);
    sha.update(key.asBuffer());
    return Bytes.wrap(sha.digest()).asBuffer().getInt();
  }

  PublicKey publicKey() {
    try {
      var spki = Bytes.concat(type.spkiPrefix(), key).toArray();
      return KeyFactory.getInstance(type.algorithm).generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new ProofException("Not a " + type.algorithm + " key", e);
    }
  }

  private static void requireName(String name) {
    boolean odd = name.chars().anyMatch(c -> c <= ' ' || c == '+' || Character.isSpaceChar(c));
    if (name.isEmpty() || odd) {
      throw new ProofException("A key name has no spaces, controls or plus signs and is not empty");
    }
  }

  /** The vkey. */
  @Override
  public String toString() {
    Bytes typed = Bytes.concat(Bytes.of((byte) type.code), key);
    return name + "+" + HexFormat.of().toHexDigits(id()) + "+" + typed.toBase64();
  }
}
