// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.jar;

import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A section of a manifest or signature file (JAR File Specification, "Name-Value pairs and
 * Sections").
 *
 * @param raw from its first byte to the empty line that ends it, which digests cover
 * @param attributes names in lower case
 */
record Section(Bytes raw, Map<String, String> attributes) {
  private static final String NAME = "name";
  private static final String DIGEST = "-digest";

  /** JAR File Specification, "Section-Specification": header names. */
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,69}");

  /**
   * Bytes in a line with its end (JAR File Specification, "Notes on Manifest and Signature Files").
   */
  private static final int MAX_LINE = 70;

  /** Lines of a file, which bound the memory it takes. With 65,000 entries there are 400,000. */
  private static final int MAX_LINES = 1 << 19;

  Section {
    attributes = Map.copyOf(attributes);
  }

  Optional<String> name() {
    return Optional.ofNullable(attributes.get(NAME));
  }

  /** Takes a file apart: the main section first, then one an entry. */
  static List<Section> parse(Bytes file, String what) {
    var out = new ArrayList<Section>();
    int at = 0;
    int count = 0;
    do {
      int from = at;
      var lines = new ArrayList<Bytes>();
      boolean ended = false;
      while (at < file.size() && !ended) {
        int end = lineEnd(file, at);
        Bytes line = file.slice(at, end);
        at = afterLine(file, end);
        ended = line.isEmpty();
        if (++count > MAX_LINES) {
          throw malformed(what + " has more than " + MAX_LINES + " lines");
        }
        if (!ended) {
          lines.add(line);
        }
      }
      if (out.isEmpty() || !lines.isEmpty()) {
        out.add(new Section(file.slice(from, at), attributes(lines, what, from)));
      }
    } while (at < file.size());
    if (out.getFirst().name().isPresent()) {
      throw malformed(what + " has a name in its main section");
    }
    if (out.stream().skip(1).anyMatch(s -> s.name().isEmpty())) {
      throw malformed(what + " has a section without a name");
    }
    if (out.stream().flatMap(s -> s.name().stream()).distinct().count() < out.size() - 1) {
      throw malformed(what + " has two sections of one name");
    }
    return out;
  }

  private static int lineEnd(Bytes file, int from) {
    int at = from;
    while (at < file.size() && file.at(at) != '\n' && file.at(at) != '\r') {
      at++;
    }
    return at;
  }

  private static int afterLine(Bytes file, int end) {
    if (end + 1 < file.size() && file.at(end) == '\r' && file.at(end + 1) == '\n') {
      return end + 2;
    }
    return Math.min(end + 1, file.size());
  }

  private static Map<String, String> attributes(List<Bytes> lines, String what, int at) {
    var unfolded = new ArrayList<ByteArrayOutputStream>();
    for (Bytes line : lines) {
      boolean more = line.at(0) == ' ';
      if (more && unfolded.isEmpty()) {
        throw malformed(what + " begins with a continued line at offset " + at);
      }
      if (!more) {
        unfolded.add(new ByteArrayOutputStream());
      }
      unfolded.getLast().writeBytes(line.slice(more ? 1 : 0, line.size()).toArray());
    }
    var out = new LinkedHashMap<String, String>();
    for (ByteArrayOutputStream line : unfolded) {
      String text = line.toString(StandardCharsets.UTF_8);
      int colon = text.indexOf(": ");
      if (colon < 1 || !HEADER.matcher(text.substring(0, colon)).matches()) {
        throw malformed(what + " has a line without a name near offset " + at);
      }
      String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
      if (name.equals(NAME) && !out.isEmpty()) {
        throw malformed(what + " has a section that does not begin with its name");
      }
      if (out.put(name, text.substring(colon + 2)) != null) {
        throw malformed(what + " has the attribute " + name + " twice in one section");
      }
    }
    return out;
  }

  private static ArtifactException malformed(String message) {
    return new ArtifactException(
        "SGC-ARTIFACT-MALFORMED", message, "Build the file again with the jar tool.");
  }

  /** The strongest digest named {@code <algorithm>-Digest<suffix>}; empty: none that is known. */
  Optional<Digest> digest(String suffix) {
    for (DigestAlgorithm algorithm :
        List.of(
            DigestAlgorithm.SHA512,
            DigestAlgorithm.SHA384,
            DigestAlgorithm.SHA256,
            DigestAlgorithm.SHA1)) {
      String value = attributes.get(name(algorithm, suffix).toLowerCase(Locale.ROOT));
      if (value != null) {
        try {
          return Optional.of(new Digest(algorithm, Bytes.fromBase64(value)));
        } catch (IllegalArgumentException e) {
          throw malformed("A digest in the manifest is malformed: " + e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  Optional<String> attribute(String name) {
    return Optional.ofNullable(attributes.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * Whether it asks for a way of checking that nobody knows (JAR File Specification, "The Magic
   * Attribute"): who does not know it must not accept the signature.
   */
  boolean magic() {
    return attribute("Magic").isPresent();
  }

  /** {@code SHA-256-Digest<suffix>}; SHA-1 is SHA1 here. */
  static String name(DigestAlgorithm algorithm, String suffix) {
    String jar = algorithm == DigestAlgorithm.SHA1 ? "SHA1" : algorithm.jcaName();
    return jar + "-Digest" + suffix;
  }

  static boolean isDigest(String attribute) {
    return attribute.endsWith(DIGEST) || attribute.contains(DIGEST + "-");
  }

  boolean hasDigests() {
    return attributes.keySet().stream().anyMatch(Section::isDigest);
  }

  /** The lines of this section that are no digests, as they are, without the empty one. */
  Bytes withoutDigests() {
    var out = new ByteArrayOutputStream();
    boolean keep = true;
    for (int at = 0; at < raw.size(); ) {
      int end = lineEnd(raw, at);
      int next = afterLine(raw, end);
      if (end == at) {
        break;
      }
      if (raw.at(at) != ' ') {
        String line = raw.slice(at, end).toUtf8();
        keep =
            !isDigest(line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT));
      }
      if (keep) {
        out.writeBytes(raw.slice(at, end).toArray());
        out.writeBytes(new byte[] {'\r', '\n'});
      }
      at = next;
    }
    return Bytes.wrap(out.toByteArray());
  }

  /** One attribute, folded where a line would be too long. */
  static Bytes line(String name, String value) {
    Bytes text = Bytes.utf8(name + ": " + value);
    var out = new ByteArrayOutputStream();
    int at = 0;
    while (at < text.size() || at == 0) {
      int room = at == 0 ? MAX_LINE : MAX_LINE - 1;
      int end = Math.min(text.size(), at + room);
      if (at > 0) {
        out.write(' ');
      }
      out.writeBytes(text.slice(at, end).toArray());
      out.writeBytes(new byte[] {'\r', '\n'});
      at = end;
    }
    return Bytes.wrap(out.toByteArray());
  }
}
