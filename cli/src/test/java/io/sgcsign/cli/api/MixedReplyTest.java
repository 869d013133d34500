// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two files in one answer, and answers that are none. */
final class MixedReplyTest {
  private static final String TYPE = "multipart/mixed; boundary=\"b-1\"";

  /** The first part has what looks like a boundary in it. */
  private static final String GOOD =
      "--b-1\r\nContent-Type: x/y\r\nContent-Length: 9\r\n\r\n\r\n--b-1\r\n"
          + "\r\n--b-1\r\nContent-Length: 3\r\n\r\ntwo"
          + "\r\n--b-1--\r\n";

  private static Optional<MixedReply> reply(String type, String body) {
    var in = new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1));
    var reply = new Reply(n -> n.equals("Content-Type") ? Optional.of(type) : Optional.empty(), in);
    return MixedReply.of(reply, IllegalArgumentException::new);
  }

  private static String next(MixedReply parts) throws IOException {
    var out = new ByteArrayOutputStream();
    parts.next(out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void readsEveryPartAsLongAsItSays() throws IOException {
    MixedReply parts = reply(TYPE, GOOD).orElseThrow();
    assertThat(next(parts)).isEqualTo("\r\n--b-1\r\n");
    assertThat(next(parts)).isEqualTo("two");
    parts.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/octet-stream", "multipart/mixed", "multipart/form-data; b=x"})
  void leavesOtherAnswersAlone(String type) {
    assertThat(reply(type, GOOD)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 45, 55, 65, 80, 99})
  void tellsAnAnswerThatBreaksOff(int length) {
    MixedReply parts = reply(TYPE, GOOD.substring(0, length)).orElseThrow();
    assertThatThrownBy(
            () -> {
              var _ = next(parts);
              var _ = next(parts);
              parts.end();
            })
        .isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--other\r\nContent-Length: 1\r\n\r\nx\r\n--b-1--\r\n",
        "--b-1\r\nContent-Type: x/y\r\n\r\nx\r\n--b-1--\r\n",
        "--b-1\r\nContent-Length: -1\r\n\r\nx\r\n--b-1--\r\n",
        "--b-1\r\nContent-Length: 9999999999999999999999\r\n\r\nx\r\n--b-1--\r\n"
      })
  void refusesPartsThatAreNone(String body) {
    MixedReply parts = reply(TYPE, body).orElseThrow();
    assertThatThrownBy(() -> next(parts)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesMorePartsThanWereRead() throws IOException {
    MixedReply parts = reply(TYPE, GOOD).orElseThrow();
    var _ = next(parts);
    assertThatThrownBy(parts::end).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAHeaderWithoutEnd() {
    String body = "--b-1\r\nX: " + "x".repeat(1 << 20);
    MixedReply parts = reply(TYPE, body).orElseThrow();
    assertThatThrownBy(() -> next(parts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too long");
  }
}
