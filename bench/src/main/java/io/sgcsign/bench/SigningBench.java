// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.pki.Issued;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * Signatures a CPU-second: the server over TLS with its durable ledger, {@code openssl speed}, the
 * raw provider, and the work done with Bouncy Castle alone, in interleaved rounds.
 */
final class SigningBench {
  private static final int BATCH = 100;
  private static final int SINGLE_CONNECTIONS = 16;

  /** Two processors are kept busy, and none waits for a batch of the other. */
  private static final int BATCH_CONNECTIONS = 4;

  private final Plan plan;
  private final PrintStream progress;

  SigningBench(Plan plan, PrintStream progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * What was measured for one key, in signatures a CPU-second.
   *
   * @param openssl {@code openssl speed}
   * @param raw the provider alone
   * @param baseline the provider, Bouncy Castle's CMS, read again and verified
   * @param single by the server, one item a request
   * @param batch by the server, {@value #BATCH} items a request
   */
  record Result(
      String key, Series openssl, Series raw, Series baseline, Series single, Series batch) {
    static Result of(String key) {
      return new Result(key, new Series(), new Series(), new Series(), new Series(), new Series());
    }
  }

  /** One key with everything that signs with it. */
  private record Contest(
      OpensslSpeed openssl,
      SoftwareSign raw,
      BouncyCastleSign baseline,
      HashLoad single,
      HashLoad batch,
      Result result) {

    static Contest of(
        OpensslSpeed openssl, Issued signer, String provider, BenchServer server, String credential)
        throws GeneralSecurityException, OperatorCreationException {
      return new Contest(
          openssl,
          SoftwareSign.of(signer),
          new BouncyCastleSign(signer),
          new HashLoad(server, credential, provider, signer, 1, SINGLE_CONNECTIONS),
          new HashLoad(server, credential, provider, signer, BATCH, BATCH_CONNECTIONS),
          Result.of(openssl == OpensslSpeed.RSA_3072 ? "RSA-3072" : "P-256"));
    }

    void warmUp(double seconds) throws IOException {
      single.run(seconds);
      batch.run(seconds);
      Loop.perCpuSecond(seconds / 4, raw::sign);
      Loop.perCpuSecond(seconds / 2, baseline::sign);
    }

    void round(Plan plan) throws IOException {
      result.openssl().add(openssl.signsPerSecond(plan.opensslSeconds()));
      result.single().add(single.signsPerCpuSecond(plan.serverSeconds()));
      result.raw().add(Loop.perCpuSecond(plan.loopSeconds(), raw::sign));
      result.batch().add(batch.signsPerCpuSecond(plan.serverSeconds()));
      result.baseline().add(Loop.perCpuSecond(plan.loopSeconds(), baseline::sign));
    }
  }

  List<Result> run(Path root, Path folder, Identities identities, String javaOptions)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    try (BenchServer server = BenchServer.start(root, folder, javaOptions)) {
      String credential = "X-API-Key: " + server.createKey() + "\r\n";
      var contests =
          List.of(
              Contest.of(OpensslSpeed.P_256, identities.ec(), "ec", server, credential),
              Contest.of(OpensslSpeed.RSA_3072, identities.rsa(), "rsa", server, credential));
      progress.println("  warming up");
      for (Contest contest : contests) {
        contest.warmUp(plan.warmUpSeconds());
      }
      for (int round = 1; round <= plan.rounds(); round++) {
        progress.println("  signing, round " + round + " of " + plan.rounds());
        for (Contest contest : contests) {
          contest.round(plan);
        }
      }
      return contests.stream().map(Contest::result).toList();
    }
  }
}
