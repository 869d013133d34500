// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.DigestAlgorithm;
import java.io.ByteArrayOutputStream;
import java.io.Serial;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one JCA provider of this library that is registered: apksig asks for signatures without
 * naming a provider (docs/adr/0009). It takes keys of {@link PassingKey} only and verifies nothing.
 */
public final class ApkProvider extends Provider {
  @Serial private static final long serialVersionUID = 1;

  private static final String NAME = "sgcsign-apk";

  private ApkProvider() {
    super(NAME, "1", "Passes on what apksig has signed");
    putService(new Signing(this, "SHA256withRSA", DigestAlgorithm.SHA256));
    putService(new Signing(this, "SHA512withRSA", DigestAlgorithm.SHA512));
    putService(new Signing(this, "SHA256withECDSA", DigestAlgorithm.SHA256));
    putService(new Signing(this, "SHA512withECDSA", DigestAlgorithm.SHA512));
  }

  /** Makes it known, behind all others; a second time does nothing. For {@code main} only. */
  public static void register() {
    Security.addProvider(new ApkProvider());
  }

  /** Makes signatures without reflection. */
  private static final class Signing extends Service {
    private final DigestAlgorithm digest;

    Signing(Provider provider, String algorithm, DigestAlgorithm digest) {
      super(provider, "Signature", algorithm, Passing.class.getName(), List.of(), Map.of());
      this.digest = digest;
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return new Passing(digest);
    }

    @Override
    public boolean supportsParameter(@Nullable Object parameter) {
      return parameter instanceof PassingKey;
    }
  }

  /** Collects the bytes and asks the key. */
  private static final class Passing extends SignatureSpi {
    private final DigestAlgorithm digest;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private @Nullable PassingKey key;

    Passing(DigestAlgorithm digest) {
      this.digest = digest;
    }

    @Override
    protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
      throw new InvalidKeyException(NAME + " verifies nothing");
    }

    @Override
    protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
      if (!(privateKey instanceof PassingKey passing)) {
        throw new InvalidKeyException(NAME + " takes no other provider's keys");
      }
      key = passing;
      data.reset();
    }

    @Override
    protected void engineUpdate(byte b) {
      data.write(b);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) {
      data.write(bytes, offset, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      if (key == null) {
        throw new SignatureException("There is no key");
      }
      byte[] value = key.sign(Bytes.wrap(data.toByteArray()), digest).toArray();
      data.reset();
      return value;
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      throw new SignatureException(NAME + " verifies nothing");
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException(name);
    }
  }
}
