// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.pe;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.pe.PeHeader.Section;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Page hashes: a digest for each 4,096-byte page the loader maps, so that Windows can check pages
 * when they are read (signtool's {@code /ph}; SpcPageHash… in the Windows Authenticode PE signature
 * format). The first page holds the headers without CheckSum and certificate directory entry; the
 * last entry has the end of the last section and a digest of zeros.
 */
public record PageHashes(DigestAlgorithm algorithm, List<Page> pages) {
  /** Bytes of a page on every machine Windows runs on. */
  public static final int PAGE = 4096;

  /** 1 GiB of sections. Keeps the signature below 10 MiB and a lying section table harmless. */
  public static final int MAX_PAGES = 256 * 1024;

  private static final int CHECKSUM_SIZE = 4;
  private static final int ENTRY_SIZE = 8;

  public PageHashes {
    pages = List.copyOf(pages);
  }

  /** A page: where it begins in the file, and its digest, padded with zeros to a whole page. */
  public record Page(long offset, Digest digest) {}

  /** The table as it stands in the signature: 32-bit offset and digest of each page. */
  public Bytes table() {
    int row = Integer.BYTES + algorithm.length();
    byte[] out = new byte[pages.size() * row];
    for (int i = 0; i < pages.size(); i++) {
      Page page = pages.get(i);
      Words.putU32(out, i * row, page.offset());
      page.digest().value().copyTo(0, out, i * row + Integer.BYTES, algorithm.length());
    }
    return Bytes.wrap(out);
  }

  static PageHashes of(PeFile pe, DigestAlgorithm algorithm) {
    check(pe.header());
    var hasher = new Hasher(pe.artifact(), algorithm.newMessageDigest());
    var pages = new ArrayList<Page>();
    pages.add(new Page(0, new Digest(algorithm, hasher.headers(pe.header()))));
    long last = 0;
    for (Section section : pe.header().sections()) {
      if (section.end() > 0 && section.rawSize() > 0) {
        for (long at = section.rawOffset(); at < section.end(); at += PAGE) {
          Bytes digest = hasher.page(at, Math.min(PAGE, section.end() - at));
          pages.add(new Page(at, new Digest(algorithm, digest)));
        }
        last = section.end();
      }
    }
    pages.add(new Page(last, new Digest(algorithm, Bytes.wrap(new byte[algorithm.length()]))));
    return new PageHashes(algorithm, pages);
  }

  private static void check(PeHeader header) {
    long pages = 2;
    for (Section section : header.sections()) {
      pages += section.rawOffset() == 0 ? 0 : (section.rawSize() + PAGE - 1) / PAGE;
    }
    if (pages > MAX_PAGES) {
      throw new ArtifactException(
          "SGC-ARTIFACT-TOO-LARGE",
          "The sections have " + pages + " pages; page hashes end at " + MAX_PAGES,
          "Sign it without page_hashes.");
    }
    if (header.sizeOfHeaders() < header.directoryOffset() + ENTRY_SIZE) {
      throw PeFault.malformed(
          "SizeOfHeaders is "
              + header.sizeOfHeaders()
              + ", less than the headers have: no page hashes are possible");
    }
  }

  private record Hasher(Artifact artifact, MessageDigest state) {

    Bytes headers(PeHeader header) {
      long size = Math.min(header.sizeOfHeaders(), artifact.size());
      long afterChecksum = header.checksumOffset() + CHECKSUM_SIZE;
      artifact.stream(0, header.checksumOffset(), state::update);
      artifact.stream(afterChecksum, header.directoryOffset(), state::update);
      artifact.stream(header.directoryOffset() + ENTRY_SIZE, size, state::update);
      return padded(size);
    }

    Bytes page(long at, long length) {
      artifact.stream(at, at + length, state::update);
      return padded(length);
    }

    private Bytes padded(long length) {
      if (length < PAGE) {
        state.update(new byte[(int) (PAGE - length)]);
      }
      return Bytes.wrap(state.digest());
    }
  }
}
