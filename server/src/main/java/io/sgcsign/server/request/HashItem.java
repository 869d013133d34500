// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.signature.Imprint;
import java.util.Optional;

/**
 * One imprint of a batch.
 *
 * @param requestId a new one, or that of the request this ask continues
 * @param name the file's name
 * @param key the item's idempotency key
 * @param ask ordinal of the ask in its request, from 0
 */
public record HashItem(
    String requestId, String name, Optional<String> key, int ask, Imprint imprint) {}
