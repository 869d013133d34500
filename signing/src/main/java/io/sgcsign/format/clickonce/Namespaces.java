// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

/** Namespaces of manifests and of the licences in their signatures. */
final class Namespaces {
  static final String ASM1 = "urn:schemas-microsoft-com:asm.v1";
  static final String ASM2 = "urn:schemas-microsoft-com:asm.v2";
  static final String LICENSE = "urn:mpeg:mpeg21:2003:01-REL-R-NS";
  static final String AUTHENTICODE = "http://schemas.microsoft.com/windows/pki/2005/Authenticode";
  static final String RELATED = "http://schemas.microsoft.com/windows/rel/2005/reldata";

  private Namespaces() {}
}
