// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.log.ProofException;
import io.sgcsign.pki.Digest;
import io.sgcsign.timestamp.StampProtocol;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventReaderTest {
  private static final Digest DIGEST = Digest.sha256(Bytes.utf8("content"));
  private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.000001Z");
  private static final BuildContext CONTEXT =
      new BuildContext(
          Optional.of("nightly"),
          Optional.of("https://git.example/acme/app"),
          Optional.of("0a1b2c"),
          Optional.of("main"),
          Optional.of("https://ci.example/7"),
          Optional.of("7"),
          Optional.of("1.2.3"),
          new TreeMap<>(Map.of("team", "core")));

  /** One of every type, all fields set. */
  static Stream<Event> events() {
    var claim = IdempotencyClaim.of("key_1", "run-7", Bytes.utf8("request"));
    var stamp = new SignatureCompleted.Stamp(DIGEST, TIME, "CN=TSA", StampProtocol.RFC3161);
    var old = new SignatureCompleted.Stamp(DIGEST, TIME, "CN=TSA", StampProtocol.AUTHENTICODE);
    var made =
        List.of(
            new SignatureCompleted.Made(7, DIGEST, Optional.of(stamp)),
            new SignatureCompleted.Made(8, DIGEST, Optional.of(old)),
            new SignatureCompleted.Made(9, DIGEST, Optional.empty()));
    return Stream.of(
        new ConfigChanged(Optional.of(DIGEST), DIGEST),
        new KeyCreated("k", "ci", List.of("p"), List.of("f"), List.of("sign"), TIME, "u"),
        new KeyRevoked("k", Optional.of("leaked")),
        new LogCreated("sign.example/log/1", List.of("a+00000000+AQ==")),
        new NodeRecovered("b2", 3),
        new LogPruned(17, 365),
        new NodeStarted("b1", "0.1.0"),
        new NodeStopped("b1"),
        new RequestRejected(
            "SGC-FORBIDDEN",
            Optional.of("authenticode"),
            Optional.of("p"),
            Optional.of("no"),
            Optional.of("a.exe"),
            Optional.of("192.0.2.1")),
        new RequestSubmitted(
            "authenticode",
            "p",
            RequestSubmitted.Mode.HASH,
            new TreeMap<>(Map.of("url", "https://acme.example")),
            DIGEST,
            Optional.of("a.exe"),
            Optional.of("192.0.2.1"),
            CONTEXT),
        new SessionFailed(
            "password", "SGC-CREDENTIALS-INVALID", Optional.of("ada"), Optional.of("192.0.2.1")),
        new SessionLogin("u", Optional.of("192.0.2.1")),
        new SignatureCompleted(
            made,
            Optional.of(DIGEST),
            Optional.of(new SignatureCompleted.Beside(".idsig", DIGEST)),
            SignatureCompleted.Verified.FILE,
            List.of("unstamped")),
        new SignatureDiscarded(List.of(7L, 8L), "SGC-TSA-UNAVAILABLE", Optional.of("late")),
        new SignatureFailed(List.of(7L), "SGC-PROVIDER-UNAVAILABLE", Optional.of("pin")),
        new SignatureIndeterminate(7),
        new SignatureIntended(
            1,
            "p",
            "authenticode",
            "pe",
            DIGEST,
            DIGEST,
            false,
            DIGEST,
            "SHA256withRSA",
            Optional.of(claim),
            Optional.of(3L)),
        new UnknownEvent(
            "quorum.reached",
            new Parts(Json.object().put("n", 1).build(), Json.Obj.EMPTY, Json.Obj.EMPTY)),
        new UserCreated("u", "ada", "admin"),
        new VerifyPerformed(
            DIGEST, "authenticode", "valid", Optional.of("a.exe"), Optional.of("192.0.2.1")));
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsBackEveryEvent(Event event) {
    assertThat(EventReader.read(event.type(), event.parts())).isEqualTo(event);
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsEveryEventWithoutItsPersonalPart(Event event) {
    var parts = event.parts();
    var pruned =
        EventReader.read(event.type(), new Parts(parts.pub(), parts.state(), Json.Obj.EMPTY));
    assertThat(pruned).hasSameClassAs(event);
    assertThat(pruned.parts().pub()).isEqualTo(parts.pub());
    assertThat(pruned.parts().state()).isEqualTo(parts.state());
    assertThat(pruned.parts().personal()).isEqualTo(Json.Obj.EMPTY);
  }

  @Test
  void testsEveryTypeThereIs() {
    var all = new HashSet<Class<?>>();
    collect(Event.class, all);
    assertThat(events().map(Object::getClass)).containsExactlyInAnyOrderElementsOf(all);
  }

  private static void collect(Class<?> type, Set<Class<?>> into) {
    if (type.isSealed()) {
      Arrays.stream(type.getPermittedSubclasses()).forEach(sub -> collect(sub, into));
    } else {
      into.add(type);
    }
  }

  @Test
  void keepsNamesAddressesAndReasonsOutOfTheLeaf() {
    for (var event : events().toList()) {
      assertThat(event.parts().pub().canonical().toUtf8())
          .doesNotContain("192.0.2.1", "a.exe", "leaked", "late", "ada", "run-7");
    }
  }

  @Test
  void refusesPartsThatAreNotOfTheType() {
    var empty = new Parts(Json.Obj.EMPTY, Json.Obj.EMPTY, Json.Obj.EMPTY);
    assertThatThrownBy(() -> EventReader.read("node.started", empty))
        .isInstanceOf(ProofException.class);
    var wrong =
        new Parts(Json.object().put("after", "md5:00").build(), Json.Obj.EMPTY, Json.Obj.EMPTY);
    assertThatThrownBy(() -> EventReader.read("config.changed", wrong))
        .isInstanceOf(ProofException.class);
  }
}
