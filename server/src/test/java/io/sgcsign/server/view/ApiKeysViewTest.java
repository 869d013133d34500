// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import static io.sgcsign.server.ledger.LedgerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.server.ledger.Appended;
import io.sgcsign.server.ledger.Entry;
import io.sgcsign.server.ledger.Ledger;
import io.sgcsign.server.ledger.LedgerFixture;
import io.sgcsign.server.ledger.event.KeyCreated;
import io.sgcsign.server.ledger.event.KeyRevoked;
import io.sgcsign.server.ledger.event.UserCreated;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysViewTest {
  @TempDir Path folder;
  private LedgerFixture fixture;
  private Ledger ledger;

  @BeforeEach
  void begin() {
    fixture = new LedgerFixture(folder);
    ledger = fixture.start("boot-1");
  }

  @AfterEach
  void end() {
    ledger.close();
  }

  private void create(String id) {
    var created =
        new KeyCreated(
            id,
            "ci " + id,
            List.of("release"),
            List.of(),
            List.of("sign"),
            LedgerFixture.START.plus(Duration.ofDays(90)),
            "user_1");
    ledger.append(List.of(Entry.of(created, "user_1")));
  }

  private Appended<ApiKeysView.Unusable> use(String id) {
    return ledger.append(List.of(submitted("r")), ApiKeysView.usable(id));
  }

  @Test
  void tellsWhatAKeyMayDo() {
    create("key_1");
    var key = ledger.read(rows -> ApiKeysView.find(rows, "key_1")).orElseThrow();
    assertThat(key.name()).isEqualTo("ci key_1");
    assertThat(key.providers()).containsExactly("release");
    assertThat(key.formats()).isEmpty();
    assertThat(key.createdAt()).isEqualTo(LedgerFixture.START);
    assertThat(key.usableAt(key.expiresAt().minusNanos(1))).isTrue();
    assertThat(key.usableAt(key.expiresAt())).isFalse();
  }

  @Test
  void letsNothingBeAppendedForAKeyThatIsNoGood() {
    create("key_1");
    create("key_2");
    assertThat(use("key_1")).isInstanceOf(Appended.Committed.class);
    ledger.append(List.of(Entry.of(new KeyRevoked("key_1", Optional.of("leaked")), "user_1")));
    assertThat(use("key_1")).isEqualTo(new Appended.Refused<>(ApiKeysView.Unusable.REVOKED));
    assertThat(use("key_9")).isEqualTo(new Appended.Refused<>(ApiKeysView.Unusable.UNKNOWN));
    fixture.pass(Duration.ofDays(90));
    assertThat(use("key_2")).isEqualTo(new Appended.Refused<>(ApiKeysView.Unusable.EXPIRED));
  }

  @Test
  void listsTheNewestFirst() {
    create("key_1");
    create("key_2");
    create("key_3");
    var first = ledger.read(rows -> ApiKeysView.list(rows, Optional.empty(), 2));
    assertThat(first.items()).extracting(ApiKey::id).containsExactly("key_3", "key_2");
    var rest = ledger.read(rows -> ApiKeysView.list(rows, first.cursor(), 2));
    assertThat(rest.items()).extracting(ApiKey::id).containsExactly("key_1");
    assertThat(rest.cursor()).isEmpty();
  }

  @Test
  void findsUsersByName() {
    assertThat((boolean) ledger.read(UsersView::none)).isTrue();
    ledger.append(List.of(Entry.of(new UserCreated("user_1", "ada", "admin"), "n1")));
    assertThat((boolean) ledger.read(UsersView::none)).isFalse();
    var ada = ledger.read(rows -> UsersView.named(rows, "ada")).orElseThrow();
    assertThat(ada).isEqualTo(new User("user_1", "ada", "admin", LedgerFixture.START));
    assertThat((Optional<?>) ledger.read(rows -> UsersView.named(rows, "bob"))).isEmpty();
  }
}
