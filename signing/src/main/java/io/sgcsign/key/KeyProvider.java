// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

/** A kind of place where keys live. Stateless. */
public interface KeyProvider {
  ProviderDescriptor descriptor();

  /**
   * Opens a session.
   *
   * @throws KeyException with cause and way out
   */
  KeySession open(Params params, KeyEnvironment environment);
}
