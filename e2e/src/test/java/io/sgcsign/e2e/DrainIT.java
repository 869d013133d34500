// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.pki.KeyType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the server ends, asked nicely and not. */
final class DrainIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Larger than what is kept in memory, so that there is a spool file. */
  private static final Bytes FILE = PeBuilder.x64().sections(2, 4 * 1024 * 1024).build();

  private static final int HALF = 5 * 1024 * 1024;
  @TempDir private Path folder;
  private Site site;

  @BeforeEach
  void prepare() {
    site =
        Site.in(folder)
            .provider("build", TestPki.create().selfSigned("Drain", KeyType.EC_P256))
            .write();
  }

  private static String keyOf(Api api) {
    return api.anonymous().admin().newKey("{\"name\": \"upload\"}");
  }

  private void awaitSpool() {
    Poll.until("the upload is in the spool", SOON, () -> site.files(".upload").size() == 1);
  }

  @Test
  void finishesWhatRunsBeforeItEnds() throws IOException {
    try (var server = site.start();
        var api = Api.signedUp(server.uri());
        var upload = new SlowUpload(server.uri(), keyOf(api), FormData.of(FILE, "build"), HALF)) {
      awaitSpool();

      server.terminate();
      Poll.until("nobody listens any more", SOON, () -> refused(server.uri()));
      assertThat(server.alive()).isTrue();
      Bytes answer = upload.finish();

      int body = end(answer);
      assertThat(answer.slice(0, body).toUtf8())
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("X-Sgcsign-Log-Index: ");
      assertThat(answer.size() - body).isGreaterThan(FILE.size());
      assertThat(server.awaitExit()).isZero();
      assertThat(site.files(".upload")).isEmpty();
      try (var ledger = LedgerFile.read(site.database())) {
        var events = ledger.events(0);
        assertThat(events.getLast().type()).isEqualTo("node.stopped");
        assertThat(events).anyMatch(e -> e.type().equals("signature.completed"));
      }
    }
  }

  private static boolean refused(URI server) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 1000);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the body of an answer begins. */
  private static int end(Bytes answer) {
    int limit = Math.min(answer.size(), 16 * 1024);
    String head = new String(answer.slice(0, limit).toArray(), StandardCharsets.ISO_8859_1);
    assertThat(head).contains("\r\n\r\n");
    return head.indexOf("\r\n\r\n") + 4;
  }

  @Test
  void endsAtOnceWhenNothingRuns() {
    try (var server = site.start();
        var api = Api.signedUp(server.uri())) {
      assertThat(api.get("/api/v1/providers").status()).isEqualTo(200);
      long start = System.nanoTime();

      assertThat(server.stop()).isZero();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void removesWhatAKilledServerLeft() throws IOException {
    try (var server = site.start();
        var api = Api.signedUp(server.uri())) {
      var upload = new SlowUpload(server.uri(), keyOf(api), FormData.of(FILE, "build"), HALF);
      awaitSpool();
      server.kill();
      assertThatThrownBy(upload::finish).isInstanceOf(IOException.class);
      upload.close();
    }
    assertThat(site.files(".upload")).hasSize(1);

    try (var server = site.start();
        var api = Api.signedUp(server.uri())) {
      assertThat(site.files(".upload")).isEmpty();
      assertThat(api.anonymous().admin().get("/api/v1/requests").good().items("requests"))
          .isEmpty();
      assertThat(api.sign(FormData.of(FILE, "build")).status()).isEqualTo(200);
    }
  }

  @Test
  void forgetsAnUploadWhoseClientWentAway() throws IOException {
    try (var server = site.start();
        var api = Api.signedUp(server.uri())) {
      var upload = new SlowUpload(server.uri(), keyOf(api), FormData.of(FILE, "build"), HALF);
      awaitSpool();

      upload.close();

      Poll.until("the spool is empty", SOON, () -> site.files(".upload").isEmpty());
      JsonValue.Obj all = api.anonymous().admin().get("/api/v1/requests").good();
      assertThat(all.items("requests")).isEmpty();
      assertThat(server.log()).doesNotContain("request.failed");
    }
  }
}
