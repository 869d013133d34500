// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.PackageZip;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Makes packages and bundles as MakeAppx does, sound and, on request, unsound. */
public final class AppxBuilder {
  private static final Map<DigestAlgorithm, String> METHODS =
      Map.of(
          DigestAlgorithm.SHA256, "http://www.w3.org/2001/04/xmlenc#sha256",
          DigestAlgorithm.SHA384, "http://www.w3.org/2001/04/xmldsig-more#sha384",
          DigestAlgorithm.SHA512, "http://www.w3.org/2001/04/xmlenc#sha512");

  private final String publisher;
  private final Map<String, Bytes> files = new LinkedHashMap<>();
  private final Map<String, Bytes> packages = new LinkedHashMap<>();
  private final Map<String, Bytes> unmapped = new LinkedHashMap<>();
  private DigestAlgorithm hash = DigestAlgorithm.SHA256;
  private PackageZip.Flavour flavour = PackageZip.Flavour.ZIP64;
  private UnaryOperator<String> map = t -> t;
  private UnaryOperator<String> manifest = t -> t;
  private UnaryOperator<String> types = t -> t;

  private AppxBuilder(String publisher) {
    this.publisher = publisher;
  }

  /** A package with a program, a picture, an empty file and a name that has to be encoded. */
  public static AppxBuilder app(String publisher) {
    return new AppxBuilder(publisher)
        .file("App.exe", noise(150_000))
        .file("Assets\\Logo.png", noise(3_000))
        .file("Assets\\empty.txt", Bytes.EMPTY)
        .file("Assets\\a [b]%.txt", Bytes.utf8("The quick brown fox. ".repeat(9_000)));
  }

  /** A package of a few kilobytes. */
  public static AppxBuilder small(String publisher) {
    return new AppxBuilder(publisher)
        .file("App.exe", noise(2_000))
        .file("Assets\\empty.txt", Bytes.EMPTY);
  }

  public static AppxBuilder bundle(String publisher) {
    return new AppxBuilder(publisher)
        .member("App_x64.msix", small(publisher).build())
        .member("App_arm64.msix", small(publisher).file("more.bin", noise(900)).build());
  }

  private static Bytes noise(int size) {
    byte[] out = new byte[size];
    new Random(size).nextBytes(out);
    return Bytes.wrap(out);
  }

  public AppxBuilder file(String name, Bytes content) {
    files.put(name, content);
    return this;
  }

  public AppxBuilder member(String name, Bytes content) {
    packages.put(name, content);
    return this;
  }

  /** An entry that the block map does not know. */
  public AppxBuilder unmapped(String entry, Bytes content) {
    unmapped.put(entry, content);
    return this;
  }

  public AppxBuilder hash(DigestAlgorithm algorithm) {
    hash = algorithm;
    return this;
  }

  public AppxBuilder flavour(PackageZip.Flavour value) {
    flavour = value;
    return this;
  }

  public AppxBuilder blockMap(UnaryOperator<String> change) {
    map = change;
    return this;
  }

  public AppxBuilder manifest(UnaryOperator<String> change) {
    manifest = change;
    return this;
  }

  public AppxBuilder contentTypes(UnaryOperator<String> change) {
    types = change;
    return this;
  }

  public Bytes build() {
    var zip = new PackageZip(flavour);
    var blocks = new StringBuilder();
    packages.forEach(zip::stored);
    for (var file : files.entrySet()) {
      put(zip, blocks, file.getKey(), file.getValue());
    }
    if (packages.isEmpty()) {
      put(zip, blocks, "AppxManifest.xml", Bytes.utf8(manifest.apply(packageManifest())));
    } else {
      Bytes text = Bytes.utf8(manifest.apply(bundleManifest(zip)));
      put(zip, blocks, "AppxMetadata\\AppxBundleManifest.xml", text);
    }
    unmapped.forEach(zip::deflated);
    zip.deflated("AppxBlockMap.xml", Bytes.utf8(map.apply(blockMap(blocks))));
    zip.deflated("[Content_Types].xml", Bytes.utf8(types.apply(contentTypes())));
    return zip.build();
  }

  private void put(PackageZip zip, StringBuilder blocks, String name, Bytes content) {
    PackageZip.Written written = zip.deflated(encoded(name), content);
    blocks.append(
        "<File Name=\"%s\" Size=\"%d\" LfhSize=\"%d\">"
            .formatted(name, content.size(), written.header()));
    for (int i = 0; i < written.blocks().size(); i++) {
      int from = i * PackageZip.BLOCK;
      Bytes block = content.slice(from, Math.min(from + PackageZip.BLOCK, content.size()));
      blocks.append(
          "<Block Hash=\"%s\" Size=\"%d\"/>"
              .formatted(Digest.of(hash, block).value().toBase64(), written.blocks().get(i)));
    }
    blocks.append("</File>");
  }

  private static String encoded(String name) {
    return name.replace("%", "%25")
        .replace("[", "%5B")
        .replace("]", "%5D")
        .replace(" ", "%20")
        .replace('\\', '/');
  }

  private String blockMap(StringBuilder blocks) {
    return """
    <?xml version="1.0" encoding="UTF-8" standalone="no"?>
    <BlockMap xmlns="http://schemas.microsoft.com/appx/2010/blockmap" HashMethod="%s">%s</BlockMap>
    """
        .formatted(METHODS.get(hash), blocks);
  }

  private String packageManifest() {
    return """
    \ufeff<?xml version="1.0" encoding="utf-8"?>
    <Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10">
      <Identity Name="Example.App" Publisher="%s" Version="1.2.3.4" ProcessorArchitecture="x64"/>
      <Properties><DisplayName>Example</DisplayName></Properties>
    </Package>
    """
        .formatted(publisher.replace("&", "&amp;").replace("\"", "&quot;"));
  }

  private String bundleManifest(PackageZip zip) {
    var list = new StringBuilder();
    packages.forEach((name, content) ->
        list.append(
            "<Package Type=\"application\" FileName=\"%s\" Offset=\"%d\" Size=\"%d\"/>"
                .formatted(name, zip.dataAt(name), content.size())));
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <Bundle xmlns="http://schemas.microsoft.com/appx/2013/bundle" SchemaVersion="5.0">
      <Identity Name="Example.App" Publisher="%s" Version="1.2.3.4"/><Packages>%s</Packages>
    </Bundle>
    """
        .formatted(publisher.replace("&", "&amp;").replace("\"", "&quot;"), list);
  }

  private static String contentTypes() {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
    <Default Extension="exe" ContentType="application/x-msdownload"/>\
    <Default Extension="png" ContentType="image/png"/>\
    <Default Extension="bin" ContentType="application/octet-stream"/>\
    <Default Extension="cat" ContentType="application/vnd.ms-pkiseccat"/>\
    <Default Extension="txt" ContentType="text/plain"/>\
    <Default Extension="msix" ContentType="application/vnd.ms-appx"/>\
    <Default Extension="xml" ContentType="application/vnd.ms-appx.manifest+xml"/>\
    <Override PartName="/AppxBlockMap.xml" ContentType="application/vnd.ms-appx.blockmap+xml"/>\
    </Types>
    """;
  }
}
