// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

/** Who may call an operation. */
enum Access {
  /** Everybody. */
  OPEN,
  /** Everybody with a credential, or everybody if listed in {@code server.public}. */
  ANY,
  /** API keys. */
  KEY,
  /** Administrators. */
  ADMIN
}
