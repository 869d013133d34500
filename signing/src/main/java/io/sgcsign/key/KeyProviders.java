// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import java.util.List;
import java.util.Optional;

/** The provider types of this library: the one list a new provider is added to. */
public final class KeyProviders {
  public static final List<KeyProvider> ALL = List.of(new PfxProvider(), new PemProvider());

  private KeyProviders() {}

  /** As in {@code "type": "PFX"}. */
  public static Optional<KeyProvider> byType(String type) {
    return ALL.stream().filter(p -> p.descriptor().type().equals(type)).findFirst();
  }
}
