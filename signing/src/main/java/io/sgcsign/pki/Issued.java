// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;

/** A software key with its certificate chain, as a {@link TestAuthority} hands it out. */
public record Issued(KeyPair keys, CertificateChain chain) {

  public X509Certificate certificate() {
    return chain.leaf();
  }

  /** PKCS#12 (RFC 7292) with PBES2: PBKDF2-HMAC-SHA-256 and AES-256, the JDK's default. */
  public Bytes pkcs12(char[] password, String alias) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          alias, keys.getPrivate(), password, chain.certificates().toArray(Certificate[]::new));
      var out = new ByteArrayOutputStream();
      store.store(out, password);
      return Bytes.wrap(out.toByteArray());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("This JDK cannot write PKCS#12", e);
    }
  }

  /** The chain, leaf first. */
  public String certificatesPem() {
    return Pem.encode(chain.certificates());
  }

  /** The key as unencrypted PKCS#8 (RFC 5958). */
  public String privateKeyPem() {
    return Pem.encode("PRIVATE KEY", Bytes.wrap(keys.getPrivate().getEncoded()));
  }

  @Override
  public String toString() {
    return "Issued[" + DistinguishedName.format(certificate().getSubjectX500Principal()) + "]";
  }
}
