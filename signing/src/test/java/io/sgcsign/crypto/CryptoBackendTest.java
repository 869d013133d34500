// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm.Scheme;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class CryptoBackendTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes MESSAGE = Bytes.utf8("something to sign");
  private static final KeyPair RSA = KeyType.RSA_2048.generate(RANDOM);

  static Stream<CryptoBackend> backends() {
    return Stream.of(
        CryptoBackend.select(RANDOM), CryptoBackend.portable(RANDOM), CryptoBackend.jdk(RANDOM));
  }

  @Test
  void choosesTheNativeProviderWhereItsLibraryLoads() {
    boolean here =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    org.junit.jupiter.api.Assumptions.assumeTrue(here, "the library is for linux-x86_64");
    assertThat(CryptoBackend.select(RANDOM).name()).startsWith("accp 2.");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void signsPkcs1AsTheJdkVerifiesIt(CryptoBackend backend) throws Exception {
    for (DigestAlgorithm hash : DigestAlgorithm.values()) {
      Bytes value = signAndCheck(backend, RSA, new SignatureAlgorithm(Scheme.RSA_PKCS1, hash));
      var jdk = Signature.getInstance(hash.name() + "withRSA", "SunRsaSign");
      jdk.initSign(RSA.getPrivate());
      jdk.update(MESSAGE.toArray());
      assertThat(value).isEqualTo(Bytes.wrap(jdk.sign()));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void signsPssAsTheJdkVerifiesIt(CryptoBackend backend) throws Exception {
    for (DigestAlgorithm hash : DigestAlgorithm.values()) {
      Bytes value = signAndCheck(backend, RSA, new SignatureAlgorithm(Scheme.RSA_PSS, hash));
      assertThat(pss(hash, hash.length(), value)).isTrue();
    }
  }

  private static boolean pss(DigestAlgorithm hash, int salt, Bytes value) throws Exception {
    var jdk = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
    jdk.setParameter(
        new PSSParameterSpec(
            hash.jcaName(), "MGF1", new MGF1ParameterSpec(hash.jcaName()), salt, 1));
    jdk.initVerify(RSA.getPublic());
    jdk.update(MESSAGE.toArray());
    return jdk.verify(value.toArray());
  }

  @Test
  void refusesAPssSignatureWithAnotherSaltLength() throws Exception {
    var jdk = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
    jdk.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 20, 1));
    jdk.initSign(RSA.getPrivate());
    jdk.update(MESSAGE.toArray());
    var algorithm = new SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256);
    assertThat(
            CryptoBackend.jdk(RANDOM)
                .verify(RSA.getPublic(), Digest.sha256(MESSAGE), Bytes.wrap(jdk.sign()), algorithm))
        .isFalse();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void signsEcdsaAsTheJdkVerifiesIt(CryptoBackend backend) throws Exception {
    for (KeyType type : List.of(KeyType.EC_P256, KeyType.EC_P384)) {
      KeyPair keys = type.generate(RANDOM);
      for (DigestAlgorithm hash : DigestAlgorithm.values()) {
        Bytes value = signAndCheck(backend, keys, new SignatureAlgorithm(Scheme.ECDSA, hash));
        var jdk = Signature.getInstance(hash.name() + "withECDSA", "SunEC");
        jdk.initVerify(keys.getPublic());
        jdk.update(MESSAGE.toArray());
        assertThat(jdk.verify(value.toArray())).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Scheme.class)
  void refusesASignatureWithABitFlipped(Scheme scheme) throws Exception {
    KeyPair keys = scheme == Scheme.ECDSA ? KeyType.EC_P256.generate(RANDOM) : RSA;
    var algorithm = new SignatureAlgorithm(scheme, DigestAlgorithm.SHA256);
    for (CryptoBackend backend : backends().toList()) {
      byte[] value = signAndCheck(backend, keys, algorithm).toArray();
      for (int at : new int[] {0, 1, value.length / 2, value.length - 1}) {
        byte[] bad = value.clone();
        bad[at] ^= 1;
        assertThat(
                backend.verify(
                    keys.getPublic(), Digest.sha256(MESSAGE), Bytes.wrap(bad), algorithm))
            .as("%s byte %d", scheme, at)
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesAShortSignatureAndTheWrongKindOfKey(CryptoBackend backend) {
    var rsa = new SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256);
    Digest digest = Digest.sha256(MESSAGE);
    assertThat(backend.verify(RSA.getPublic(), digest, Bytes.utf8("short"), rsa)).isFalse();
    KeyPair ec = KeyType.EC_P256.generate(RANDOM);
    assertThat(backend.verify(ec.getPublic(), digest, Bytes.utf8("short"), rsa)).isFalse();
    assertThatThrownBy(() -> backend.sign(ec.getPrivate(), digest, rsa))
        .isInstanceOf(InvalidKeyException.class);
  }

  private static Bytes signAndCheck(
      CryptoBackend backend, KeyPair keys, SignatureAlgorithm algorithm)
      throws GeneralSecurityException {
    var key = backend.importKey(keys.getPrivate());
    Digest digest = Digest.of(algorithm.digest(), MESSAGE);
    Bytes value = backend.sign(key, digest, algorithm);
    assertThat(backend.verify(backend.importKey(keys.getPublic()), digest, value, algorithm))
        .as("own check of %s", algorithm)
        .isTrue();
    assertThat(CryptoBackend.jdk(RANDOM).verify(keys.getPublic(), digest, value, algorithm))
        .as("the JDK's check of %s", algorithm)
        .isTrue();
    return value;
  }
}
