// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.operator.OperatorCreationException;

/** {@code bench/run}: everything, or the parts named. */
public final class Main {
  private static final List<String> PARTS = List.of("signing", "files", "formats", "commands");

  /** Starts of the server; the first trains its cache. */
  private static final int STARTS = 5;

  private final Plan plan;
  private final PrintStream progress = System.err;
  private final Report report =
      new Report(new PrintStream(System.out, true, StandardCharsets.UTF_8));
  private final Path root = Path.of("").toAbsolutePath();
  private final Path folder;
  private final Identities identities;
  private final String javaOptions = System.getenv().getOrDefault("BENCH_SERVER_OPTS", "");

  private Main(Plan plan, Path folder) throws IOException {
    this.plan = plan;
    this.folder = folder;
    this.identities = Identities.create(Instant.now(), new SecureRandom());
    identities.write(folder);
  }

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    List<String> words = List.of(args);
    Path folder = Files.createTempDirectory("sgcsign-bench");
    try {
      var main = new Main(words.contains("--quick") ? Plan.QUICK : Plan.FULL, folder);
      if (words.contains("--load")) {
        main.load(words);
      } else {
        List<String> named = words.stream().filter(PARTS::contains).toList();
        main.run(named.isEmpty() ? PARTS : named);
      }
    } finally {
      delete(folder);
    }
  }

  private void run(List<String> parts)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    if (parts.contains("signing")) {
      report.signing(new SigningBench(plan, progress).run(root, folder, identities, javaOptions));
    }
    if (parts.stream().anyMatch(p -> !p.equals("signing"))) {
      try (BenchServer server = BenchServer.start(root, folder, javaOptions)) {
        local(server, parts);
      }
    }
    if (parts.contains("files")) {
      report.upload(
          plan.fileMib(), new UploadBench(root, folder, folder.resolve("large.exe")).run());
    }
    if (parts.contains("commands")) {
      starts();
    }
  }

  private void local(BenchServer server, List<String> parts)
      throws IOException, GeneralSecurityException {
    var environment =
        Map.of(
            "SGCSIGN_SERVER", server.url(),
            "SGCSIGN_APIKEY", server.createKey(),
            "SGCSIGN_CA_FILE", folder.resolve("root.pem").toString());
    var commands = new Commands(root, folder, environment);
    if (parts.contains("files")) {
      var signer = LocalSign.of("authenticode", folder.resolve("rsa.pfx"), Map.of());
      report.file(plan.fileMib(), new FileBench(plan, progress, folder, commands, signer).run());
    }
    if (parts.contains("formats")) {
      var bench = new FormatBench(plan, progress, folder, commands);
      report.formats(plan.formatMib(), bench.run());
      report.many(bench.many(server));
    }
    if (parts.contains("commands")) {
      report.commands(new CommandBench(plan, progress, folder, commands).run());
    }
  }

  private void starts() throws IOException, GeneralSecurityException {
    var ready = new Series();
    for (int i = 0; i < STARTS; i++) {
      try (BenchServer server = BenchServer.start(root, folder, javaOptions)) {
        if (i > 0) {
          ready.add(server.readyAfter());
        }
      }
    }
    report.start(ready);
  }

  /** {@code --load PROVIDER BATCH CONNECTIONS WINDOWS}: for a profiler. */
  private void load(List<String> words) throws IOException, GeneralSecurityException {
    int at = words.indexOf("--load");
    new Profile(
            words.get(at + 1),
            Integer.parseInt(words.get(at + 2)),
            Integer.parseInt(words.get(at + 3)),
            Integer.parseInt(words.get(at + 4)))
        .run(root, folder, identities, javaOptions, System.out);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
