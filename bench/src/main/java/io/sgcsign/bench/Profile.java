// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** Load alone, for a profiler: prints the rate of every few seconds, so that warm-up shows. */
record Profile(String provider, int batch, int connections, int windows) {
  private static final double WINDOW = 3;

  void run(Path root, Path folder, Identities identities, String javaOptions, PrintStream out)
      throws IOException, GeneralSecurityException {
    try (BenchServer server = BenchServer.start(root, folder, javaOptions)) {
      var load =
          new HashLoad(
              server,
              "X-API-Key: " + server.createKey() + "\r\n",
              provider,
              provider.equals("rsa") ? identities.rsa() : identities.ec(),
              batch,
              connections);
      for (int i = 0; i < windows; i++) {
        double rate = load.signsPerCpuSecond(WINDOW);
        out.printf("  %.0f signs/CPU-s, %.0f us each%n", rate, 1e6 / rate);
      }
    }
  }
}
