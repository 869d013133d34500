// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PKCS#12 file: with the JDK first, which knows all current schemes, then with Bouncy
 * Castle, which knows older ones under passwords beyond ASCII and lists certificates the JDK hides
 * because no attribute ties them to a key.
 */
record PfxReader(KeyFile file, Secret password, Optional<String> alias) {

  KeyMaterial read() {
    Bytes content = file.read();
    if (content.at(0) != 0x30) {
      throw new KeyException(
          file.path() + " is no PKCS#12 file",
          "A file that begins with -----BEGIN is PEM: use a provider of type PEM.");
    }
    try {
      KeyStore store = load(content, null);
      KeyMaterial material = material(store);
      return material.certificates().isEmpty()
          ? material(load(content, new BouncyCastleProvider()))
          : material;
    } catch (GeneralSecurityException | IOException e) {
      return readOtherwise(content, e);
    }
  }

  private KeyMaterial readOtherwise(Bytes content, Exception first) {
    try {
      return material(load(content, new BouncyCastleProvider()));
    } catch (GeneralSecurityException | IOException second) {
      throw refused(wrongPassword(first) ? first : second);
    }
  }

  private KeyException refused(Exception e) {
    return wrongPassword(e)
        ? new KeyException(
            "The password does not open " + file.path(),
            "Correct the password (or the variable that holds it); if it is right, the file is"
                + " damaged.",
            false,
            e)
        : new KeyException(
            file.path() + " cannot be read as PKCS#12: " + e.getMessage(),
            "Export it again, with AES-256 if you can choose.",
            false,
            e);
  }

  private static boolean wrongPassword(Exception e) {
    return e instanceof UnrecoverableKeyException
        || e.getCause() instanceof UnrecoverableKeyException
        || String.valueOf(e.getMessage()).contains("wrong password")
        || String.valueOf(e.getMessage()).contains("password was incorrect");
  }

  private KeyStore load(Bytes content, @Nullable Provider provider)
      throws GeneralSecurityException, IOException {
    KeyStore store =
        provider == null
            ? KeyStore.getInstance("PKCS12")
            : KeyStore.getInstance("PKCS12", provider);
    char[] secret = password.reveal();
    try {
      store.load(new ByteArrayInputStream(content.toArray()), secret);
      return store;
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private KeyMaterial material(KeyStore store) throws GeneralSecurityException {
    String chosen = choose(store);
    char[] secret = password.reveal();
    try {
      if (!(store.getKey(chosen, secret) instanceof PrivateKey key)) {
        throw new KeyException(
            "The entry \"" + chosen + "\" of " + file.path() + " holds no private key",
            "Choose another alias.");
      }
      return new KeyMaterial(file.path().toString(), key, certificates(store, chosen));
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private String choose(KeyStore store) throws GeneralSecurityException {
    List<String> keys = new ArrayList<>();
    for (String name : Collections.list(store.aliases())) {
      if (store.isKeyEntry(name)) {
        keys.add(name);
      }
    }
    if (keys.isEmpty()) {
      throw new KeyException(
          file.path() + " holds no private key", "Export it again, together with the private key.");
    }
    if (alias.isPresent()) {
      return keys.stream()
          .filter(alias.get()::equalsIgnoreCase) // the JDK folds aliases to lower case
          .findFirst()
          .orElseThrow(() ->
              new KeyException(
                  file.path() + " has no key \"" + alias.get() + "\"",
                  "Set alias to one of: " + String.join(", ", keys)));
    }
    if (keys.size() > 1) {
      throw new KeyException(
          file.path() + " holds " + keys.size() + " keys",
          "Set alias to one of: " + String.join(", ", keys));
    }
    return keys.getFirst();
  }

  /** The key's own chain first, then all others in the file. */
  private static List<X509Certificate> certificates(KeyStore store, String chosen)
      throws GeneralSecurityException {
    var out = new LinkedHashSet<X509Certificate>();
    Certificate[] chain = store.getCertificateChain(chosen);
    add(out, chain == null ? new Certificate[0] : chain);
    for (String name : Collections.list(store.aliases())) {
      Certificate certificate = store.getCertificate(name);
      add(out, certificate == null ? new Certificate[0] : new Certificate[] {certificate});
    }
    return new ArrayList<>(out);
  }

  private static void add(LinkedHashSet<X509Certificate> all, Certificate[] found) {
    for (Certificate certificate : found) {
      if (certificate instanceof X509Certificate x509) {
        all.add(x509);
      }
    }
  }
}
