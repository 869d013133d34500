// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodeTest {
  private static final Path PAGES = Path.of("..", "docs", "reference", "errors");

  /** {@code SGCSIGN_UPDATE=1} writes the pages in place of comparing them. */
  @ParameterizedTest
  @EnumSource(Code.class)
  void everyCodeHasItsPage(Code code) throws IOException {
    Path page = PAGES.resolve(code.wireName().toLowerCase(Locale.ROOT) + ".md");
    if (System.getenv("SGCSIGN_UPDATE") != null) {
      Files.createDirectories(PAGES);
      Files.writeString(page, code.page());
    }
    assertThat(Files.readString(page)).isEqualTo(code.page());
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void everyCodeIsFoundByItsName(Code code) {
    assertThat(Code.byWireName(code.wireName())).contains(code);
    assertThat(code.wireName()).matches("SGC(-[A-Z0-9]+)+");
    assertThat(code.status()).isBetween(400, 599);
    assertThat(code.hint()).endsWith(".");
  }
}
