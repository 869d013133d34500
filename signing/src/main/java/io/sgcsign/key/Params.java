// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.bytes.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A provider's parameters, checked against its descriptor, with environment variables resolved. */
public record Params(Map<String, String> plain, Map<String, Secret> secrets) {
  public Params {
    plain = Map.copyOf(plain);
    secrets = Map.copyOf(secrets);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(plain.get(name));
  }

  public Optional<Path> path(String name) {
    return text(name).map(Path::of);
  }

  public Optional<Secret> secret(String name) {
    return Optional.ofNullable(secrets.get(name));
  }
}
