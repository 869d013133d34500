// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** A large file uploaded by curl to a server with a small heap. */
record UploadBench(Path root, Path folder, Path file) {
  /** What the issue asks: nothing of the file may lie on the heap. */
  private static final String HEAP = "-Xmx64m";

  /**
   * What one upload took.
   *
   * @param wall seconds, as curl saw it
   * @param cpu seconds of the server
   * @param peakMib of the server
   */
  record Result(double wall, double cpu, double peakMib) {}

  Result run() throws IOException, GeneralSecurityException {
    try (BenchServer server = BenchServer.start(root, folder, HEAP)) {
      String key = server.createKey();
      Path out = folder.resolve("uploaded.exe");
      double before = server.cpuSeconds();
      ChildRun curl =
          ChildRun.of(
              folder,
              java.util.Map.of("KEY", key),
              List.of(
                  "bash",
                  "-c",
                  "curl -sS --fail-with-body --cacert \"$1\" -H \"X-API-Key: $KEY\""
                      + " -F \"file=@$2\" -F provider=rsa -F timestamp=none -o \"$3\" \"$4\"",
                  "bash",
                  folder.resolve("root.pem").toString(),
                  file.toString(),
                  out.toString(),
                  server.url() + "/api/v1/sign/authenticode"));
      if (Files.size(out) <= Files.size(file)) {
        throw new IOException("The answer is not the signed file");
      }
      Files.delete(out);
      return new Result(curl.wall(), server.cpuSeconds() - before, CpuClock.peakMib(server.pid()));
    }
  }
}
