// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A large program, signed by commands: processor time and memory of whole processes. */
final class FileBench {
  /** Shown in this order. */
  enum Row {
    FLOOR("cp + openssl dgst -sha256"),
    OURS_SIGN("sgcsign library in a running JVM: sign"),
    OURS_CHECKED("sgcsign library in a running JVM: sign, verify from disk"),
    PROCESS("sgcsign library, JVM start included: sign, verify from disk"),
    CLI("sgcsign sign (pre-hash, verified from disk)"),
    OSSL_SIGN("osslsigncode sign"),
    OSSL_CHECKED("osslsigncode sign, verify"),
    JSIGN("cp + jsign sign");

    private final String label;

    Row(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final Plan plan;
  private final PrintStream progress;
  private final Path folder;
  private final Commands commands;
  private final LocalSign signer;

  FileBench(Plan plan, PrintStream progress, Path folder, Commands commands, LocalSign signer) {
    this.signer = signer;
    this.plan = plan;
    this.progress = progress;
    this.folder = folder;
    this.commands = commands;
  }

  Map<Row, Runs> run() throws IOException {
    Path file = large();
    var results = new LinkedHashMap<Row, Runs>();
    for (int round = 1; round <= plan.fileRounds(); round++) {
      progress.printf("  %d MiB, round %d of %d%n", plan.fileMib(), round, plan.fileRounds());
      for (Row row : Row.values()) {
        Path out = folder.resolve("out.exe");
        Files.deleteIfExists(out);
        results.computeIfAbsent(row, _ -> new Runs()).add(once(row, file, out));
        Files.deleteIfExists(out);
      }
    }
    return results;
  }

  private ChildRun once(Row row, Path in, Path out) throws IOException {
    return switch (row) {
      case FLOOR -> commands.run(shell("cp \"$1\" \"$2\" && openssl dgst -sha256 \"$2\"", in, out));
      case OURS_SIGN -> here(in, out, false);
      case OURS_CHECKED -> here(in, out, true);
      case PROCESS -> commands.run(commands.library(in, out));
      case CLI -> commands.run(commands.cli(in, out));
      case OSSL_SIGN -> commands.run(commands.osslsigncode(in, out, false));
      case OSSL_CHECKED -> commands.run(commands.osslsigncode(in, out, true));
      case JSIGN -> commands.run(commands.jsign(in, out));
    };
  }

  /** In this process, whose JVM is warm: what a file costs a server or a command with many. */
  private ChildRun here(Path in, Path out, boolean verify) throws IOException {
    long begun = System.nanoTime();
    double before = CpuClock.ownSeconds();
    signer.sign(in, out);
    if (verify) {
      signer.verify(out);
    }
    return new ChildRun((System.nanoTime() - begun) / 1e9, CpuClock.ownSeconds() - before, 0);
  }

  private static List<String> shell(String script, Path in, Path out) {
    return List.of("bash", "-c", script, "bash", in.toString(), out.toString());
  }

  /** A real program with an overlay of noise, as installers have one. */
  private Path large() throws IOException {
    Path file = folder.resolve("large.exe");
    SampleFiles.program(file, plan.fileMib());
    return file;
  }
}
