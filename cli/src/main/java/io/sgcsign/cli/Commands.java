// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** All commands. A run makes only the one it needs. */
enum Commands {
  SIGN("sign", false),
  VERIFY("verify", false),
  REMOVE("remove", false),
  GATE("gate", false),
  WDAC("wdac", false),
  KEYS("keys", false),
  LOGIN("login", false),
  HEALTH("health", false),
  RECEIPT("receipt", false),
  COMPLETION("completion", false),
  VERSION("version", false),
  HELP("help", false),
  MAN_PAGE("gen-manpage", true),
  REHEARSE("rehearse", true);

  private static final List<String> VARIABLES =
      List.of(
          "SGCSIGN_SERVER        the server, as https://host:port",
          "SGCSIGN_APIKEY        the API key; SGCSIGN_APIKEY_FILE: a file that holds it",
          "SGCSIGN_PROVIDER      the provider whose key signs",
          "SGCSIGN_CA_FILE       authorities to trust for the connection",
          "SGCSIGN_ROOT_FILE     authorities to trust for signatures and time stamps as well",
          "SGCSIGN_LOG_VKEY      verifier keys of the log, separated by commas",
          "http_proxy, https_proxy, no_proxy, NO_COLOR, CLICOLOR_FORCE");

  private final String word;
  private final boolean hidden;

  Commands(String word, boolean hidden) {
    this.word = word;
    this.hidden = hidden;
  }

  String word() {
    return word;
  }

  boolean hidden() {
    return hidden;
  }

  Command make() {
    return switch (this) {
      case SIGN -> new SignCommand();
      case VERIFY -> new VerifyCommand();
      case REMOVE -> new RemoveCommand();
      case GATE -> new GateCommand();
      case WDAC -> new WdacCommand();
      case KEYS -> new KeysCommand();
      case LOGIN -> new LoginCommand();
      case HEALTH -> new HealthCommand();
      case RECEIPT -> new ReceiptCommand();
      case COMPLETION -> new CompletionCommand();
      case VERSION -> new VersionCommand();
      case HELP -> new HelpCommand();
      case MAN_PAGE -> new ManPageCommand();
      case REHEARSE -> new RehearseCommand();
    };
  }

  static Optional<Commands> byWord(String word) {
    return Arrays.stream(values()).filter(c -> c.word.equals(word)).findFirst();
  }

  /** The words people may type. */
  static List<String> words() {
    return Arrays.stream(values()).filter(c -> !c.hidden).map(Commands::word).toList();
  }

  /** {@code sgcsign} with the given commands only. */
  static CommandSpec root(List<Commands> some) {
    CommandSpec root =
        Flags.command(
            "sgcsign", "Signs and verifies files with keys that stay on a signing server.");
    root.addOption(Flags.flag("Print the version.", "-V", "--version"));
    for (Commands command : some) {
      CommandSpec spec = command.make().spec();
      spec.usageMessage().hidden(command.hidden);
      root.addSubcommand(command.word, spec);
    }
    footer(root);
    return root;
  }

  /** Exit codes and variables, at the end of every help. */
  static void footer(CommandSpec spec) {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("Exit codes:");
    for (ExitCode code : ExitCode.values()) {
      lines.add("  %3d  %s".formatted(code.number(), code.meaning()));
    }
    lines.add("");
    lines.add("Environment:");
    VARIABLES.forEach(v -> lines.add("  " + v));
    spec.usageMessage().footer(lines.toArray(String[]::new));
  }

  static List<String> variables() {
    return VARIABLES;
  }
}
