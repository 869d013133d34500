// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class TurnsTest {
  @Test
  @Timeout(20)
  void whoWaitsGivesTheOnlyTurnAwayAndTakesItBack() {
    var turns = new Turns(1);
    var order = new ArrayList<String>();
    turns.during(() -> {
      turns.aside(() -> order.add(turns.during(() -> "another file")));
      assertThatThrownBy(() -> turns.aside((Runnable) TurnsTest::fail)).hasMessage("disk full");
      return order.add("this one");
    });
    assertThat(order).isEqualTo(List.of("another file", "this one"));
    assertThat(turns.<Boolean>during(() -> true)).isTrue();
  }

  private static void fail() {
    throw new IllegalStateException("disk full");
  }
}
