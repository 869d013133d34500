// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MultipartTest {
  private static final String TYPE = "multipart/form-data; boundary=XyZ";

  /** Hands out a few bytes at a time, as a network does. */
  private static InputStream dripping(byte[] body, int most) {
    return new ByteArrayInputStream(body) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, most));
      }
    };
  }

  private static byte[] body(Map<String, byte[]> parts) {
    var out = new ByteArrayOutputStream();
    parts.forEach((name, content) -> {
      out.writeBytes(
          ("--XyZ\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      out.writeBytes(content);
      out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    });
    out.writeBytes("--XyZ--\r\n".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static Map<String, byte[]> read(InputStream in) throws IOException {
    var multipart = Multipart.open(TYPE, in);
    var parts = new LinkedHashMap<String, byte[]>();
    for (var part = multipart.next(); part.isPresent(); part = multipart.next()) {
      parts.put(part.get().name(), multipart.content().readAllBytes());
    }
    return parts;
  }

  @Test
  void readsPartsHoweverTheBytesArrive() throws IOException {
    var random = new Random(7);
    for (int most : new int[] {1, 2, 3, 7, 64, 4096, 1 << 20}) {
      var sent = new LinkedHashMap<String, byte[]>();
      byte[] big = new byte[most == 1 ? 500 : 200_000];
      random.nextBytes(big);
      sent.put("file", big);
      sent.put("provider", "pfx".getBytes(StandardCharsets.UTF_8));
      sent.put("empty", new byte[0]);
      sent.put("tricky", "\r\n--Xy\r\n--XyY\r\r\n--X".getBytes(StandardCharsets.UTF_8));
      var got = read(dripping(body(sent), most));
      assertThat(got.keySet()).containsExactlyElementsOf(sent.keySet());
      sent.forEach((name, content) -> assertThat(got.get(name)).isEqualTo(content));
    }
  }

  @Test
  void skipsWhatNobodyRead() throws IOException {
    var sent = new LinkedHashMap<String, byte[]>();
    sent.put("a", new byte[100_000]);
    sent.put("b", new byte[] {1});
    var multipart = Multipart.open(TYPE, new ByteArrayInputStream(body(sent)));
    assertThat(multipart.next()).isPresent();
    assertThat(multipart.next().orElseThrow().name()).isEqualTo("b");
  }

  @Test
  void readsFileNamesWithQuotesAndSpaces() throws IOException {
    String body =
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".exe\"\r\n"
            + "Content-Type: x/y\r\n\r\nhi\r\n--XyZ--";
    var multipart =
        Multipart.open(TYPE, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    var part = multipart.next().orElseThrow();
    assertThat(part.fileName()).contains("a \"b\".exe");
    assertThat(multipart.content().readAllBytes()).isEqualTo(new byte[] {'h', 'i'});
    assertThat(multipart.next()).isEmpty();
  }

  @Test
  void refusesBodiesThatEndEarlyWhereverTheyAreCut() {
    var sent = new LinkedHashMap<String, byte[]>();
    sent.put("file", new byte[300]);
    sent.put("provider", new byte[] {'x'});
    byte[] whole = body(sent);
    for (int length = 0; length < whole.length - 4; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(new ByteArrayInputStream(cut)))
          .isInstanceOf(ProblemException.class);
    }
  }

  @Test
  void refusesOtherContentTypes() {
    for (String type : new String[] {"", "text/plain", "multipart/form-data", "application/json"}) {
      assertThatThrownBy(() -> Multipart.open(type, InputStream.nullInputStream()))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("multipart/form-data");
    }
  }

  @Test
  void throwsOnlyProblemsWhateverIsSent() throws IOException {
    var random = new Random(11);
    var sent = new LinkedHashMap<String, byte[]>();
    sent.put("file", new byte[200]);
    byte[] whole = body(sent);
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = whole.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      try {
        var _ = read(new ByteArrayInputStream(mutated));
      } catch (ProblemException e) {
        assertThat(e.problem().hint()).isNotEmpty();
      }
    }
  }
}
