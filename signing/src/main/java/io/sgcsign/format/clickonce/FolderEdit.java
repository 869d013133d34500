// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.clickonce;

import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.XmlAlgorithms;
import io.sgcsign.layout.xml.XmlEdit;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes a publish folder anew from the inside out: the application manifest learns of its files,
 * is signed or not, and the deployment manifest learns of it.
 */
final class FolderEdit {
  private final PublishFolder folder;
  private final DigestAlgorithm hash;
  private final Map<ZipEntry, Bytes> contents = new LinkedHashMap<>();

  FolderEdit(PublishFolder folder, DigestAlgorithm hash) {
    this.folder = folder;
    this.hash = hash;
  }

  /** Gives a file another content. */
  void put(ZipEntry entry, Bytes content) {
    contents.put(entry, content);
  }

  /**
   * Finishes both manifests.
   *
   * @param token public key token the deployment manifest is to name
   * @param finish signs a manifest or takes its signature off
   */
  void manifests(String token, Function<Manifest, Patch> finish) {
    Manifest described = edited(folder.application().manifest(), this::describeFiles);
    Bytes application = finished(described, finish);
    Manifest deploying =
        edited(
            folder.deployment().manifest(),
            (manifest, edit) -> {
              Reference deployed = Reference.deployed(manifest).orElseThrow();
              describe(deployed, edit, application.size(), Digest.of(hash, application));
              if (!deployed.identity().getAttributeNS(null, "publicKeyToken").equals(token)) {
                edit.attribute(deployed.identity(), "publicKeyToken", token);
              }
            });
    Bytes deployment = finished(deploying, finish);
    folder.copies().forEach(copy -> put(copy, deployment));
    put(folder.application().entry(), application);
    put(folder.deployment().entry(), deployment);
  }

  /** A change of a manifest. */
  private interface Change {
    void make(Manifest manifest, XmlEdit edit);
  }

  private static Manifest edited(Manifest manifest, Change change) {
    XmlEdit edit = manifest.document().edit();
    change.make(manifest, edit);
    return Manifest.parse(ManifestSigner.apply(manifest.document().content(), edit.patch()));
  }

  private static Bytes finished(Manifest manifest, Function<Manifest, Patch> finish) {
    return ManifestSigner.apply(manifest.document().content(), finish.apply(manifest));
  }

  private void describeFiles(Manifest manifest, XmlEdit edit) {
    for (Reference reference : Reference.all(manifest)) {
      ZipEntry entry =
          folder
              .file(reference)
              .orElseThrow(() ->
                  Manifest.malformed(
                      "The manifest names %s, which is not in the archive"
                          .formatted(reference.path())));
      Bytes changed = contents.get(entry);
      long size = changed == null ? entry.size() : changed.size();
      Digest digest = changed == null ? folder.digest(entry, hash) : Digest.of(hash, changed);
      describe(reference, edit, size, digest);
    }
  }

  private static void describe(Reference reference, XmlEdit edit, long size, Digest digest) {
    boolean right = reference.size().equals(Long.toString(size)) && reference.says(digest);
    if (!right) {
      reference.refresh(edit, size, digest, XmlAlgorithms.CLICKONCE.uri(digest.algorithm()));
    }
  }

  /** The archive with what changed; everything else keeps its bytes. */
  Patch patch(Instant time) {
    var edit = folder.zip().edit();
    contents.forEach((entry, content) ->
        edit.remove(entry.name()).putLast(NewEntry.deflated(entry.name(), content, time)));
    return edit.patch();
  }
}
