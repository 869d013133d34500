// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import static org.assertj.core.api.Assertions.assertThat;

import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WindowsNameTest {
  /** Left RFC 4514, right what PowerShell shows as Subject. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "CN=Contoso, O=Contoso Ltd, L=Redmond, ST=Washington, C=US"
            + "|CN=Contoso, O=Contoso Ltd, L=Redmond, S=Washington, C=US",
        "CN=Acme\\, Inc., C=US|CN=\"Acme, Inc.\", C=US",
        "CN=The \\\"A\\\" Team|CN=\"The \"\"A\"\" Team\"",
        "CN=O'Neil|CN=\"O'Neil\"",
        "CN=Żółć, C=PL|CN=Żółć, C=PL",
        "CN=A + OU=B, O=C|CN=A + OU=B, O=C",
        "1.3.6.1.4.1.311.60.2.1.3=#13025553, SERIALNUMBER=12, CN=X"
            + "|OID.1.3.6.1.4.1.311.60.2.1.3=US, SERIALNUMBER=12, CN=X",
        "1.2.840.113549.1.9.1=#16026140, CN=X|E=a@, CN=X"
      })
  void printsAsWindowsDoes(String name, String windows) {
    var found = WindowsName.of(new X500Principal(name));
    assertThat(found).hasToString(windows);
    assertThat(WindowsName.parse(windows)).contains(found);
  }

  @Test
  void spacesAndTheCaseOfKeysDoNotMatterButOrderAndValuesDo() {
    var subject = WindowsName.of(new X500Principal("CN=A B, O=C"));
    assertThat(WindowsName.parse("cn=A B,o=C")).contains(subject);
    assertThat(WindowsName.parse("CN = A B ;O = \"C\"")).contains(subject);
    assertThat(WindowsName.parse("O=C, CN=A B").orElseThrow()).isNotEqualTo(subject);
    assertThat(WindowsName.parse("CN=a b, O=C").orElseThrow()).isNotEqualTo(subject);
    assertThat(WindowsName.parse("CN=A B").orElseThrow()).isNotEqualTo(subject);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Contoso", "ST=Washington", "CN=\"A", "CN=\"A\"B", "CN=A,", "X=1"})
  void takesNothingThatWindowsDoesNot(String text) {
    assertThat(WindowsName.parse(text)).isEmpty();
  }
}
