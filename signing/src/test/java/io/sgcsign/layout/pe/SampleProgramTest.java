// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleProgramTest {
  @TempDir private Path folder;

  @Test
  void isASoundPeFile() {
    PeFile pe = PeFile.parse(Artifact.of(SampleProgram.create()));
    assertThat(pe.header().plus()).isTrue();
    assertThat(pe.header().sections())
        .extracting(PeHeader.Section::name)
        .containsExactly(".text", ".rdata");
    assertThat(SampleProgram.create()).isEqualTo(SampleProgram.create());
  }

  @Test
  void importsWhatItCallsAndDisassemblesToThatCall() throws IOException {
    Path file = Files.write(folder.resolve("hello.exe"), SampleProgram.create().toArray());
    String dump = Tool.require("objdump").succeed("-p", "-d", "-M", "intel", file);
    assertThat(dump)
        .contains("DLL Name: KERNEL32.dll", "GetStdHandle", "WriteFile", "ExitProcess")
        .contains("mov    ecx,0xfffffff5", "lea    r9,[rsp+0x28]", "xor    ecx,ecx")
        .doesNotContain("(bad)");
  }

  @Test
  void saysHelloUnderWine() throws IOException {
    Tool wine = Tool.require("wine");
    Path file = Files.write(folder.resolve("hello.exe"), SampleProgram.create().toArray());
    assertThat(wine.succeed(file)).contains("Hello from sgcsign");
  }
}
