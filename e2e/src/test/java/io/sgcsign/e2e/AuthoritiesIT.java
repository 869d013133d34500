// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.assembly.TestTsa;
import io.sgcsign.assembly.TokenIssuer;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.log.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.pki.KeyType;
import io.sgcsign.tool.HttpStub;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with two time-stamp authorities, of which the first dies. */
final class AuthoritiesIT {
  @TempDir private Path folder;
  private final AtomicBoolean dead = new AtomicBoolean();
  private final AtomicInteger asked = new AtomicInteger();

  private HttpStub authority(TokenIssuer issuer, boolean mortal) {
    return HttpStub.answering(request -> {
      if (mortal) {
        asked.incrementAndGet();
      }
      return mortal && dead.get()
          ? new HttpStub.Answer(503, "text/plain", Bytes.EMPTY)
          : new HttpStub.Answer(200, "application/timestamp-reply", issuer.respond(request));
    });
  }

  private static String member(URI url, String policy) {
    return """
    { "url": "%s", "anchors_file": "root.pem", "policy_oid": "%s", "max_per_minute": 1000 }\
    """
        .formatted(url, policy);
  }

  @Test
  void goesOnWithTheSecondAuthorityAndLeavesTheDeadOneAlone() throws Exception {
    var pki = TestPki.create();
    var _ = pki.rootFile(folder);
    TokenIssuer issuer = TestTsa.of(pki.stamper(), InstantSource.system());
    try (var first = authority(issuer, true);
        var second = authority(issuer, false)) {
      String authorities =
          member(first.uri(), "2.999.3161") + ", " + member(second.uri(), "2.999.3161");
      // no hedging: a busy machine must not ask the second one early
      var site =
          Site.in(folder)
              .provider("ca", pki.signer("Released", KeyType.EC_P256))
              .member(
                  "timestamping", "{ \"authorities\": [" + authorities + "], \"hedge\": false }")
              .write();
      try (var server = site.start();
          var api = Api.signedUp(server.uri())) {
        sign(api, 0);
        assertThat(state(api, 0)).isEqualTo("closed");
        dead.set(true);
        for (int i = 1; i <= 4; i++) {
          sign(api, i);
        }

        assertThat(asked).hasValue(4); // once alive, three failures, then left alone
        assertThat(state(api, 0)).isEqualTo("open");
        assertThat(state(api, 1)).isEqualTo("closed");
        assertThat(authority(api, 0).text("detail").orElseThrow())
            .contains(first.uri() + ": it answered with HTTP status 503");
      }
      assertThat(stampers(site.database()))
          .containsExactly(
              first.uri().toString(),
              second.uri().toString(),
              second.uri().toString(),
              second.uri().toString(),
              second.uri().toString());
    }
  }

  private static void sign(Api api, int number) {
    Bytes signed = api.sign(FormData.of(Programs.numbered(number), "ca")).signed();
    assertThat(api.verify(signed).good().flag("has_timestamp")).isTrue();
  }

  private static JsonValue.Obj authority(Api api, int index) {
    return (JsonValue.Obj) api.get("/api/v1/health").good().items("timestamping").get(index);
  }

  private static String state(Api api, int index) {
    return authority(api, index).text("state").orElseThrow();
  }

  /** Who stamped, as the ledger tells. */
  private static List<String> stampers(Path database) {
    try (var ledger = LedgerFile.read(database)) {
      return ledger.events(0).stream()
          .filter(e -> e.type().equals("signature.completed"))
          .map(AuthoritiesIT::stamper)
          .toList();
    }
  }

  private static String stamper(Leaf leaf) {
    var made = (Json.Obj) leaf.pub().list("made").getFirst();
    return made.object("tsa").text("authority");
  }
}
