// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.assembly.SelfTest;
import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.KeyEnvironment;
import io.sgcsign.key.KeyException;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.DistinguishedName;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.ops.Log;
import io.sgcsign.server.request.KeyRing;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/** {@code --selftest-providers}: one line a provider; fails if one fails. */
record SelfTestCommand(House.World world, PrintStream out) {
  private static final int NONCE = 32;

  int run(ServerConfig config, Log log) {
    CryptoBackend crypto = CryptoBackend.select(world.random());
    log.info("crypto.selected", Map.of("backend", crypto.name()));
    boolean good = true;
    var environment = new KeyEnvironment(crypto, world.clock());
    try (KeyRing keys = KeyRing.open(config.providers(), world.providers(), environment)) {
      for (KeyRing.Slot slot : keys.slots()) {
        Optional<String> trouble = trouble(slot, crypto);
        out.println(
            (trouble.isEmpty() ? "ok    " : "FAIL  ")
                + slot.config().name()
                + " ("
                + slot.config().type()
                + ") "
                + trouble.orElseGet(() -> describe(slot)));
        good &= trouble.isEmpty();
      }
    }
    if (config.providers().isEmpty()) {
      out.println("There is no provider in " + config.file());
      good = false;
    }
    return good ? 0 : 1;
  }

  private Optional<String> trouble(KeyRing.Slot slot, CryptoBackend crypto) {
    if (!slot.state().ready()) {
      return Optional.of(
          slot.state().detail() + slot.trouble().map(t -> " – " + t.hint()).orElse(""));
    }
    if (!slot.freeProbe()) {
      return Optional.empty();
    }
    try {
      byte[] nonce = new byte[NONCE];
      world.random().nextBytes(nonce);
      SigningKey key = slot.key().orElseThrow();
      var _ = new SelfTest(new SignatureAssembler(crypto)).run(key, Bytes.wrap(nonce));
      return Optional.empty();
    } catch (KeyException e) {
      return Optional.of(e.getMessage() + " – " + e.hint());
    }
  }

  private static String describe(KeyRing.Slot slot) {
    SigningKey key = slot.key().orElseThrow();
    var leaf = key.chain().leaf();
    return DistinguishedName.format(leaf.getSubjectX500Principal())
        + ", "
        + leaf.getPublicKey().getAlgorithm()
        + ", until "
        + leaf.getNotAfter().toInstant()
        + (slot.freeProbe() ? ", test signature made" : "");
  }
}
