// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.layout.pe.PageHashes;
import io.sgcsign.layout.pe.PageHashes.Page;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint.NamedDigest;
import java.util.ArrayList;
import java.util.List;

/** Page hashes as parts of an imprint: {@code page:<offset>} in decimal, one a page, in order. */
final class PageParts {
  /** As the descriptor documents it. */
  static final String NAME = "page:<offset>";

  private static final String PREFIX = "page:";
  private static final long MAX_OFFSET = 0xffff_ffffL;

  private PageParts() {}

  /** Windows knows page hashes of SHA-1 and SHA-256 only. */
  static DigestAlgorithm algorithm(DigestAlgorithm image) {
    return image == DigestAlgorithm.SHA1 ? DigestAlgorithm.SHA1 : DigestAlgorithm.SHA256;
  }

  static List<NamedDigest> of(PageHashes hashes) {
    var out = new ArrayList<NamedDigest>(hashes.pages().size());
    for (Page page : hashes.pages()) {
      out.add(new NamedDigest(PREFIX + page.offset(), page.digest()));
    }
    return out;
  }

  /** Takes only what {@link #of} makes: a headers page first, a zero digest last. */
  static PageHashes parse(List<NamedDigest> parts, DigestAlgorithm algorithm) {
    require(
        parts.size() >= 2 && parts.size() <= PageHashes.MAX_PAGES,
        "There are between 2 and " + PageHashes.MAX_PAGES + " page hashes, not " + parts.size());
    var pages = new ArrayList<Page>(parts.size());
    for (NamedDigest part : parts) {
      require(
          part.digest().algorithm() == algorithm,
          "Page hashes of this signature are " + algorithm.wireName());
      pages.add(new Page(offset(part.name()), part.digest()));
    }
    Digest last = pages.getLast().digest();
    require(pages.getFirst().offset() == 0, "The first page hash is that of the headers");
    require(
        last.value().equals(io.sgcsign.bytes.Bytes.wrap(new byte[algorithm.length()])),
        "The last page hash is all zeros");
    return new PageHashes(algorithm, pages);
  }

  private static long offset(String name) {
    try {
      long offset = Long.parseLong(name.substring(Math.min(PREFIX.length(), name.length())));
      require(
          offset >= 0 && offset <= MAX_OFFSET && name.equals(PREFIX + offset),
          "Not the name of a page: " + name);
      return offset;
    } catch (NumberFormatException e) {
      throw new io.sgcsign.signature.ImprintException("Not the name of a page: " + name);
    }
  }
}
