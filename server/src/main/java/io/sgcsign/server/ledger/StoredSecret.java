// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;

/** A secret and the salt of the commitment in the leaf that stored it. */
public record StoredSecret(String name, Bytes salt, Bytes value) {}
