// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.bytes.Secret;
import io.sgcsign.server.account.AccountDesk;
import io.sgcsign.server.config.Environment;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.ledger.Ledger;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the first administrator, once, from the environment. */
final class Bootstrap {
  /** Characters; shorter ones are guessed. */
  private static final int MIN_LENGTH = 12;

  /** Passwords that stand in documents: everybody knows them. */
  private static final List<String> PRINTED = List.of("ChangeMeNow!", "QuickStartPFX!");

  private Bootstrap() {}

  /**
   * Makes the administrator if there is no user.
   *
   * @return a warning if the variable is set although it has no effect any more
   * @throws StartException if there is no user and the variable does not help
   */
  static Optional<String> run(
      ServerConfig config,
      AccountDesk accounts,
      Ledger ledger,
      Function<String, Optional<String>> environment) {
    String variable = config.admin().initialPasswordEnv();
    Optional<String> password = environment.apply(variable).filter(p -> !p.isEmpty());
    if (!AccountDesk.empty(ledger)) {
      return password.map(
          p -> variable + " is set but has no effect: there are users. Remove the variable.");
    }
    String fault = fault(config, password);
    if (!fault.isEmpty()) {
      throw new StartException(
          "There is no administrator yet, and the variable "
              + variable
              + " "
              + fault
              + ".\nSet it for the first start only:\n"
              + Environment.howToSet(variable));
    }
    try (Secret secret = Secret.of(password.orElseThrow())) {
      accounts.bootstrap(config.admin().initialUser(), secret);
    }
    return Optional.empty();
  }

  /**
   * Refuses provider passwords that are printed in documents, beyond loopback.
   *
   * @throws StartException naming the provider
   */
  static void refusePrintedPasswords(ServerConfig config) {
    if (config.loopbackOnly()) {
      return;
    }
    for (ServerConfig.Provider provider : config.providers()) {
      boolean printed =
          provider.params().stream()
              .flatMap(p -> p.secrets().values().stream())
              .anyMatch(s -> PRINTED.contains(String.valueOf(s.reveal())));
      if (printed) {
        throw new StartException(
            "The provider \""
                + provider.name()
                + "\" has a password that is printed in the"
                + " documentation, which is for loopback only.\nExport the key with another one.");
      }
    }
  }

  private static String fault(ServerConfig config, Optional<String> password) {
    if (password.isEmpty()) {
      return "is missing or empty";
    }
    if (password.get().length() < MIN_LENGTH) {
      return "has fewer than " + MIN_LENGTH + " characters";
    }
    if (PRINTED.contains(password.get()) && !config.loopbackOnly()) {
      return "holds a password printed in the documentation, which is for loopback only";
    }
    return "";
  }
}
