// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.layout.pe.SampleProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small program, signed by one command each: what a build step waits for. */
final class CommandBench {
  private final Plan plan;
  private final PrintStream progress;
  private final Path folder;
  private final Commands commands;

  CommandBench(Plan plan, PrintStream progress, Path folder, Commands commands) {
    this.plan = plan;
    this.progress = progress;
    this.folder = folder;
    this.commands = commands;
  }

  Map<String, Runs> run() throws IOException {
    Path in = Files.write(folder.resolve("small.exe"), SampleProgram.create().toArray());
    Path out = folder.resolve("small-signed.exe");
    var lines = new LinkedHashMap<String, List<String>>();
    lines.put("sgcsign sign (TLS, pre-hash, verified from disk)", commands.cli(in, out));
    lines.put("osslsigncode sign, verify (local key)", commands.osslsigncode(in, out, true));
    lines.put(
        "sgcsign version", List.of(commands.root().resolve("bin/sgcsign").toString(), "version"));
    commands.run(commands.cli(in, out)); // the first use of a build trains the cache
    Files.deleteIfExists(out);
    var results = new LinkedHashMap<String, Runs>();
    for (int round = 1; round <= plan.commandRounds(); round++) {
      progress.println("  small file, round " + round + " of " + plan.commandRounds());
      for (var line : lines.entrySet()) {
        Files.deleteIfExists(out);
        results.computeIfAbsent(line.getKey(), _ -> new Runs()).add(commands.run(line.getValue()));
      }
    }
    return results;
  }
}
