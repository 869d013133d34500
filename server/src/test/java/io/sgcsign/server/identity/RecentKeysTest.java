// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.server.view.ApiKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RecentKeysTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Bytes MAC = Bytes.utf8("mac");

  private final Map<Bytes, ApiKey> stored = new HashMap<>(Map.of(MAC, key("first")));
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final RecentKeys keys =
      new RecentKeys(mac -> Optional.ofNullable(stored.get(mac)), now::get);

  private static ApiKey key(String name) {
    return new ApiKey(
        "key_1",
        name,
        List.of(),
        List.of(),
        List.of("sign"),
        NOON.plus(Duration.ofDays(1)),
        "usr_1",
        NOON,
        Optional.empty());
  }

  private Optional<String> name() {
    return keys.find(MAC).map(ApiKey::name);
  }

  @Test
  void looksABusyKeyUpOnceASecond() {
    assertThat(name()).contains("first");
    stored.put(MAC, key("second"));
    now.set(NOON.plusMillis(999));
    assertThat(name()).contains("first");
    now.set(NOON.plusMillis(1000));
    assertThat(name()).contains("second");
  }

  @Test
  void seesAChangeOfThisServerAtOnce() {
    assertThat(name()).contains("first");
    stored.clear();
    keys.changed();
    assertThat(name()).isEmpty();
  }

  @Test
  void keepsNothingThatWasReadBeforeAChange() {
    var racing =
        new RecentKeys[] {
          null,
        };
    racing[0] =
        new RecentKeys(
            mac -> {
              var read = Optional.ofNullable(stored.get(mac));
              stored.clear(); // revoked by another thread after this one had read
              racing[0].changed();
              return read;
            },
            now::get);
    assertThat(racing[0].find(MAC)).isPresent();
    assertThat(racing[0].find(MAC)).isEmpty();
  }

  @Test
  void looksAnUnknownKeyUpEveryTime() {
    assertThat(keys.find(Bytes.utf8("other"))).isEmpty();
    stored.put(Bytes.utf8("other"), key("new"));
    assertThat(keys.find(Bytes.utf8("other"))).isPresent();
  }
}
