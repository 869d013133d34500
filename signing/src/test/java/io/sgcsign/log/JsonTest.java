// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private static String canonical(String json) {
    return Json.read(Bytes.utf8(json)).canonical().toUtf8();
  }

  @Test
  void sortsNamesByUtf16CodeUnits() {
    // RFC 8785 §3.2.3
    var sorted =
        canonical(
            """
            {"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet",
             "1": "One", "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control",
             "\\u00f6": "Latin Small Letter O With Diaeresis"}\
            """);
    assertThat(sorted)
        .isEqualTo(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                + "\"\uD83D\uDE00\":\"Emoji: Grinning Face\",\"\uFB33\":\"Hebrew Letter Dalet\"}");
  }

  @Test
  void escapesOnlyWhatMustBe() {
    // RFC 8785 §3.2.2.2, the string of its sample
    assertThat(canonical("\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\""))
        .isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    assertThat(canonical("\"\\b\\t\\f\\u001F\\u007f\"")).isEqualTo("\"\\b\\t\\f\\u001f\u007f\"");
  }

  @Test
  void writesTheSamplesOfTheReferenceImplementation() {
    // cyberphone/json-canonicalization: arrays, french, structures, unicode, weird
    assertThat(
            canonical("[\n  56,\n  {\n    \"d\": true,\n    \"10\": null,\n    \"1\": [ ]\n  }\n]"))
        .isEqualTo("[56,{\"1\":[],\"10\":null,\"d\":true}]");
    assertThat(canonical("{\"peach\": \"x\", \"péché\": \"y\", \"pêche\": \"z\", \"sin\": \"w\"}"))
        .isEqualTo("{\"peach\":\"x\",\"péché\":\"y\",\"pêche\":\"z\",\"sin\":\"w\"}");
    assertThat(canonical("{\"1\": {\"f\": {\"f\": \"hi\",\"F\": 5} ,\"\\n\": 56},\"\": \"empty\"}"))
        .isEqualTo("{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}}}");
    assertThat(canonical("{\"Unnormalized Unicode\":\"A\\u030a\"}"))
        .isEqualTo("{\"Unnormalized Unicode\":\"A\u030a\"}");
    assertThat(canonical("{\"</script>\": \"Browser Challenge\"}"))
        .isEqualTo("{\"</script>\":\"Browser Challenge\"}");
  }

  @Test
  void keepsIntegersExactly() {
    assertThat(canonical("[0, -1, 9007199254740991, -9007199254740991, true, false, null]"))
        .isEqualTo("[0,-1,9007199254740991,-9007199254740991,true,false,null]");
    assertThatThrownBy(() -> Json.of(1L << 53)).isInstanceOf(ProofException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "1.5",
        "1e3",
        "9007199254740992",
        "99999999999999999999",
        "{\"a\":1,\"a\":2}",
        "{} {}",
        "[1,]",
        "'a'",
        "NaN",
        "\"\\ud800\"",
        "{\"a\":1}x"
      })
  void refusesWhatIsNotIntegerJson(String text) {
    assertThatThrownBy(() -> canonical(text)).isInstanceOf(ProofException.class);
  }

  @Test
  void refusesTextThatNestsTooDeep() {
    assertThatThrownBy(() -> canonical("[".repeat(40) + "]".repeat(40)))
        .isInstanceOf(ProofException.class);
  }

  @Test
  void refusesInvalidUtf8() {
    var bytes = Bytes.of((byte) '"', (byte) 0xc3, (byte) 0x28, (byte) '"');
    assertThatThrownBy(() -> Json.read(bytes)).isInstanceOf(ProofException.class);
  }

  @Test
  void tellsWhichMemberIsMissingOrOfAnotherKind() {
    var object = Json.object().put("n", 1).put("list", List.of("a", "b")).build();
    assertThat(object.number("n")).isEqualTo(1);
    assertThat(object.texts("list")).containsExactly("a", "b");
    assertThat(object.findText("absent")).isEmpty();
    assertThatThrownBy(() -> object.text("absent")).hasMessageContaining("absent");
    assertThatThrownBy(() -> object.text("n")).hasMessageContaining("n is not a Text");
  }
}
