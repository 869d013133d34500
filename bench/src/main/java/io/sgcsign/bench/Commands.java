// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Commands that sign a file.
 *
 * @param root of the repository
 * @param folder of the keys and of temporary files
 * @param environment for the command line: server, key and authorities
 */
record Commands(Path root, Path folder, Map<String, String> environment) {
  Commands {
    environment = Map.copyOf(environment);
  }

  ChildRun run(List<String> command) throws IOException {
    return ChildRun.of(folder, environment, command);
  }

  /** Whether a program is on the path. */
  static boolean installed(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
  }

  /** Our library with a key of its own. */
  List<String> library(Path in, Path out) {
    return library(LargeFile.PE, in, out);
  }

  List<String> library(LargeFile kind, Path in, Path out) {
    return java(
        "-Xmx64m",
        LocalSign.class,
        kind.name(),
        folder.resolve("rsa.pfx").toString(),
        in.toString(),
        out.toString(),
        "verify");
  }

  /** Our command line through the server. */
  List<String> cli(Path in, Path out) {
    return List.of(
        root.resolve("bin/sgcsign").toString(),
        "sign",
        "--timestamp=none",
        "-p",
        "rsa",
        "-o",
        out.toString(),
        in.toString());
  }

  List<String> osslsigncode(Path in, Path out, boolean verify) {
    String sign =
        "osslsigncode sign -pkcs12 \"$3/rsa.pfx\" -pass "
            + Identities.PASSWORD
            + " -h sha256 -in \"$1\" -out \"$2\"";
    String check = " && osslsigncode verify -CAfile \"$3/root.pem\" -in \"$2\"";
    return List.of(
        "bash",
        "-c",
        verify ? sign + check : sign,
        "bash",
        in.toString(),
        out.toString(),
        folder.toString());
  }

  /** jsign signs in place, so the copy belongs to it. */
  List<String> jsign(Path in, Path out) {
    var command = new ArrayList<>(List.of("bash", "-c", "cp \"$1\" \"$2\" && shift 2 && \"$@\""));
    command.addAll(List.of("bash", in.toString(), out.toString()));
    // which reads scripts into memory
    command.addAll(
        java("-Xmx4g", JsignSign.class, folder.resolve("rsa.pfx").toString(), out.toString()));
    return command;
  }

  List<String> jarsigner(Path in, Path out) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "jarsigner").toString(),
        "-keystore",
        folder.resolve("rsa.pfx").toString(),
        "-storepass",
        Identities.PASSWORD,
        "-signedjar",
        out.toString(),
        in.toString(),
        Identities.ALIAS);
  }

  List<String> apksigner(Path in, Path out) {
    return List.of(
        "apksigner",
        "sign",
        "--ks",
        folder.resolve("rsa.pfx").toString(),
        "--ks-pass",
        "pass:" + Identities.PASSWORD,
        "--ks-key-alias",
        Identities.ALIAS,
        "--in",
        in.toString(),
        "--out",
        out.toString());
  }

  private List<String> java(String heap, Class<?> main, String... args) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=4",
            "-XX:+UseSerialGC",
            heap,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(args));
    return command;
  }
}
