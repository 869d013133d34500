// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about formats is written from their descriptors. */
final class FormatReferenceTest {
  private static final Path PAGE = Path.of("../docs/reference/formats.md");

  @Test
  void thePageIsTheOneOfTheCode() throws IOException {
    if (System.getenv("SGCSIGN_UPDATE") != null) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as("%s is out of date: run the tests with SGCSIGN_UPDATE=1", PAGE)
        .isEqualTo(page());
  }

  private static String page() {
    return """
    # Formats

    Written from the formats' own descriptions, as are the fields of the API, its OpenAPI document and the flags of
    `sgcsign sign`. The content of a file tells its kind; only scripts need their name or the option `kind`.

    """
        + Formats.ALL.stream().map(f -> section(f.descriptor())).collect(Collectors.joining("\n"));
  }

  private static String section(FormatDescriptor format) {
    String kinds =
        format.kinds().stream()
            .map(k ->
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        k.name(),
                        k.description(),
                        String.join(" ", k.extensions()),
                        format.byHash(k.name()) ? "yes" : "no, uploaded"))
            .collect(Collectors.joining());
    String options =
        format.options().stream()
            .filter(o -> !o.name().equals(Options.EXISTING))
            .map(FormatReferenceTest::row)
            .collect(Collectors.joining());
    return "## `%s`\n\n%s: `POST /api/v1/sign/%s`.\n\n"
            .formatted(format.name(), format.title(), format.name())
        + "| kind | files | names | by hash |\n|---|---|---|---|\n"
        + kinds
        + "\n| option | values | default | |\n|---|---|---|---|\n"
        + options;
  }

  private static String row(Option option) {
    String values =
        option.type() == Option.Type.TEXT
            ? "text, at most " + option.maxLength() + " characters"
            : String.join(option.type() == Option.Type.CHOICES ? ", " : " \\| ", option.values());
    return "| `%s` | %s | %s | %s |\n"
        .formatted(option.name(), values, option.defaultValue(), option.help());
  }
}
