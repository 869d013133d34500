// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.NoteSigner;
import io.sgcsign.log.ProofException;
import io.sgcsign.log.VerifierKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The keys a log signs its checkpoints with: Ed25519 because everyone can check it, ML-DSA-44
 * because it outlives Ed25519. Kept as one PEM file of PKCS#8 keys with their vkeys between them.
 */
record LogKeys(List<NoteSigner> signers) {
  private static final Pattern BLOCK =
      Pattern.compile(
          "verifier: (\\S+)\n-----BEGIN PRIVATE KEY-----\n([^-]+)-----END PRIVATE KEY-----\n");

  /** A key and its file. */
  record Generated(LogKeys keys, Bytes file) {}

  LogKeys {
    signers = List.copyOf(signers);
  }

  static Generated generate(String origin, SecureRandom random) {
    var signers = new ArrayList<NoteSigner>();
    var file = new StringBuilder();
    for (var type : VerifierKey.Type.values()) {
      try {
        var generator = KeyPairGenerator.getInstance(type.algorithm());
        generator.initialize(new NamedParameterSpec(type.algorithm()), random);
        var pair = generator.generateKeyPair();
        var verifier = VerifierKey.of(origin, type, pair.getPublic());
        signers.add(new NoteSigner(verifier, pair.getPrivate(), random));
        file.append(block(verifier, pair.getPrivate().getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("This JDK cannot make " + type.algorithm() + " keys", e);
      }
    }
    return new Generated(new LogKeys(signers), Bytes.utf8(file.toString()));
  }

  private static String block(VerifierKey verifier, byte[] pkcs8) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8);
    return "verifier: %s\n-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
        .formatted(verifier, lines);
  }

  /**
   * Reads the file.
   *
   * @throws ProofException if a key is malformed
   */
  static LogKeys parse(Bytes file, SecureRandom random) {
    var signers = new ArrayList<NoteSigner>();
    var blocks = BLOCK.matcher(file.toUtf8());
    while (blocks.find()) {
      signers.add(signer(VerifierKey.parse(blocks.group(1)), blocks.group(2), random));
    }
    return new LogKeys(signers);
  }

  private static NoteSigner signer(VerifierKey verifier, String base64, SecureRandom random) {
    try {
      var pkcs8 = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
      var key = KeyFactory.getInstance(verifier.type().algorithm()).generatePrivate(pkcs8);
      return new NoteSigner(verifier, key, random);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new ProofException("The log's private key cannot be read", e);
    }
  }

  List<VerifierKey> verifiers() {
    return signers.stream().map(NoteSigner::verifier).toList();
  }
}
