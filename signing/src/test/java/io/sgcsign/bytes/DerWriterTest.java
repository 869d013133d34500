// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bouncy Castle is the reference. */
final class DerWriterTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 24})
  void writesLengthsOfEverySize(int size) throws IOException {
    byte[] content = new byte[size];
    assertThat(DerWriter.octetString(Bytes.of(content)).toArray())
        .isEqualTo(new DEROctetString(content).getEncoded());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.840.113549.1.9.4",
        "2.5.29.15",
        "2.16.840.1.101.3.4.2.1",
        "0.0",
        "1.3.6.1.4.1.311.2.1.4",
        "2.999.4294967296.127.128.16384"
      })
  void writesObjectIdentifiers(String oid) throws IOException {
    assertThat(DerWriter.oid(oid).toArray()).isEqualTo(new ASN1ObjectIdentifier(oid).getEncoded());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 127, 128, -128, -129, Long.MAX_VALUE, Long.MIN_VALUE})
  void writesIntegers(long value) throws IOException {
    assertThat(DerWriter.integer(value).toArray())
        .isEqualTo(new ASN1Integer(BigInteger.valueOf(value)).getEncoded());
  }

  @Test
  void sortsSets() throws IOException {
    var vector = new ASN1EncodableVector();
    vector.add(new ASN1Integer(300));
    vector.add(new ASN1Integer(5));
    vector.add(new DEROctetString(new byte[] {(byte) 0xff}));
    vector.add(new DEROctetString(new byte[] {1}));
    Bytes ours =
        DerWriter.setOf(
            List.of(
                DerWriter.integer(300),
                DerWriter.integer(5),
                DerWriter.octetString(Bytes.of((byte) 0xff)),
                DerWriter.octetString(Bytes.of((byte) 1))));
    assertThat(ours.toArray()).isEqualTo(new DERSet(vector).getEncoded("DER"));
  }
}
