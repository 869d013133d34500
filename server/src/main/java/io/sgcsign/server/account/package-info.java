// SPDX-License-Identifier: Apache-2.0
/** Accounts and API keys: who may come in. The desk that writes what the identity room reads. */
@NullMarked
package io.sgcsign.server.account;

import org.jspecify.annotations.NullMarked;
