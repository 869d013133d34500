// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/** Reads one private key and any number of certificates from PEM files. */
record PemReader(List<KeyFile> files, Optional<Secret> password) {
  PemReader {
    files = List.copyOf(files);
  }

  KeyMaterial read() {
    var keys = new ArrayList<PrivateKeyInfo>();
    var certificates = new ArrayList<X509Certificate>();
    for (KeyFile file : files) {
      read(file, keys, certificates);
    }
    if (keys.size() != 1) {
      throw new KeyException(
          names() + (keys.isEmpty() ? " hold no private key" : " hold " + keys.size() + " keys"),
          "Give one private key: -----BEGIN PRIVATE KEY----- or its encrypted form.");
    }
    return new KeyMaterial(names(), jcaKey(keys.getFirst()), certificates);
  }

  private String names() {
    return files.stream().map(f -> f.path().toString()).collect(Collectors.joining(", "));
  }

  private void read(KeyFile file, List<PrivateKeyInfo> keys, List<X509Certificate> certificates) {
    String text = new String(file.read().toArray(), StandardCharsets.ISO_8859_1);
    if (!text.contains("-----BEGIN ")) {
      throw new KeyException(
          file.path() + " is no PEM file",
          "Convert it: openssl x509 -inform DER … or, for a .pfx, use a provider of type PFX.");
    }
    try (var parser = new PEMParser(new StringReader(text))) {
      for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
        switch (found) {
          case X509CertificateHolder certificate ->
              certificates.add(new JcaX509CertificateConverter().getCertificate(certificate));
          case PrivateKeyInfo key -> keys.add(key);
          case PEMKeyPair pair -> keys.add(pair.getPrivateKeyInfo());
          case PKCS8EncryptedPrivateKeyInfo key -> keys.add(decrypt(file, key));
          case PEMEncryptedKeyPair pair -> keys.add(decrypt(file, pair));
          default -> { // EC PARAMETERS and the like say nothing the key does not
          }
        }
      }
    } catch (IOException | CertificateException e) {
      throw new KeyException(
          file.path() + " is damaged: " + e.getMessage(),
          "Copy the file again, whole, with its -----BEGIN and -----END lines.",
          false,
          e);
    }
  }

  private PrivateKeyInfo decrypt(KeyFile file, PKCS8EncryptedPrivateKeyInfo key) {
    return withPassword(
        file,
        secret -> {
          try {
            return decrypt(key, secret);
          } catch (PKCSException | OperatorCreationException e) {
            return decryptWithOctets(file, key, secret);
          }
        });
  }

  /** OpenSSL derives from UTF-8; with some schemes Bouncy Castle takes one octet a character. */
  private static PrivateKeyInfo decryptWithOctets(
      KeyFile file, PKCS8EncryptedPrivateKeyInfo key, char[] secret) {
    byte[] utf8 = new String(secret).getBytes(StandardCharsets.UTF_8);
    char[] octets = new String(utf8, StandardCharsets.ISO_8859_1).toCharArray();
    try {
      return decrypt(key, octets);
    } catch (PKCSException | OperatorCreationException e) {
      throw wrongPassword(file, e);
    } finally {
      Arrays.fill(utf8, (byte) 0);
      Arrays.fill(octets, '\0');
    }
  }

  private static PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo key, char[] secret)
      throws PKCSException, OperatorCreationException {
    return key.decryptPrivateKeyInfo(
        new JceOpenSSLPKCS8DecryptorProviderBuilder()
            .setProvider(new BouncyCastleProvider())
            .build(secret));
  }

  private PrivateKeyInfo decrypt(KeyFile file, PEMEncryptedKeyPair pair) {
    return withPassword(
        file,
        secret -> {
          try {
            var decryptor =
                new JcePEMDecryptorProviderBuilder().setProvider(new BouncyCastleProvider());
            return pair.decryptKeyPair(decryptor.build(secret)).getPrivateKeyInfo();
          } catch (IOException e) {
            throw wrongPassword(file, e);
          }
        });
  }

  private PrivateKeyInfo withPassword(KeyFile file, Function<char[], PrivateKeyInfo> decrypt) {
    char[] secret =
        password
            .orElseThrow(() ->
                new KeyException(
                    "The private key in " + file.path() + " is encrypted",
                    "Set password (password_env, password_file) for it."))
            .reveal();
    try {
      return decrypt.apply(secret);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private static KeyException wrongPassword(KeyFile file, Exception cause) {
    return new KeyException(
        "The password does not open the private key in " + file.path(),
        "Correct the password (or the variable that holds it).",
        false,
        cause);
  }

  private PrivateKey jcaKey(PrivateKeyInfo key) {
    var type = key.getPrivateKeyAlgorithm().getAlgorithm();
    String name =
        type.equals(PKCSObjectIdentifiers.rsaEncryption)
            ? "RSA"
            : type.equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : "";
    try {
      if (name.isEmpty()) {
        throw new PEMException("the key type " + type + " is not used for signing here");
      }
      return KeyFactory.getInstance(name)
          .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new KeyException(
          "The private key in " + names() + " cannot be used: " + e.getMessage(),
          "Use an RSA key, or an EC key on P-256, P-384 or P-521.",
          false,
          e);
    }
  }
}
