// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sgcsign.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  private static final Path ROOT = Path.of("..");

  /** {@code SGCSIGN_UPDATE=1} writes the generated files in place of comparing them. */
  private static void same(Path file, String generated) throws IOException {
    if (System.getenv("SGCSIGN_UPDATE") != null) {
      Files.writeString(file, generated);
    }
    assertThat(Files.readString(file))
        .as("%s is out of date: run the tests with SGCSIGN_UPDATE=1", file)
        .isEqualTo(generated);
  }

  @Test
  void theShippedSchemaIsTheOneOfTheCode() throws IOException {
    same(
        ROOT.resolve("conf/sgcSignServer.schema.json"),
        ConfigReference.schema(KeyProviders.ALL) + "\n");
  }

  @Test
  void theReferencePageIsTheOneOfTheCode() throws IOException {
    same(
        ROOT.resolve("docs/reference/configuration.md"),
        ConfigReference.markdown(KeyProviders.ALL));
  }

  @Test
  void theSchemaAcceptsTheSampleAndRefusesAMisspeltKey() throws IOException {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ConfigReference.schema(KeyProviders.ALL), InputFormat.JSON);
    String sample =
        Files.readString(ROOT.resolve("conf/sgcSignServer.conf.sample.json"))
            .replaceAll("(?m)(^|\\s)//.*$", "");
    assertThat(schema.validate(sample, InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(sample.replace("\"port\"", "\"prot\""), InputFormat.JSON))
        .isNotEmpty();
  }
}
