// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.bytes.Secret;
import io.sgcsign.pki.KeyType;
import io.sgcsign.server.certificate.QuickstartFiles;
import io.sgcsign.server.certificate.TestCertificates;
import io.sgcsign.server.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Commands that make files and need no configuration. */
record FileCommands(House.World world, PrintStream out) {

  int testCert(Arguments arguments) {
    var certificates = new TestCertificates(world.clock().instant(), world.random());
    Path file = Path.of(arguments.required("--out"));
    try {
      if (arguments.flag("--tls")) {
        Path key = Path.of(arguments.required("--key-out"));
        List<String> hosts = List.of(arguments.option("--hosts").orElse("localhost").split(","));
        certificates.tls(file, key, hosts);
        out.println("Made " + file + " and " + key + ", a TEST certificate for " + hosts);
        return 0;
      }
      String variable = arguments.required("--password-env");
      Secret password =
          world
              .environment()
              .apply(variable)
              .filter(v -> !v.isEmpty())
              .map(Secret::of)
              .orElseThrow(() ->
                  new Arguments.UsageException(
                      "The environment variable " + variable + " is not set"));
      try (password) {
        String subject = arguments.option("--subject").orElse("sgcSign Quickstart");
        certificates.codeSigning(file, subject, keyType(arguments), password);
      }
      out.println("Made " + file + ", a self-signed TEST certificate");
      return 0;
    } catch (FileAlreadyExistsException e) {
      throw new StartException(e.getFile() + " exists already; it was not touched", e);
    } catch (IOException e) {
      throw new StartException("Cannot write: " + e, e);
    }
  }

  private static KeyType keyType(Arguments arguments) {
    String name = arguments.option("--key-type").orElse("rsa_3072");
    try {
      return KeyType.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new Arguments.UsageException(
          "--key-type is rsa-3072, rsa-4096, ec-p256, ec-p384 or ec-p521, not " + name);
    }
  }

  int quickstart(Arguments arguments) {
    Path folder = Path.of(arguments.required("--dir"));
    try {
      if (!QuickstartFiles.complete(folder)) {
        int port = Integer.parseInt(arguments.option("--port").orElse("8443"));
        new QuickstartFiles(world.clock().instant(), world.random())
            .create(folder, port == 0 ? freePort() : port, freePort(), ConfigLoader.FILE_NAME);
      }
      return 0;
    } catch (NumberFormatException e) {
      throw new Arguments.UsageException("--port takes a number");
    } catch (FileAlreadyExistsException e) {
      throw new StartException(
          e.getFile()
              + " is there, but the folder is not complete: an earlier run was stopped.\nRemove "
              + folder
              + " and try again.",
          e);
    } catch (IOException e) {
      throw new StartException("Cannot write: " + e, e);
    }
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
