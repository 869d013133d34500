// SPDX-License-Identifier: Apache-2.0
/** XML as untrusted input: no document types, no entities, nothing fetched. */
@NullMarked
package io.sgcsign.layout.xml;

import org.jspecify.annotations.NullMarked;
