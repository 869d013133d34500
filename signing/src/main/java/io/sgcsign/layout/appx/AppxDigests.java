// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a signature of a package has in place of one digest: {@code APPX} and, each behind its name,
 * digests of the entries as they lie there, of the central directory, of content types, block map
 * and code integrity catalog.
 *
 * @param parts by name, in this order
 */
public record AppxDigests(DigestAlgorithm algorithm, Map<String, Digest> parts) {
  public static final String ENTRIES = "AXPC";
  public static final String DIRECTORY = "AXCD";
  public static final String TYPES = "AXCT";
  public static final String BLOCK_MAP = "AXBM";

  /** Only of packages that have such a catalog. */
  public static final String CODE_INTEGRITY = "AXCI";

  private static final Bytes MAGIC = Bytes.utf8("APPX");
  private static final int NAME = 4;

  public AppxDigests {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /** Digests a package without a signature. */
  public static AppxDigests of(Artifact bare, DigestAlgorithm algorithm) {
    ZipFile zip = ZipFile.parseWide(bare);
    Map<String, Digest> parts = new LinkedHashMap<>();
    parts.put(ENTRIES, range(bare, 0, zip.directoryAt(), algorithm));
    parts.put(DIRECTORY, range(bare, zip.directoryAt(), bare.size(), algorithm));
    put(parts, TYPES, zip, ContentTypes.ENTRY, algorithm);
    put(parts, BLOCK_MAP, zip, BlockMap.ENTRY, algorithm);
    put(parts, CODE_INTEGRITY, zip, AppxPackage.CODE_INTEGRITY, algorithm);
    return new AppxDigests(algorithm, parts);
  }

  private static Digest range(Artifact bare, long from, long to, DigestAlgorithm algorithm) {
    var state = algorithm.newMessageDigest();
    bare.stream(from, to, state::update);
    return new Digest(algorithm, Bytes.wrap(state.digest()));
  }

  private static void put(
      Map<String, Digest> parts,
      String name,
      ZipFile zip,
      String entry,
      DigestAlgorithm algorithm) {
    Optional<ZipEntry> found = zip.entry(entry);
    if (found.isPresent()) {
      var state = algorithm.newMessageDigest();
      zip.stream(found.get(), state::update);
      parts.put(name, new Digest(algorithm, Bytes.wrap(state.digest())));
    }
  }

  /** Reads what a signature has; empty: it is nothing of this kind. */
  public static Optional<AppxDigests> parse(Bytes value, DigestAlgorithm algorithm) {
    int step = NAME + algorithm.length();
    if (value.size() < MAGIC.size()
        || (value.size() - MAGIC.size()) % step != 0
        || !value.slice(0, MAGIC.size()).equals(MAGIC)) {
      return Optional.empty();
    }
    Map<String, Digest> parts = new LinkedHashMap<>();
    for (int at = MAGIC.size(); at < value.size(); at += step) {
      String name = new String(value.slice(at, at + NAME).toArray(), StandardCharsets.ISO_8859_1);
      Digest digest = new Digest(algorithm, value.slice(at + NAME, at + step));
      if (parts.put(name, digest) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new AppxDigests(algorithm, parts));
  }

  /** As it stands in a signature. */
  public Bytes value() {
    Bytes out = MAGIC;
    for (var part : parts.entrySet()) {
      out = Bytes.concat(out, Bytes.utf8(part.getKey()), part.getValue().value());
    }
    return out;
  }
}
