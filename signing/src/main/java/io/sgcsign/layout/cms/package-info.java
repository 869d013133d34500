// SPDX-License-Identifier: Apache-2.0
/** CMS structures edited byte-preservingly: nest, strip, merge (RFC 5652). */
@NullMarked
package io.sgcsign.layout.cms;

import org.jspecify.annotations.NullMarked;
