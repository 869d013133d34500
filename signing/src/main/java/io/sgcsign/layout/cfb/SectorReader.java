// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Sectors of a file, each of which may belong to one owner only: that excludes overlaps and, since
 * a cycle comes back to a sector already taken, endless chains.
 */
final class SectorReader {
  private final Artifact artifact;
  private final Geometry geometry;
  private final int count;
  private final BitSet taken = new BitSet();
  private final BitSet reserved = new BitSet();

  SectorReader(Artifact artifact, Geometry geometry) {
    this.artifact = artifact;
    this.geometry = geometry;
    this.count = geometry.sectors(artifact.size());
  }

  Artifact artifact() {
    return artifact;
  }

  Geometry geometry() {
    return geometry;
  }

  int count() {
    return count;
  }

  /** The sectors that belong to something. */
  BitSet taken() {
    return taken;
  }

  /** Takes a sector for {@code owner}. */
  void take(int sector, String owner) {
    if (sector < 0 || sector >= count) {
      throw ArtifactException.truncated(
          "%s goes on in sector %s, but the file has %d sectors"
              .formatted(owner, Integer.toUnsignedString(sector), count));
    }
    if (taken.get(sector)) {
      throw CfbFault.malformed(
          "%s runs in a circle or into another at sector %d (offset %d)"
              .formatted(owner, sector, geometry.offset(sector)));
    }
    taken.set(sector);
  }

  /** Tells that a sector taken is beyond what its owner needs: nothing covers what is in it. */
  void reserve(int sector) {
    reserved.set(sector);
  }

  /** How many sectors there are up to the last that is needed. */
  int used() {
    var needed = (BitSet) taken.clone();
    needed.andNot(reserved);
    return needed.length();
  }

  /** A sector of a table as little-endian words; only content may end within its last sector. */
  ByteBuffer read(int sector) {
    byte[] out = new byte[geometry.sectorSize()];
    artifact.read(geometry.offset(sector), out, 0, out.length);
    return ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
  }
}
