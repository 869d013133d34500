// SPDX-License-Identifier: Apache-2.0
/**
 * XML as untrusted input and as signatures need it: no document types, no entities, nothing
 * fetched; edited without a change to the other bytes, made canonical by the JDK.
 */
@NullMarked
package io.sgcsign.layout.xml;

import org.jspecify.annotations.NullMarked;
