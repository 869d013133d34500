// SPDX-License-Identifier: Apache-2.0
/** Pure decisions: may this principal have this signed? */
@NullMarked
package io.sgcsign.server.policy;

import org.jspecify.annotations.NullMarked;
