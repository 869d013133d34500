// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.XmlElement;
import io.sgcsign.layout.xml.XmlWalk;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code AppxBlockMap.xml}: digests of all blocks of all files (BlockMapSchema.xsd).
 *
 * @param algorithm HashMethod, which is also that of the signature
 * @param files by name, with slashes
 */
record BlockMap(DigestAlgorithm algorithm, Map<String, Blocks> files) {
  static final String ENTRY = "AppxBlockMap.xml";

  /** Bytes of content. The last block of a file is shorter. */
  static final int BLOCK = 64 * 1024;

  private static final String NAMESPACE = "http://schemas.microsoft.com/appx/2010/blockmap";
  private static final Map<String, DigestAlgorithm> METHODS =
      Map.of(
          "http://www.w3.org/2001/04/xmlenc#sha256", DigestAlgorithm.SHA256,
          "http://www.w3.org/2001/04/xmldsig-more#sha384", DigestAlgorithm.SHA384,
          "http://www.w3.org/2001/04/xmlenc#sha512", DigestAlgorithm.SHA512);

  BlockMap {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /**
   * What the map says of a file.
   *
   * @param header bytes of its local header; negative: not said
   * @param compressed bytes of all its blocks as they lie there; negative: they are not compressed
   * @param digests one a block
   */
  record Blocks(String name, long size, long header, long compressed, List<Bytes> digests) {
    Blocks {
      digests = List.copyOf(digests);
    }
  }

  /**
   * Reads a map.
   *
   * @param sizes of the files that may stand in it, which bounds what is kept
   */
  static BlockMap parse(Bytes document, Map<String, Long> sizes) {
    var reading = new Reading(sizes);
    XmlWalk.of(document, ENTRY, reading::start);
    return reading.end();
  }

  /** The running state. */
  private static final class Reading {
    private final Map<String, Long> sizes;
    private final Map<String, Blocks> files = new LinkedHashMap<>();
    private Optional<DigestAlgorithm> algorithm = Optional.empty();
    private @Nullable XmlElement file;
    private String name = "";
    private long size;
    private long compressed = -1;
    private List<Bytes> digests = new ArrayList<>();

    Reading(Map<String, Long> sizes) {
      this.sizes = sizes;
    }

    void start(XmlElement element) {
      switch (element.path()) {
        case "/BlockMap" -> root(element);
        case "/BlockMap/File" -> file(element);
        case "/BlockMap/File/Block" -> block(element);
        default -> {
          if (algorithm.isEmpty()) {
            throw AppxFault.malformed(ENTRY + " is no block map");
          }
        }
      }
    }

    private void root(XmlElement element) {
      String method = element.attribute("HashMethod").orElse("");
      algorithm = Optional.ofNullable(METHODS.get(method));
      if (!element.namespace().equals(NAMESPACE) || algorithm.isEmpty()) {
        throw AppxFault.malformed(
            "%s is no block map, or has the unknown HashMethod \"%s\"".formatted(ENTRY, method));
      }
    }

    private void file(XmlElement element) {
      finish();
      file = element;
      name = element.attribute("Name").orElse("").replace('\\', '/');
      size = number(element, "Size");
      Long real = sizes.get(name);
      if (real == null) {
        throw AppxFault.malformed(
            "%s speaks of the file \"%s\", which must not be in it or is not in the package"
                .formatted(ENTRY, name));
      }
      if (real != size) {
        throw AppxFault.malformed(
            "%s says that %s has %d bytes; it has %d".formatted(ENTRY, name, size, real));
      }
      if (files.containsKey(name)) {
        throw AppxFault.malformed(ENTRY + " speaks of " + name + " twice");
      }
    }

    private void block(XmlElement element) {
      Bytes digest = digest(element.attribute("Hash").orElse(""));
      if (digest.size() != algorithm.orElseThrow().length() || digests.size() >= blocks()) {
        throw wrongBlocks();
      }
      digests.add(digest);
      if (element.attribute("Size").isPresent()) {
        compressed = Math.max(compressed, 0) + Math.min(number(element, "Size"), 2L * BLOCK);
      }
    }

    private static Bytes digest(String base64) {
      try {
        return Bytes.fromBase64(base64);
      } catch (IllegalArgumentException e) {
        return Bytes.EMPTY; // of no algorithm
      }
    }

    private long blocks() {
      return (size + BLOCK - 1) / BLOCK;
    }

    private ArtifactException wrongBlocks() {
      return AppxFault.malformed(
          "%s has no digests of the %d blocks of %s".formatted(ENTRY, blocks(), name));
    }

    private void finish() {
      if (file == null) {
        return;
      }
      if (digests.size() != blocks()) {
        throw wrongBlocks();
      }
      long header = file.attribute("LfhSize").isPresent() ? number(file, "LfhSize") : -1;
      files.put(name, new Blocks(name, size, header, compressed, digests));
      digests = new ArrayList<>();
      compressed = -1;
    }

    BlockMap end() {
      finish();
      return new BlockMap(algorithm.orElseThrow(), files);
    }

    private long number(XmlElement element, String attribute) {
      String text = element.attribute(attribute).orElse("");
      if (!text.matches("\\d{1,18}")) {
        throw AppxFault.malformed("%s has no number in %s of %s".formatted(ENTRY, attribute, name));
      }
      return Long.parseLong(text);
    }
  }
}
