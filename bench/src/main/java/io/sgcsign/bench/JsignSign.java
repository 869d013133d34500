// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import net.jsign.AuthenticodeSigner;
import net.jsign.DigestAlgorithm;
import net.jsign.Signable;

/** A process that signs one file in place with jsign: {@code PFX FILE}. */
final class JsignSign {
  private JsignSign() {}

  public static void main(String[] args) throws IOException {
    try (var in = Files.newInputStream(Path.of(args[0]));
        Signable file = Signable.of(Path.of(args[1]).toFile())) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(in, Identities.PASSWORD.toCharArray());
      new AuthenticodeSigner(store, store.aliases().nextElement(), Identities.PASSWORD)
          .withTimestamping(false)
          .withDigestAlgorithm(DigestAlgorithm.SHA256)
          .sign(file);
    } catch (Exception e) { // jsign declares it
      throw new IOException("jsign failed", e);
    }
  }
}
