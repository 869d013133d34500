// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.pki.DigestAlgorithm;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A large file of each kind, signed with a key beside it by us and by others. */
final class FormatBench {
  private static final String LOOP =
      "mkdir -p \"$1-ossl\"; for f in \"$1\"/*.exe; do osslsigncode sign -pkcs12 \"$2/rsa.pfx\""
          + " -pass "
          + Identities.PASSWORD
          + " -h sha256 -in \"$f\" -out \"$1-ossl/${f##*/}\" || exit 1; done";

  private final Plan plan;
  private final PrintStream progress;
  private final Path folder;
  private final Commands commands;

  FormatBench(Plan plan, PrintStream progress, Path folder, Commands commands) {
    this.plan = plan;
    this.progress = progress;
    this.folder = folder;
    this.commands = commands;
  }

  /**
   * What the rounds of one kind took, in seconds of processor time.
   *
   * @param digest SHA-256 over the file: what we record of every artifact and they do not
   * @param signing with {@code digest} in it
   * @param checked the signing and a verification of what was written
   * @param others commands by name
   */
  record Result(
      Series digest, Series signing, Series checked, Map<String, Series> others, double peakMib) {
    Result {
      others = Map.copyOf(others);
    }
  }

  Map<LargeFile, Result> run() throws IOException, GeneralSecurityException {
    var results = new LinkedHashMap<LargeFile, Result>();
    Path pfx = folder.resolve("rsa.pfx");
    String publisher = LocalSign.of("authenticode", pfx, Map.of()).publisher();
    for (LargeFile kind : LargeFile.values()) {
      Path in = folder.resolve("large." + kind.extension());
      if (!kind.write(in, plan.formatMib(), commands, publisher)) {
        progress.println("  " + kind.extension() + ": " + kind.maker() + " is not installed");
        continue;
      }
      progress.printf("  %s, %d MiB%n", kind.extension(), plan.formatMib());
      results.put(kind, measure(kind, in));
      Files.delete(in);
    }
    return results;
  }

  private Result measure(LargeFile kind, Path in) throws IOException, GeneralSecurityException {
    var signer = LocalSign.of(kind.format(), folder.resolve("rsa.pfx"), kind.options());
    Path out = folder.resolve("out." + kind.extension());
    var digest = new Series();
    var signing = new Series();
    var checked = new Series();
    var others = new LinkedHashMap<String, Series>();
    for (int round = 0; round <= plan.fileRounds(); round++) {
      boolean counts = round > 0; // the first warms up
      double before = CpuClock.ownSeconds();
      try (Artifact artifact = Artifact.open(in)) {
        var _ = artifact.digest(DigestAlgorithm.SHA256);
      }
      double digested = CpuClock.ownSeconds();
      signer.sign(in, out);
      double signed = CpuClock.ownSeconds();
      signer.verify(out);
      if (counts) {
        digest.add(digested - before);
        signing.add(signed - digested);
        checked.add(CpuClock.ownSeconds() - digested);
      }
      for (var other : others(kind, in, out).entrySet()) {
        Files.deleteIfExists(out);
        double seconds = commands.run(other.getValue()).cpu();
        if (counts) {
          others.computeIfAbsent(other.getKey(), _ -> new Series()).add(seconds);
        }
      }
      Files.deleteIfExists(out);
    }
    double peak = commands.run(commands.library(kind, in, out)).peakMib();
    Files.deleteIfExists(out);
    return new Result(digest, signing, checked, others, peak);
  }

  private Map<String, List<String>> others(LargeFile kind, Path in, Path out) {
    var lines = new LinkedHashMap<String, List<String>>();
    if (kind.osslsigncode()) {
      lines.put("osslsigncode sign", commands.osslsigncode(in, out, false));
      lines.put("osslsigncode sign, verify", commands.osslsigncode(in, out, true));
    }
    if (kind.jsign()) {
      lines.put("jsign sign", commands.jsign(in, out));
    }
    if (kind == LargeFile.JAR) {
      lines.put("jarsigner sign", commands.jarsigner(in, out));
    }
    if (kind == LargeFile.APK && Commands.installed("apksigner")) {
      lines.put("apksigner sign", commands.apksigner(in, out));
    }
    return lines;
  }

  /**
   * What the rounds of many small files took.
   *
   * @param together one call of our command line for all
   * @param server what it had to do for them, in seconds of processor time
   * @param loop osslsigncode, once a file
   */
  record Many(int files, Runs together, Series server, Runs loop) {}

  /**
   * Many small programs: one call of ours with the server, a loop over osslsigncode without. The
   * first round does not count: it trains the cache of the command line and warms the server up.
   */
  Many many(BenchServer server) throws IOException {
    int count = plan.manyFiles();
    Path in = Files.createDirectories(folder.resolve("many"));
    Path out = folder.resolve("many-out");
    for (int i = 0; i < count; i++) {
      Files.write(in.resolve(i + ".exe"), SampleFiles.small(i));
    }
    var cli = new ArrayList<>(commands.cli(Path.of(in + "/*.exe"), out));
    cli.add("--quiet");
    List<String> loop = List.of("bash", "-c", LOOP, "bash", in.toString(), folder.toString());
    var result = new Many(count, new Runs(), new Series(), new Runs());
    for (int round = 0; round <= plan.fileRounds(); round++) {
      progress.printf("  %d small files, round %d of %d%n", count, round, plan.fileRounds());
      double before = server.cpuSeconds();
      ChildRun ours = commands.run(cli);
      double after = server.cpuSeconds();
      ChildRun theirs = commands.run(loop);
      if (round > 0) {
        result.together().add(ours);
        result.server().add(after - before);
        result.loop().add(theirs);
      }
      clear(out, in.resolveSibling("many-ossl"));
    }
    return result;
  }

  private static void clear(Path... folders) throws IOException {
    for (Path each : folders) {
      try (Stream<Path> files = Files.list(each)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
