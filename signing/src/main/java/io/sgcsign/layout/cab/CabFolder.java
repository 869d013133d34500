// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The data blocks of a folder (MS-CAB §2.4), unpacked: stored, or MSZIP (MS-MCI), where every block
 * is deflated on its own, but may refer to the 32 KiB before it.
 */
final class CabFolder {
  private static final int BLOCK_HEADER = 8;

  /** Bytes a block may unpack to, which is MSZIP's window too. */
  private static final int MAX_BLOCK = 32 * 1024;

  private static final int METHOD = 0x000f;
  private static final int STORED = 0;
  private static final int MSZIP = 1;

  private final CabFile cabinet;
  private final int folder;
  private final byte[] block = new byte[MAX_BLOCK];
  private byte[] window = new byte[0];

  CabFolder(CabFile cabinet, int folder) {
    this.cabinet = cabinet;
    this.folder = folder;
  }

  /**
   * Hands the content to {@code sink}, block by block.
   *
   * @param needed bytes; blocks behind these are left alone
   * @return where the last block ends
   */
  long stream(long needed, Artifact.Sink sink) {
    int method = cabinet.compression(folder) & METHOD;
    if (method != STORED && method != MSZIP) {
      throw new ArtifactException(
          "SGC-ARTIFACT-UNRECOGNISED",
          "The cabinet is compressed with " + (method == 3 ? "LZX" : "method " + method),
          "Compress it with MSZIP, or unpack it and look into the files.");
    }
    long at = cabinet.dataAt(folder);
    long done = 0;
    for (int i = 0; i < cabinet.blocks(folder) && done < needed; i++) {
      if (at + BLOCK_HEADER > cabinet.end()) {
        throw ArtifactException.truncated("The cabinet ends within its data blocks, at " + at);
      }
      Bytes header = cabinet.artifact().read(at, BLOCK_HEADER);
      int packed = CabHeader.u16(header, 4);
      int size = CabHeader.u16(header, 6);
      if (at + BLOCK_HEADER + packed > cabinet.end() || size > MAX_BLOCK || size == 0) {
        throw CabFault.malformed("The data block at offset " + at + " has impossible sizes");
      }
      Bytes data = cabinet.artifact().read(at + BLOCK_HEADER, packed);
      unpack(method, data, size, at);
      sink.accept(block, 0, size);
      slide(size);
      done += size;
      at += BLOCK_HEADER + packed;
    }
    return at;
  }

  private void unpack(int method, Bytes data, int size, long at) {
    if (method == STORED) {
      if (data.size() != size) {
        throw CabFault.malformed("The stored data block at offset " + at + " has two sizes");
      }
      data.copyTo(0, block, 0, size);
      return;
    }
    if (data.size() < 2 || data.at(0) != 'C' || data.at(1) != 'K') {
      throw CabFault.malformed("The data block at offset " + at + " is not MSZIP");
    }
    try (var inflater = new Inflater(true)) {
      inflater.setDictionary(window);
      inflater.setInput(data.toArray(), 2, data.size() - 2);
      int got = inflater.inflate(block, 0, size);
      // a block that is full may have its end mark still to come
      boolean more = got == size && !inflater.finished() && inflater.inflate(new byte[1]) > 0;
      if (got != size || more) {
        throw CabFault.malformed("The data block at offset " + at + " has not the size it claims");
      }
    } catch (DataFormatException e) {
      throw CabFault.malformed("The data block at offset " + at + " is damaged: " + e.getMessage());
    }
  }

  /** The last 32 KiB are what the next block may refer to. */
  private void slide(int size) {
    int kept = Math.min(window.length, MAX_BLOCK - size);
    byte[] slid = Arrays.copyOfRange(window, window.length - kept, window.length + size);
    System.arraycopy(block, 0, slid, kept, size);
    window = slid;
  }
}
