// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An app package (MSIX) as other packers than MakeAppx write it: stored, sizes in the headers. */
final class AppPackage {
  /** Bytes of a block of the block map. */
  private static final int BLOCK = 64 * 1024;

  /** Bytes of a local header without the name. */
  private static final int HEADER = 30;

  private final StringBuilder map = new StringBuilder();

  private AppPackage() {}

  /** Something that writes a file's content, always the same. */
  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes one with {@code mib} MiB of noise.
   *
   * @param publisher the subject of who will sign it, as Windows writes it
   */
  static void write(Path file, int mib, String publisher) throws IOException {
    var made = new AppPackage();
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      made.mapped(zip, "noise.bin", out -> SampleFiles.noise(out, mib));
      made.mapped(zip, "AppxManifest.xml", manifest(publisher)::writeTo);
      put(zip, "AppxBlockMap.xml", made.blockMap()::writeTo);
      put(zip, "[Content_Types].xml", contentTypes()::writeTo);
    }
  }

  private void mapped(ZipOutputStream zip, String name, Content content) throws IOException {
    long size = put(zip, name, content);
    map.append(
        "<File Name=\"%s\" Size=\"%d\" LfhSize=\"%d\">"
            .formatted(name, size, HEADER + name.length()));
    try (var blocks = new Blocks()) {
      content.writeTo(blocks);
    }
    map.append("</File>");
  }

  private static long put(ZipOutputStream zip, String name, Content content) throws IOException {
    var sum = new Sum();
    content.writeTo(sum);
    var entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(sum.size);
    entry.setCrc(sum.crc.getValue());
    zip.putNextEntry(entry);
    content.writeTo(zip);
    zip.closeEntry();
    return sum.size;
  }

  /** What a header says about content. */
  private static final class Sum extends OutputStream {
    private final CRC32 crc = new CRC32();
    private long size;

    @Override
    public void write(int b) {
      crc.update(b);
      size++;
    }

    @Override
    public void write(byte[] data, int offset, int length) {
      crc.update(data, offset, length);
      size += length;
    }
  }

  /** Notes the digest of every block. */
  private final class Blocks extends OutputStream {
    private final byte[] block = new byte[BLOCK];
    private int filled;

    @Override
    public void write(int b) {
      block[filled++] = (byte) b;
      if (filled == BLOCK) {
        close();
      }
    }

    @Override
    public void close() {
      if (filled > 0) {
        String digest = Digest.sha256(Bytes.of(block, 0, filled)).value().toBase64();
        map.append("<Block Hash=\"").append(digest).append("\"/>");
        filled = 0;
      }
    }
  }

  private Bytes blockMap() {
    return xml(
        "<BlockMap xmlns=\"http://schemas.microsoft.com/appx/2010/blockmap\""
            + " HashMethod=\"http://www.w3.org/2001/04/xmlenc#sha256\">"
            + map
            + "</BlockMap>");
  }

  private static Bytes manifest(String publisher) {
    return xml(
        """
        <Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10">
          <Identity Name="Noise" Publisher="%s" Version="1.0.0.0" ProcessorArchitecture="x64"/>
          <Properties><DisplayName>Noise</DisplayName></Properties>
        </Package>
        """
            .formatted(publisher.replace("&", "&amp;").replace("\"", "&quot;")));
  }

  private static Bytes contentTypes() {
    return xml(
        """
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
          <Default Extension="bin" ContentType="application/octet-stream"/>
          <Default Extension="xml" ContentType="application/vnd.ms-appx.manifest+xml"/>
          <Override PartName="/AppxBlockMap.xml"
              ContentType="application/vnd.ms-appx.blockmap+xml"/>
        </Types>
        """);
  }

  private static Bytes xml(String text) {
    return Bytes.wrap(
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text).getBytes(StandardCharsets.UTF_8));
  }
}
