// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import java.util.Arrays;

/**
 * SpcSipInfo: names the subject interface package (SIP) that knows how to digest the file, for all
 * that is no PE image and no cabinet.
 *
 * @param guid of the SIP, as its bytes stand in the structure
 */
record SipInfo(long version, Bytes guid) {
  private static final String OID = "1.3.6.1.4.1.311.2.1.30";

  /** Integers that are reserved. */
  private static final int RESERVED = 5;

  /** SpcAttributeTypeAndOptionalValue. */
  Bytes data() {
    return DerWriter.sequence(DerWriter.oid(OID), value());
  }

  private Bytes value() {
    var fields = new Bytes[2 + RESERVED];
    Arrays.fill(fields, DerWriter.integer(0));
    fields[0] = DerWriter.integer(version);
    fields[1] = DerWriter.octetString(guid);
    return DerWriter.sequence(fields);
  }

  /** Whether {@code content} speaks of a file of this SIP. */
  boolean in(SpcContent content) {
    return content.type().equals(OID) && content.value().filter(value()::equals).isPresent();
  }
}
