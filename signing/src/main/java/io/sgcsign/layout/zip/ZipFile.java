// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ZIP archive (APPNOTE.TXT 6.3.10), read with bounds checks from an artifact that stays open as
 * long as this is used. What two readers could see differently is refused: headers that do not
 * agree, entries over one another, names that come twice. Immutable; the parse reads headers only.
 */
public final class ZipFile {
  /** Bytes. Local headers lie apart: what is read beyond one is mostly for nothing. */
  private static final int LOCAL_STEP = 2048;

  private final Artifact artifact;
  private final ZipEnd end;
  private final Map<String, ZipEntry> entries;
  private final List<ZipEntry> byOffset;

  private ZipFile(
      Artifact artifact, ZipEnd end, Map<String, ZipEntry> entries, List<ZipEntry> byOffset) {
    this.artifact = artifact;
    this.end = end;
    this.entries = entries;
    this.byOffset = List.copyOf(byOffset);
  }

  /** Whether {@code artifact} begins with a local header or an empty archive's only record. */
  public static boolean begins(Artifact artifact) {
    if (artifact.size() < ZipEnd.SIZE) {
      return false;
    }
    long magic = new Fields(artifact.read(0, 4)).u32(0);
    return magic == ZipEntry.LOCAL_SIGNATURE || magic == 0x06054b50L;
  }

  /**
   * Reads all headers of an archive without ZIP64.
   *
   * @throws ArtifactException if this is no archive, a damaged one, or ZIP64
   */
  public static ZipFile parse(Artifact artifact) {
    return parse(artifact, false);
  }

  /**
   * Reads all headers of an archive that may be ZIP64.
   *
   * @throws ArtifactException if this is no archive or a damaged one
   */
  public static ZipFile parseWide(Artifact artifact) {
    return parse(artifact, true);
  }

  private static ZipFile parse(Artifact artifact, boolean zip64) {
    ZipEnd end = ZipEnd.find(artifact, zip64);
    if (end.count() > ZipBudget.MAX_ENTRIES) {
      throw ZipFault.malformed("The archive has more than " + ZipBudget.MAX_ENTRIES + " entries");
    }
    var directory = new Window(artifact, end.directoryEnd(), Artifact.STEP);
    var locals = new Window(artifact, end.directoryAt(), LOCAL_STEP);
    var budget = new ZipBudget(artifact.size());
    var entries = new LinkedHashMap<String, ZipEntry>();
    long at = end.directoryAt();
    for (int i = 0; i < end.count(); i++) {
      ZipEntry entry = ZipEntry.read(directory, locals, at, zip64);
      budget.take(entry);
      if (entries.put(entry.name(), entry) != null) {
        throw ZipFault.malformed("The archive has the entry " + entry.name() + " twice");
      }
      at += entry.directoryLength();
    }
    if (at != end.directoryEnd()) {
      throw ZipFault.malformed(
          "%d entries end at offset %d, the central directory at %d"
              .formatted(end.count(), at, end.directoryEnd()));
    }
    return new ZipFile(artifact, end, entries, apart(entries, end.directoryAt()));
  }

  /** The entries as they lie in the file; refuses those that lie over one another. */
  private static List<ZipEntry> apart(Map<String, ZipEntry> entries, long directoryAt) {
    var sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(ZipEntry::headerAt));
    for (int i = 0; i < sorted.size(); i++) {
      ZipEntry entry = sorted.get(i);
      long next = i + 1 < sorted.size() ? sorted.get(i + 1).headerAt() : directoryAt;
      if (entry.end() > next) {
        throw ZipFault.malformed(
            "The entry %s ends at offset %d, behind the beginning of the next at %d"
                .formatted(entry.name(), entry.end(), next));
      }
    }
    return sorted;
  }

  /** In the order of the central directory. */
  public List<ZipEntry> entries() {
    return List.copyOf(entries.values());
  }

  public Optional<ZipEntry> entry(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** Bytes before the first entry, as of archives that are programs too. */
  public long prefix() {
    return firstAt();
  }

  /** Bytes between and behind the entries that no header speaks of. */
  public long unclaimed() {
    long claimed = byOffset.stream().mapToLong(e -> e.end() - e.headerAt()).sum();
    return end.directoryAt() - firstAt() - claimed;
  }

  /** Offset of the central directory: what lies before it are entries. */
  public long directoryAt() {
    return end.directoryAt();
  }

  /** The content of an entry. */
  public Bytes read(ZipEntry entry, int limit) {
    if (entry.size() > limit) {
      throw ZipFault.malformed(
          "The entry %s has %d bytes, more than %d".formatted(entry.name(), entry.size(), limit));
    }
    var out = new ByteArrayOutputStream((int) entry.size());
    stream(entry, out::write);
    return Bytes.wrap(out.toByteArray());
  }

  /**
   * Hands the content of an entry to {@code sink}, in steps.
   *
   * @throws ArtifactException if it is not what its header says; {@code sink} has part of it then
   */
  public void stream(ZipEntry entry, Artifact.Sink sink) {
    new EntryContent(artifact, entry).stream(sink);
  }

  /** Begins a change. */
  public ZipEdit edit() {
    return new ZipEdit(this);
  }

  long firstAt() {
    return byOffset.isEmpty() ? end.directoryAt() : byOffset.getFirst().headerAt();
  }

  List<ZipEntry> byOffset() {
    return byOffset;
  }

  ZipEnd end() {
    return end;
  }
}
