// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code openssl speed} on one core: the yardstick everybody has. */
enum OpensslSpeed {
  RSA_3072("rsa3072", "rsa 3072 bits"),
  P_256("ecdsap256", "256 bits ecdsa (nistp256)");

  /** Time of a signature, time of a check, signatures a second, checks a second. */
  private static final String ROW = "\\s+[\\d.]+s\\s+[\\d.]+s\\s+([\\d.]+)\\s+[\\d.]+";

  private final String algorithm;
  private final Pattern row;

  OpensslSpeed(String algorithm, String label) {
    this.algorithm = algorithm;
    this.row = Pattern.compile(Pattern.quote(label) + ROW);
  }

  /** Signatures a CPU-second. */
  double signsPerSecond(int seconds) throws IOException {
    var command = List.of("openssl", "speed", "-seconds", Integer.toString(seconds), algorithm);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher found = row.matcher(out);
    if (!found.find()) {
      throw new IOException("openssl speed printed no " + algorithm + ": " + out);
    }
    return Double.parseDouble(found.group(1));
  }
}
