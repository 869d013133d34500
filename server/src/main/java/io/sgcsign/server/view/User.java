// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import java.time.Instant;

/** A person who may log in. */
public record User(String id, String name, String role, Instant createdAt) {}
