// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hostile form bodies; the first line is the Content-Type, the rest the body. */
public final class MultipartFuzzTest implements FuzzTarget {
  private static final String TYPE = "multipart/form-data; boundary=XyZ\n";
  private static final String HEAD = "--XyZ\r\nContent-Disposition: form-data; name=";
  private static final MultipartFuzzTest TARGET = new MultipartFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  /** Hands out a few bytes at a time, as a network does. */
  private static InputStream dripping(byte[] body, int most) {
    return new ByteArrayInputStream(body) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, most));
      }
    };
  }

  private static List<String> parts(String type, InputStream in, boolean readAll) {
    var out = new ArrayList<String>();
    try {
      var multipart = Multipart.open(type, in);
      for (var part = multipart.next(); part.isPresent(); part = multipart.next()) {
        byte[] content = readAll ? multipart.content().readAllBytes() : new byte[0];
        out.add(part.get() + new String(content, StandardCharsets.ISO_8859_1));
      }
    } catch (ProblemException e) {
      assertThat(e.problem().code().status()).isBetween(400, 415);
      assertThat(e.problem().hint()).isNotBlank();
      out.add(e.problem().code().wireName());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory fails at no reading
    }
    return out;
  }

  @Override
  public String read(Bytes input) {
    String text = new String(input.toArray(), StandardCharsets.ISO_8859_1);
    int end = Math.max(0, text.indexOf('\n'));
    String type = text.substring(0, end);
    byte[] body = input.slice(Math.min(end + 1, input.size()), input.size()).toArray();
    List<String> parts = parts(type, dripping(body, Integer.MAX_VALUE), true);
    // however the network cuts the body, and whether anybody reads it
    int drip = 1 + body.length % 7;
    assertThat(parts(type, dripping(body, drip), true)).isEqualTo(parts);
    List<String> skipped = parts(type, dripping(body, drip), false);
    assertThat(refusal(skipped)).isEqualTo(refusal(parts));
    assertThat(refusal(parts).isPresent() || skipped.size() == parts.size()).isTrue();
    return refusal(parts).orElse(parts.isEmpty() ? "none" : "parts");
  }

  private static Optional<String> refusal(List<String> parts) {
    return parts.stream().filter(part -> part.startsWith("SGC-")).findFirst();
  }

  private static Seed seed(String name, String outcome, String text) {
    return new Seed(name, outcome, Bytes.utf8(text));
  }

  @Override
  public List<Seed> seeds() {
    String file =
        HEAD + "\"file\"; filename=\"a \\\"b\\\".exe\"\r\nContent-Type: a/b\r\n\r\nMZ\r\n--Xy\r\n";
    String bad = "SGC-REQUEST-MALFORMED";
    return List.of(
        seed("two fields", "parts", TYPE + file + HEAD + "\"provider\"\r\n\r\npfx\r\n--XyZ--\r\n"),
        seed("empty field", "parts", TYPE + HEAD + "\"a\"\r\n\r\n\r\n--XyZ--"),
        seed(
            "blanks behind the boundary",
            "parts",
            TYPE + "--XyZ \t\r\n" + HEAD.substring(7) + "\"a\"\r\n\r\n\r\n--XyZ--"),
        seed(
            "quoted boundary",
            "parts",
            TYPE.replace("XyZ", "\"XyZ\"") + HEAD + "\"a\"\r\n\r\n1\r\n--XyZ--"),
        seed("text before", "parts", TYPE + "hello\r\n" + HEAD + "\"a\"\r\n\r\n1\r\n--XyZ--"),
        seed("no part", "none", TYPE + "--XyZ--\r\n"),
        seed("cut", bad, TYPE + file),
        seed("no name", bad, TYPE + "--XyZ\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XyZ--"),
        seed("no header", bad, TYPE + "--XyZ\r\n\r\n1\r\n--XyZ--"),
        seed(
            "long file name",
            "parts",
            TYPE + HEAD + "\"a\"; filename=\"" + "y\\\"".repeat(2_600) + "\"\r\n\r\n1\r\n--XyZ--"),
        seed("endless header", bad, TYPE + HEAD + "\"a\"; x=" + "y".repeat(30_000)),
        seed("many parts", bad, TYPE + (HEAD + "\"a\"\r\n\r\n1\r\n").repeat(300) + "--XyZ--"),
        seed("long boundary", bad, TYPE.replace("XyZ", "x".repeat(500))),
        seed("no boundary", "SGC-MEDIA-TYPE-UNSUPPORTED", "multipart/form-data\n--XyZ--"),
        seed("JSON", "SGC-MEDIA-TYPE-UNSUPPORTED", "application/json\n{}"),
        seed("nothing", "SGC-MEDIA-TYPE-UNSUPPORTED", ""));
  }
}
