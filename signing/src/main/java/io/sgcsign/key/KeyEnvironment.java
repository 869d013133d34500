// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import io.sgcsign.crypto.CryptoBackend;
import java.time.InstantSource;

/**
 * What a provider may use of the world besides its parameters.
 *
 * @param backend signs with keys in memory
 * @param clock paces checks for changed files and tokens
 */
public record KeyEnvironment(CryptoBackend backend, InstantSource clock) {}
