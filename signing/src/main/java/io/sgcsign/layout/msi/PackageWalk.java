// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.msi;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.cfb.CompoundFile;
import io.sgcsign.layout.cfb.DirectoryEntry;
import io.sgcsign.layout.cfb.Storage;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The order in which msi.dll digests a package. No specification says it; packages that signtool
 * signed do, and osslsigncode, relic and jsign agree on it: storages recursively, each followed by
 * its class, siblings by the octets of their UTF-16LE names.
 */
final class PackageWalk {
  private static final Comparator<Storage> BY_OCTETS =
      (a, b) -> a.entry().name().compareOctets(b.entry().name());

  private PackageWalk() {}

  private static List<Storage> sorted(Storage storage) {
    boolean root = storage.entry().root();
    return storage.children().stream()
        .filter(child -> !root || !InstallerPackage.signs(child.entry()))
        .sorted(BY_OCTETS)
        .toList();
  }

  /** All streams but those of the signature. */
  static void content(CompoundFile file, Artifact.Sink sink) {
    content(file, file.root(), sink);
  }

  private static void content(CompoundFile file, Storage storage, Artifact.Sink sink) {
    if (storage.entry().stream()) {
      file.stream(storage.entry(), sink);
      return;
    }
    sorted(storage).forEach(child -> content(file, child, sink));
    byte[] classId = storage.entry().classId().toArray();
    sink.accept(classId, 0, classId.length);
  }

  /** What a directory says about everything but the signature, each storage before its content. */
  static void metadata(Storage storage, Consumer<Bytes> sink) {
    DirectoryEntry entry = storage.entry();
    if (!entry.root()) {
      sink.accept(entry.name());
    }
    sink.accept(entry.stream() ? entry.shortSize() : entry.classId());
    sink.accept(entry.stateBits());
    if (!entry.root()) {
      sink.accept(entry.times());
    }
    sorted(storage).forEach(child -> metadata(child, sink));
  }
}
