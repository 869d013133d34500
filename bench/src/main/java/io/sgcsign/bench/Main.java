// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.operator.OperatorCreationException;

/** {@code bench/run}. */
public final class Main {
  private Main() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Plan plan = List.of(args).contains("--quick") ? Plan.QUICK : Plan.FULL;
    PrintStream out = System.out;
    Path folder = Files.createTempDirectory("sgcsign-bench");
    Identities identities = Identities.create(Instant.now(), new SecureRandom());
    identities.write(folder);
    String options = System.getenv().getOrDefault("BENCH_SERVER_OPTS", "");
    if (args.length > 1 && args[0].equals("--load")) {
      new Profile(
              args[1],
              Integer.parseInt(args[2]),
              Integer.parseInt(args[3]),
              Integer.parseInt(args[4]))
          .run(Path.of("").toAbsolutePath(), folder, identities, options, out);
      return;
    }
    for (var r :
        new SigningBench(plan, out)
            .run(Path.of("").toAbsolutePath(), folder, identities, options)) {
      out.printf(
          "%s openssl %.0f raw %.0f bc %.0f single %.0f batch %.0f%n",
          r.key(),
          r.openssl().median(),
          r.raw().median(),
          r.baseline().median(),
          r.single().median(),
          r.batch().median());
      out.printf(
          "  single/openssl %.3f batch/openssl %.3f single/raw %.3f cpu/bc single %.2f batch %.2f%n",
          r.single().ratioTo(r.openssl()),
          r.batch().ratioTo(r.openssl()),
          r.single().ratioTo(r.raw()),
          r.baseline().ratioTo(r.single()),
          r.baseline().ratioTo(r.batch()));
    }
  }
}
