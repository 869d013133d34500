// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import io.sgcsign.log.ProofException;
import java.util.List;

/** The seqs of the intents an event closes. */
final class Intents {
  private Intents() {}

  static List<Long> read(Json.Obj pub) {
    return pub.list("intents").stream().map(Intents::seq).toList();
  }

  private static Long seq(Json json) {
    if (json instanceof Json.Int number) {
      return number.value();
    }
    throw new ProofException("The seq of an intent is not a number");
  }

  static Json.Arr toJson(List<Long> intents) {
    return new Json.Arr(intents.stream().<Json>map(Json::of).toList());
  }
}
