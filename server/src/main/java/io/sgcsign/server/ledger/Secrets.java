// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.util.Optional;

/** Password and key hashes: authoritative, never in the log, which only commits to them. */
public interface Secrets {

  Optional<Bytes> get(String name);

  /** The name a secret value is stored under: finds an API key by the HMAC of what was sent. */
  Optional<String> nameOf(Bytes value);
}
