// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.bytes.DerWriter;

/**
 * A security catalog: nothing but a SignedData, with or without signatures, whose content is a
 * {@link CatalogList}. Immutable.
 *
 * @param der the whole file
 * @param signed whether it has a signature
 */
public record CatalogFile(Bytes der, CatalogList list, boolean signed) {
  /** Bytes. The largest catalogs of Windows have 10 MiB; all of one is in memory. */
  private static final int MAX_SIZE = 24 * 1024 * 1024;

  /** Bytes in which the type of the content must stand: before it are only algorithms. */
  private static final int HEAD = 256;

  private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
  private static final Bytes LIST_OID = DerWriter.oid(CatalogList.CONTENT_TYPE);
  private static final int CONTEXT_0 = 0xa0;
  private static final int CONTEXT_1 = 0xa1;

  /** Whether the file begins like a catalog. */
  public static boolean recognise(Artifact artifact) {
    Bytes head = artifact.read(0, (int) Math.min(artifact.size(), HEAD));
    return !head.isEmpty()
        && (head.at(0) & 0xff) == Der.SEQUENCE
        && head.toHex().contains(LIST_OID.toHex());
  }

  /**
   * Reads a catalog.
   *
   * @throws ArtifactException if it is none, a damaged one, or something follows it
   */
  public static CatalogFile parse(Artifact artifact) {
    if (artifact.size() > MAX_SIZE) {
      throw new ArtifactException(
          "SGC-ARTIFACT-TOO-LARGE",
          "The catalog has " + artifact.size() + " bytes; " + MAX_SIZE + " are read",
          "Make several catalogs.");
    }
    Bytes file = artifact.read(0, (int) artifact.size());
    int size = Der.leadingSize(file);
    if (size < file.size()) {
      throw new ArtifactException(
          "SGC-ARTIFACT-HIDDEN-DATA",
          (file.size() - size) + " bytes follow the catalog",
          "Make the catalog again; nothing may stand behind it.");
    }
    try {
      return read(file);
    } catch (DerException e) {
      throw new ArtifactException(
          "SGC-ARTIFACT-MALFORMED",
          "The catalog is damaged or none: " + e.getMessage(),
          "Make it again, for example with New-FileCatalog, inf2cat or makecat.");
    }
  }

  private static CatalogFile read(Bytes file) {
    DerCursor info = Der.checked(file).sequence();
    String type = info.next(Der.OID).oid();
    Der outer = info.next(CONTEXT_0);
    info.end();
    if (!type.equals(SIGNED_DATA)) {
      throw new DerException("It is of type " + type);
    }
    DerCursor data = outer.only().sequence();
    var _ = data.next(Der.INTEGER);
    var _ = data.next(Der.SET);
    DerCursor content = data.next(Der.SEQUENCE).sequence();
    String contentType = content.next(Der.OID).oid();
    if (!contentType.equals(CatalogList.CONTENT_TYPE)) {
      throw new DerException("Its content is of type " + contentType);
    }
    Der list = content.next(CONTEXT_0).only();
    content.end();
    var _ = data.optional(CONTEXT_0);
    var _ = data.optional(CONTEXT_1);
    boolean signed = data.next(Der.SET).children().hasNext();
    data.end();
    return new CatalogFile(file, CatalogList.parse(list.encoded()), signed);
  }

  /** The catalog without signatures and certificates, as makecat writes it. */
  public Bytes unsigned() {
    Bytes content =
        DerWriter.sequence(
            DerWriter.oid(CatalogList.CONTENT_TYPE), DerWriter.explicit(0, list.der()));
    Bytes none = DerWriter.element(DerWriter.SET);
    Bytes data = DerWriter.sequence(DerWriter.integer(1), none, content, none);
    return DerWriter.sequence(DerWriter.oid(SIGNED_DATA), DerWriter.explicit(0, data));
  }
}
