// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.TokenIssuer;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.key.KeyEnvironment;
import io.sgcsign.key.KeyException;
import io.sgcsign.key.KeyProviders;
import io.sgcsign.key.KeySession;
import io.sgcsign.key.Params;
import io.sgcsign.key.SigningKey;
import io.sgcsign.server.config.ServerConfig;
import java.util.Map;

/** The key of the quickstart's TEST time-stamp authority. */
final class TestTokens {
  private TestTokens() {}

  static TokenIssuer issuer(
      ServerConfig.TestAuthorityConfig config,
      CryptoBackend crypto,
      SignatureAssembler assembler,
      House.World world) {
    var params =
        new Params(
            Map.of("file", config.tsaFile().toString()), Map.of("password", config.tsaPassword()));
    try {
      KeySession session =
          KeyProviders.byType("PFX")
              .orElseThrow()
              .open(params, new KeyEnvironment(crypto, world.clock()));
      SigningKey key = session.keys().getFirst();
      return new TokenIssuer(
          assembler, key, TokenIssuer.Settings.forTests(), world.clock(), world.random());
    } catch (KeyException e) {
      throw new StartException("test_authority: " + e.getMessage() + "\n    " + e.hint(), e);
    }
  }
}
