// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
  /** The example of C2SP signed-note and golang.org/x/mod/sumdb/note. */
  private static final VerifierKey EXAMPLE_KEY =
      VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");

  private static final String EXAMPLE =
      "This is an example message.\n\n— example.com/foo "
          + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Ine"
          + "yaQM=\n";

  @Test
  void verifiesTheExampleOfTheSpecification() {
    var note = SignedNote.parse(EXAMPLE);
    note.verify(List.of(EXAMPLE_KEY));
    assertThat(note.text()).isEqualTo("This is an example message.\n");
  }

  @Test
  void refusesTheExampleWithAnotherText() {
    var note = SignedNote.parse(EXAMPLE.replace("an example", "an Example"));
    assertThatThrownBy(() -> note.verify(List.of(EXAMPLE_KEY)))
        .isInstanceOf(ProofException.class)
        .hasMessageContaining("not valid");
  }

  @Test
  void ignoresSignaturesOfUnknownKeys() {
    var note = SignedNote.parse(EXAMPLE + "— witness.example/w1 " + "AAAAAAAA\n");
    note.verify(List.of(EXAMPLE_KEY));
    assertThat(note.signatures()).hasSize(2);
  }

  @Test
  void refusesANoteWithoutTheTrustedSignature() {
    var note = SignedNote.parse("text\n\n— example.com/foo AAAAAAAA\n");
    assertThatThrownBy(() -> note.verify(List.of(EXAMPLE_KEY)))
        .hasMessageContaining("Not signed by example.com/foo");
    assertThatThrownBy(() -> note.verify(List.of())).isInstanceOf(ProofException.class);
  }

  @Test
  void refusesTwoSignaturesOfOneKey() {
    String line = EXAMPLE.substring(EXAMPLE.indexOf('—'));
    var note = SignedNote.parse(EXAMPLE + line);
    assertThatThrownBy(() -> note.verify(List.of(EXAMPLE_KEY)))
        .hasMessageContaining("Signed twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "text\n",
        "text\n\n",
        "text\n\n— name AAAAAAAA",
        "text\n\nname AAAAAAAA\n",
        "text\n\n—name AAAAAAAA\n",
        "text\n\n— AAAAAAAA\n",
        "text\n\n— name AAA\n",
        "text\n\n— name AAAA\n",
        "text\n\n— a name AAAAAAAA\n",
        "text\r\n\n— name AAAAAAAA\n",
        "text\u0000\n\n— name AAAAAAAA\n"
      })
  void refusesWhatIsNoNote(String text) {
    assertThatThrownBy(() -> SignedNote.parse(text)).isInstanceOf(ProofException.class);
  }

  @Test
  void refusesMoreSignaturesThanAnyoneNeeds() {
    assertThatThrownBy(() -> SignedNote.parse("t\n\n" + "— n AAAAAAAA\n".repeat(33)))
        .hasMessageContaining("1 to 32");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+",
        "a+b+c",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
        "example.com/foo+530d903a+"
      })
  void refusesWhatIsNoVerifierKey(String vkey) {
    assertThatThrownBy(() -> VerifierKey.parse(vkey)).isInstanceOf(ProofException.class);
  }

  @Test
  void writesAVerifierKeyAsItWasRead() {
    assertThat(EXAMPLE_KEY.toString())
        .isEqualTo("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    assertThat(EXAMPLE_KEY.id()).isEqualTo(0x530d903a);
  }

  @Test
  void laysOutACosignedMessageAsTheSpecificationSays() {
    var key =
        new VerifierKey("log.example/1", VerifierKey.Type.ML_DSA_44, Bytes.wrap(new byte[1312]));
    var text = new Checkpoint("log.example/1", 5, MerkleTree.EMPTY_ROOT).text();
    assertThat(SignedNote.message(key, text, 0x0102030405060708L).toHex())
        .isEqualTo(
            Bytes.utf8("subtree/v1\n\0").toHex()
                + "0d"
                + Bytes.utf8("log.example/1").toHex()
                + "0102030405060708"
                + "0d"
                + Bytes.utf8("log.example/1").toHex()
                + "0000000000000000"
                + "0000000000000005"
                + MerkleTree.EMPTY_ROOT.toHex());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "o\n1\n",
        "o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "o\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "o\n9999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "o\n1\n47DEQpj8HBSa\n",
        "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n"
      })
  void refusesWhatIsNoCheckpoint(String text) {
    assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(ProofException.class);
  }
}
