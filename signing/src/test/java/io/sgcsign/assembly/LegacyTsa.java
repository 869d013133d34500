// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.pki.Issued;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Authenticode's own time-stamp protocol of before RFC 3161: base64 of a request with the signature
 * value in, base64 of a SignedData over it out. Only for tests of what old files hold.
 */
public final class LegacyTsa {
  private LegacyTsa() {}

  public static Bytes respond(Issued tsa, Bytes request) {
    Bytes der = Bytes.wrap(Base64.getMimeDecoder().decode(request.toArray()));
    DerCursor fields = Der.of(der).sequence();
    var _ = fields.next(Der.OID);
    DerCursor content = fields.next().sequence();
    var _ = content.next(Der.OID);
    Bytes value = content.next().only().octets();
    byte[] answer = Base64.getMimeEncoder().encode(counterSign(tsa, value).toArray());
    return Bytes.utf8(new String(answer, StandardCharsets.US_ASCII));
  }

  private static Bytes counterSign(Issued tsa, Bytes value) {
    try {
      var generator = new CMSSignedDataGenerator();
      String scheme = tsa.keys().getPrivate().getAlgorithm().equals("EC") ? "ECDSA" : "RSA";
      var signer =
          new JcaContentSignerBuilder("SHA256with" + scheme).build(tsa.keys().getPrivate());
      var digests = new JcaDigestCalculatorProviderBuilder().build();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(digests).build(signer, tsa.certificate()));
      generator.addCertificates(new JcaCertStore(tsa.chain().certificates()));
      var content = new CMSProcessableByteArray(value.toArray());
      return Bytes.wrap(generator.generate(content, true).getEncoded("DER"));
    } catch (IOException
        | CMSException
        | OperatorCreationException
        | CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
