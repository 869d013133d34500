// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.server.ledger.LedgerFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private LedgerFixture fixture;
  private LedgerCommand command;

  @BeforeEach
  void begin() {
    fixture = new LedgerFixture(folder);
    command =
        new LedgerCommand(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            fixture.clock(),
            new SecureRandom());
    try (var ledger = fixture.start("boot-1")) {
      ledger.append(List.of(LedgerFixture.submitted("r1")));
    }
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void saysThatAGoodLedgerIsGood() {
    assertThat(command.verify(fixture.database())).isEqualTo(LedgerCommand.GOOD);
    assertThat(printed()).contains("4 events, 2 details").contains("The ledger is good.");
  }

  @Test
  void namesTheFirstEventThatIsNot() throws IOException {
    byte[] file = Files.readAllBytes(fixture.database());
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\"provider\":\"release\"");
    assertThat(at).isPositive();
    file[at + 12] = 'R';
    Files.write(fixture.database(), file);
    assertThat(command.verify(fixture.database())).isEqualTo(LedgerCommand.BAD);
    assertThat(printed()).contains("BAD: event 2: the leaf hash is wrong");
  }

  @Test
  void rebuildsViews() {
    assertThat(command.rebuild(fixture.database())).isEqualTo(LedgerCommand.GOOD);
    assertThat(printed()).contains("requests").contains("All views are what their events make.");
  }

  @Test
  void exportsIntoANewFileOnly() {
    var tar = folder.resolve("log.tar");
    assertThat(command.export(fixture.database(), tar)).isEqualTo(LedgerCommand.GOOD);
    assertThat(tar).isNotEmptyFile();
    assertThat(command.export(fixture.database(), tar)).isEqualTo(LedgerCommand.FAILED);
  }

  @Test
  void saysThatThereIsNoDatabase() {
    assertThat(command.verify(folder.resolve("none.db"))).isEqualTo(LedgerCommand.FAILED);
    assertThat(printed()).contains("FAILED: There is no database");
  }
}
