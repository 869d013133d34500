// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A packaged server that stamps, and somebody at a command line with a key to it.
 *
 * @param folder of both
 * @param api for an administrator who is signed up
 * @param environment of the command line: server, key and whom to trust
 */
record Workplace(Path folder, ServerProcess server, Api api, Map<String, String> environment)
    implements AutoCloseable {
  Workplace {
    environment = Map.copyOf(environment);
  }

  /**
   * Starts a server.
   *
   * @param pki whose root stands in {@code folder} as {@code root.pem}
   * @param providers adds them
   */
  static Workplace start(Path folder, TestPki pki, UnaryOperator<Site> providers) {
    ServerProcess server =
        providers.apply(Site.in(folder).stamping(pki, Site.freePort())).write().start();
    Api api = Api.signedUp(server.uri());
    var environment = new TreeMap<String, String>();
    environment.put("SGCSIGN_SERVER", server.uri().toString());
    environment.put("SGCSIGN_APIKEY", api.anonymous().admin().newKey("{\"name\": \"workplace\"}"));
    environment.put("SGCSIGN_ROOT_FILE", pki.rootFile(folder).toString());
    return new Workplace(folder, server, api, environment);
  }

  /** With one provider, {@code release}, whose key is RSA-3072. */
  static Workplace start(Path folder, TestPki pki, String rules) {
    Issued signer = pki.signer("Release", KeyType.RSA_3072);
    return start(folder, pki, site -> site.provider("release", signer, rules));
  }

  Packaged.Run sgcsign(String... words) {
    return Packaged.run(Packaged.client(words), environment, folder);
  }

  @Override
  public void close() {
    api.close();
    server.close();
  }
}
