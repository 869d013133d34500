// SPDX-License-Identifier: Apache-2.0
/**
 * XML as signatures need it: read strictly and without anything external, edited without a change
 * to the other bytes, made canonical by the JDK. Knows no keys.
 */
@NullMarked
package io.sgcsign.layout.xml;

import org.jspecify.annotations.NullMarked;
