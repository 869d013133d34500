// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import static io.sgcsign.format.clickonce.Namespaces.ASM2;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.Elements;
import io.sgcsign.layout.xml.XmlDocument;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A ZIP of what {@code publish} wrote: a deployment manifest, the application manifest it deploys
 * and the files that one names. Whatever no manifest names – {@code setup.exe}, older versions – is
 * no part of it.
 *
 * @param names entries by their name in small letters: Windows knows no others
 */
record PublishFolder(
    ZipFile zip, Map<String, ZipEntry> names, Part deployment, Part application, boolean mapped) {
  private static final String DEPLOYED = ".deploy";
  private static final List<String> DEPLOYMENTS = List.of(".application", ".vsto");

  /** A manifest in the archive. */
  record Part(ZipEntry entry, Manifest manifest) {
    /** The folder that paths in it start from; empty or with a slash at its end. */
    String folder() {
      return entry.name().substring(0, entry.name().lastIndexOf('/') + 1);
    }
  }

  /** Whether it may be one; looks at names only. */
  static boolean recognise(Artifact artifact) {
    if (!ZipFile.begins(artifact)) {
      return false;
    }
    try {
      ZipFile zip = ZipFile.parse(artifact);
      boolean another =
          zip.entry("[Content_Types].xml").isPresent()
              || zip.entry("META-INF/MANIFEST.MF").isPresent();
      return !another && zip.entries().stream().anyMatch(PublishFolder::deploys);
    } catch (ArtifactException _) {
      return false; // the question was only whether
    }
  }

  private static boolean deploys(ZipEntry entry) {
    String name = entry.name().toLowerCase(Locale.ROOT);
    return DEPLOYMENTS.stream().anyMatch(name::endsWith);
  }

  static PublishFolder parse(Artifact artifact) {
    ZipFile zip = ZipFile.parse(artifact);
    if (zip.prefix() > 0) {
      throw Manifest.malformed("The archive does not begin with its first entry");
    }
    var names = new HashMap<String, ZipEntry>();
    for (ZipEntry entry : zip.entries()) {
      if (names.put(entry.name().toLowerCase(Locale.ROOT), entry) != null) {
        throw Manifest.malformed("The archive has the entry " + entry.name() + " twice");
      }
    }
    Part deployment = read(zip, deploymentOf(zip));
    if (!deployment.manifest().deployment()) {
      throw Manifest.malformed(deployment.entry().name() + " is no deployment manifest");
    }
    Reference deployed =
        Reference.deployed(deployment.manifest())
            .orElseThrow(
                () -> Manifest.malformed(deployment.entry().name() + " names no application"));
    ZipEntry entry = names.get((deployment.folder() + deployed.path()).toLowerCase(Locale.ROOT));
    if (entry == null) {
      throw Manifest.malformed(
          "The application manifest %s is not in the archive".formatted(deployed.path()));
    }
    Part application = read(zip, entry);
    if (application.manifest().deployment()) {
      throw Manifest.malformed(entry.name() + " is no application manifest");
    }
    boolean mapped =
        Elements.child(deployment.manifest().document().root(), ASM2, "deployment")
            .map(d -> d.getAttributeNS(null, "mapFileExtensions").equals("true"))
            .orElse(false);
    var folder = new PublishFolder(zip, Map.copyOf(names), deployment, application, mapped);
    folder.requireEachOnce();
    return folder;
  }

  /** A file is unpacked and digested as often as it is named. */
  private void requireEachOnce() {
    var seen = new HashSet<ZipEntry>();
    for (Reference reference : references()) {
      if (file(reference).filter(e -> !seen.add(e)).isPresent()) {
        throw Manifest.malformed(
            application.entry().name() + " names the file " + reference.path() + " twice");
      }
    }
  }

  /** The one nearest to the root: copies and older ones lie deeper. */
  private static ZipEntry deploymentOf(ZipFile zip) {
    List<ZipEntry> all = zip.entries().stream().filter(PublishFolder::deploys).toList();
    long depth = all.stream().mapToLong(PublishFolder::depth).min().orElse(0);
    List<ZipEntry> top = all.stream().filter(e -> depth(e) == depth).toList();
    if (top.isEmpty()) {
      throw new ArtifactException(
          "SGC-ARTIFACT-UNRECOGNISED",
          "The archive has no .application or .vsto file",
          "Send a ZIP of the folder that Visual Studio, msbuild or mage published.");
    }
    if (top.size() > 1) {
      throw Manifest.malformed(
          "The archive has two deployment manifests, %s and %s"
              .formatted(top.getFirst().name(), top.getLast().name()));
    }
    return top.getFirst();
  }

  private static long depth(ZipEntry entry) {
    return entry.name().chars().filter(c -> c == '/').count();
  }

  private static Part read(ZipFile zip, ZipEntry entry) {
    return new Part(entry, Manifest.parse(zip.read(entry, XmlDocument.MAX_SIZE)));
  }

  /** The file in the archive that the application manifest speaks of. */
  Optional<ZipEntry> file(Reference reference) {
    String name = application.folder() + reference.path() + (mapped ? DEPLOYED : "");
    return Optional.ofNullable(names.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Files of the application, by name and in the manifest's order. */
  List<Reference> references() {
    return Reference.all(application.manifest());
  }

  /** Copies of the deployment manifest beside the application, byte for byte. */
  List<ZipEntry> copies() {
    Bytes original = deployment.manifest().document().content();
    return zip.entries().stream()
        .filter(PublishFolder::deploys)
        .filter(e -> !e.equals(deployment.entry()) && e.size() == original.size())
        .filter(e -> zip.read(e, original.size()).equals(original))
        .sorted(Comparator.comparing(ZipEntry::name))
        .toList();
  }

  Digest digest(ZipEntry entry, DigestAlgorithm algorithm) {
    var digest = algorithm.newMessageDigest();
    zip.stream(entry, digest::update);
    return new Digest(algorithm, Bytes.wrap(digest.digest()));
  }
}
