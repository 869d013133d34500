// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.xml.XmlEdit;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.w3c.dom.Element;

/**
 * A Visual Studio extension: an Open Packaging archive (ECMA-376-2 §7) with an
 * extension.vsixmanifest.
 *
 * @param names parts by name from the root on, in small letters, besides the content types
 */
record VsixPackage(ZipFile zip, ContentTypes types, Map<String, ZipEntry> names) {
  private static final String MANIFEST = "extension.vsixmanifest";

  /** Characters of names that stand for themselves in references (RFC 3986 pchar and slash). */
  private static final String PLAIN = "-._~!$&'()*+,;=:@/%";

  static boolean recognise(Artifact artifact) {
    if (!ZipFile.begins(artifact)) {
      return false;
    }
    try {
      ZipFile zip = ZipFile.parse(artifact);
      return zip.entry(Opc.TYPES_PART).isPresent() && zip.entry(MANIFEST).isPresent();
    } catch (ArtifactException _) {
      return false; // the question was only whether
    }
  }

  static VsixPackage parse(Artifact artifact) {
    ZipFile zip = ZipFile.parse(artifact);
    ZipEntry types = zip.entry(Opc.TYPES_PART).orElseThrow(VsixPackage::unrecognised);
    if (zip.entry(MANIFEST).isEmpty()) {
      throw unrecognised();
    }
    if (zip.prefix() > 0 || zip.unclaimed() > 0) {
      throw new ArtifactException(
          "SGC-ARTIFACT-HIDDEN-DATA",
          "The archive has bytes that belong to no part",
          "Build the extension again.");
    }
    var names = new HashMap<String, ZipEntry>();
    for (ZipEntry entry : zip.entries()) {
      if (entry.folder()) {
        if (entry.size() > 0) {
          throw malformed("The folder " + entry.name() + " has content");
        }
      } else if (names.put(partName(entry).toLowerCase(Locale.ROOT), entry) != null) {
        // ECMA-376-2 §6.2.2.3: names of parts that differ in case only are the same
        throw malformed("The archive has the part " + entry.name() + " twice");
      }
    }
    names.remove("/" + Opc.TYPES_PART.toLowerCase(Locale.ROOT));
    names.remove(partName(types).toLowerCase(Locale.ROOT));
    return new VsixPackage(
        zip, ContentTypes.parse(zip.read(types, XmlDocument.MAX_SIZE)), Map.copyOf(names));
  }

  private static ArtifactException unrecognised() {
    return new ArtifactException(
        "SGC-ARTIFACT-UNRECOGNISED",
        "The archive is no Visual Studio extension: it has no " + MANIFEST,
        "Sign what the VSIX project was built to; extensions of Visual Studio Code are not signed"
            + " like this.");
  }

  static ArtifactException malformed(String message) {
    return new ArtifactException("SGC-ARTIFACT-MALFORMED", message, "Build the extension again.");
  }

  static Bytes apply(XmlDocument document, XmlEdit edit) {
    Artifact out = Artifact.of(document.content()).with(edit.patch());
    return out.read(0, (int) out.size());
  }

  /** The part's name, with what URIs cannot carry escaped (RFC 3986 §2.1). */
  static String partName(ZipEntry entry) {
    var out = new StringBuilder("/");
    for (byte b : entry.name().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return out.toString();
  }

  /** Parts that no signature has to cover: the signature itself and its certificates. */
  boolean beside(String part) {
    String name = part.toLowerCase(Locale.ROOT);
    boolean certificate = name.startsWith("/" + Opc.CERTIFICATE_FOLDER) && name.endsWith(".cer");
    return certificate
        || signatures().stream()
            .map(e -> e.name().toLowerCase(Locale.ROOT))
            .map(e -> e.substring(e.lastIndexOf('/') + 1))
            .anyMatch(e ->
                name.equals("/" + Opc.SIGNATURE_FOLDER + e)
                    || name.equals("/" + Opc.SIGNATURE_FOLDER + "_rels/" + e + ".rels"));
  }

  /** The signature parts. */
  List<ZipEntry> signatures() {
    return zip.entries().stream()
        .filter(e -> !e.folder())
        .filter(e ->
            e.name().toLowerCase(Locale.ROOT).endsWith(".psdsxs")
                || types.of(partName(e)).equals(Opc.SIGNATURE_CONTENT))
        .toList();
  }

  Optional<ZipEntry> part(String name) {
    return Optional.ofNullable(names.get(name.toLowerCase(Locale.ROOT)));
  }

  Bytes read(ZipEntry entry) {
    return zip.read(entry, XmlDocument.MAX_SIZE);
  }

  Digest digest(ZipEntry entry, DigestAlgorithm algorithm) {
    var digest = algorithm.newMessageDigest();
    zip.stream(entry, digest::update);
    return new Digest(algorithm, Bytes.wrap(digest.digest()));
  }

  /** What the extension says of itself, for reports. */
  SortedMap<String, String> identity() {
    XmlDocument manifest = XmlDocument.parse(read(zip.entry(MANIFEST).orElseThrow()));
    for (Element element : manifest.elements()) {
      String name = element.getLocalName();
      if (name.equals("Identity") || name.equals("Identifier")) {
        var out = new TreeMap<String, String>();
        out.put("id", element.getAttributeNS(null, "Id"));
        out.put("version", element.getAttributeNS(null, "Version"));
        out.put("publisher", element.getAttributeNS(null, "Publisher"));
        out.values().removeIf(String::isEmpty);
        return out;
      }
    }
    throw malformed(MANIFEST + " has no Identity");
  }
}
