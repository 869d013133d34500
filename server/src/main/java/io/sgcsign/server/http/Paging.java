// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.wire.Code;

/** Lists come in pages. */
final class Paging {
  static final Operation.Parameter[] PARAMETERS = {
    new Operation.Parameter("limit", "Items of a page, 1 to 200; 50 if left out."),
    new Operation.Parameter("cursor", "Where the page begins: cursor of the page before.")
  };

  private static final int DEFAULT = 50;
  private static final int MAX = 200;

  private Paging() {}

  static int limit(Exchange exchange) {
    String text = exchange.query("limit").orElse("" + DEFAULT);
    if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX) {
      throw ProblemException.of(Code.FIELD_INVALID, "limit is 1 to " + MAX + ", not " + text);
    }
    return Integer.parseInt(text);
  }
}
