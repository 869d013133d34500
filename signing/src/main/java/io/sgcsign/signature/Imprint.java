// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.signature;

import io.sgcsign.pki.Digest;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a format needs signed, reduced to digests and public facts: exactly what travels in pre-hash
 * mode.
 *
 * @param format the format's name
 * @param kind the format's name for the kind of file, for example {@code pe}
 * @param digest the format's digest, for example the Authenticode image digest
 * @param artifact SHA-256 of the whole file as it came in: what is approved and recorded
 * @param signer SHA-256 of the leaf this imprint was made for
 * @param parts digests of named parts, for example page hashes
 * @param facts public facts named in the format's descriptor
 */
public record Imprint(
    String format,
    String kind,
    Digest digest,
    Digest artifact,
    Digest signer,
    List<NamedDigest> parts,
    SortedMap<String, String> facts) {
  public Imprint {
    parts = List.copyOf(parts);
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  /** The digest of a named part of the file. */
  public record NamedDigest(String name, Digest digest) {}
}
