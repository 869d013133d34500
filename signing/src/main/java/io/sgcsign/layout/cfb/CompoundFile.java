// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * A compound file (MS-CFB 12.0), read with bounds checks from an artifact that stays open as long
 * as this is used. Immutable; the parse reads tables and directory, never the streams. Every chain
 * is walked once, so whatever overlaps, runs in a circle or past the end is refused at once.
 */
public final class CompoundFile {
  private final CfbHeader header;
  private final SectorReader reader;
  private final Fat fat;
  private final Directory directory;
  private final MiniStream mini;
  private final Storage root;

  private CompoundFile(
      CfbHeader header,
      SectorReader reader,
      Fat fat,
      Directory directory,
      MiniStream mini,
      Storage root) {
    this.header = header;
    this.reader = reader;
    this.fat = fat;
    this.directory = directory;
    this.mini = mini;
    this.root = root;
  }

  /** Whether {@code artifact} begins like a compound file; says nothing about the rest. */
  public static boolean begins(Artifact artifact) {
    return CfbHeader.begins(artifact);
  }

  /**
   * Reads tables and directory.
   *
   * @throws ArtifactException if this is no compound file or a damaged one
   */
  public static CompoundFile parse(Artifact artifact) {
    CfbHeader header = CfbHeader.parse(artifact);
    var reader = new SectorReader(artifact, header.geometry());
    Fat fat = Fat.read(header, reader);
    Directory directory = Directory.read(header, fat, reader);
    Storage root = directory.tree();
    MiniStream mini = MiniStream.read(header, root.entry(), fat, reader);
    var file = new CompoundFile(header, reader, fat, directory, mini, root);
    file.take(root);
    return file;
  }

  private void take(Storage storage) {
    DirectoryEntry entry = storage.entry();
    if (entry.stream() && entry.size() > 0) {
      if (entry.mini()) {
        mini.take(entry);
      } else {
        fat.content(entry.start(), entry.size(), "Stream " + entry.id(), reader, sector -> {});
      }
    }
    storage.children().forEach(this::take);
  }

  /** Only the class id of the root storage, which tells what a compound file is. */
  public static Bytes rootClass(Artifact artifact) {
    CfbHeader header = CfbHeader.parse(artifact);
    var reader = new SectorReader(artifact, header.geometry());
    reader.take(header.firstDirectory(), "The directory");
    byte[] raw = new byte[DirectoryEntry.SIZE];
    reader.read(header.firstDirectory()).get(raw);
    return Bytes.wrap(raw).slice(DirectoryEntry.CLASS_AT, DirectoryEntry.STATE_AT);
  }

  public Artifact artifact() {
    return reader.artifact();
  }

  public Storage root() {
    return root;
  }

  /** Whether a sector belongs to a table or a stream. */
  boolean taken(int sector) {
    return reader.taken().get(sector);
  }

  CfbHeader header() {
    return header;
  }

  Fat fat() {
    return fat;
  }

  Directory directory() {
    return directory;
  }

  MiniStream mini() {
    return mini;
  }

  /** A stream of the root storage. */
  public Optional<DirectoryEntry> find(Bytes name) {
    return root.children().stream()
        .map(Storage::entry)
        .filter(e -> e.stream() && e.name().equals(name))
        .findFirst();
  }

  /** Hands a stream's content to {@code sink}, in steps. */
  public void stream(DirectoryEntry entry, Artifact.Sink sink) {
    Geometry geometry = header.geometry();
    int step = entry.mini() ? Geometry.MINI_SECTOR : geometry.sectorSize();
    long left = entry.size();
    long from = 0;
    long to = 0;
    for (int at = entry.start(); left > 0; at = entry.mini() ? mini.next(at) : fat.next(at)) {
      long offset = entry.mini() ? mini.offset(at, geometry) : geometry.offset(at);
      long length = Math.min(step, left);
      if (offset != to) { // what lies side by side is read at once
        reader.artifact().stream(from, to, sink);
        from = offset;
      }
      to = offset + length;
      left -= length;
    }
    reader.artifact().stream(from, to, sink);
  }

  /**
   * A small stream whole.
   *
   * @param limit bytes; more is an error
   */
  public Bytes read(DirectoryEntry entry, int limit) {
    if (entry.size() > limit) {
      throw CfbFault.malformed(
          "Stream %d has %d bytes; more than %d are a lie"
              .formatted(entry.id(), entry.size(), limit));
    }
    var out = new ByteArrayOutputStream((int) entry.size());
    stream(entry, out::write);
    return Bytes.wrap(out.toByteArray());
  }

  /**
   * Whether anything but zeros stands behind the last sector in use: what is appended to a signed
   * file is covered by no digest (CVE-2020-1464), also if it was made the end of some chain.
   */
  public boolean hidesData() {
    long end = header.geometry().offset(reader.used());
    var found = new boolean[1];
    reader.artifact().stream(
        Math.min(end, reader.artifact().size()),
        reader.artifact().size(),
        (buffer, offset, length) -> {
          for (int i = offset; i < offset + length; i++) {
            found[0] |= buffer[i] != 0;
          }
        });
    return found[0];
  }

  /** Starts a change. */
  public CfbEdit edit() {
    return new CfbEdit(this, reader);
  }
}
