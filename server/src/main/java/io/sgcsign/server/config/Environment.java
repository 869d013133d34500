// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where values that are not in the file come from: variables, secret files, systemd credentials.
 */
public record Environment(Function<String, Optional<String>> variables, Path folder) {
  /** A password is short; a larger file is the wrong file. */
  private static final int MAX_SECRET_FILE = 64 * 1024;

  Optional<String> variable(String name) {
    return variables.apply(name);
  }

  Path resolve(String path) {
    return folder.resolve(path).normalize();
  }

  /** The text of a secret file without its last line end. */
  String secretFile(Path file) throws IOException {
    return SmallFile.read(file, MAX_SECRET_FILE).replaceFirst("\\R\\z", "");
  }

  /** How to set a variable for systemd, a Windows service and a shell. */
  public static String howToSet(String variable) {
    return "systemd:  systemctl edit sgcsign-server, then [Service] Environment="
        + variable
        + "=… (better: LoadCredentialEncrypted= and the key with _cred)\n"
        + "Windows:  setx /M "
        + variable
        + " \"…\", then restart the service\n"
        + "shell:    export "
        + variable
        + "='…'";
  }
}
