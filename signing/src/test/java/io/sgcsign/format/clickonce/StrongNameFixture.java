// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.HexFormat;

/** Opens the package's calculation of tokens to tests. */
public final class StrongNameFixture {
  private StrongNameFixture() {}

  /** The token of a key with exponent 65537, given its modulus as blobs have it: reversed. */
  public static String tokenOf(String littleEndianModulus) {
    byte[] little = HexFormat.of().parseHex(littleEndianModulus);
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    try {
      var spec = new RSAPublicKeySpec(new BigInteger(1, big), BigInteger.valueOf(65537));
      return StrongName.token((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
