// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.apk.ApkProvider;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.pki.Issued;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Android packages with the least a manifest can say, and signed ones. */
public final class ApkSamples {
  static final SignatureFormat FORMAT = Formats.byName("apk").orElseThrow();

  private static final int NONE = -1;
  private static final int RES_STRING_POOL = 0x0001;
  private static final int RES_XML = 0x0003;
  private static final int RES_XML_RESOURCE_MAP = 0x0180;
  private static final int RES_XML_START_ELEMENT = 0x0102;
  private static final int RES_XML_END_ELEMENT = 0x0103;
  private static final int MIN_SDK_VERSION = 0x0101020c;
  private static final int TYPE_STRING = 0x03;
  private static final int TYPE_INT = 0x10;

  static {
    ApkProvider.register();
  }

  private ApkSamples() {}

  /** An APK for Android SDK {@code minSdk} and newer. */
  public static Bytes apk(int minSdk) {
    byte[] library = new byte[9000];
    new Random(3).nextBytes(library);
    return apk(minSdk, Bytes.wrap(library));
  }

  /** One of another size. */
  static Bytes withLibrary(Bytes library) {
    return apk(24, library);
  }

  private static Bytes apk(int minSdk, Bytes library) {
    return new ZipBuilder()
        .deflated("AndroidManifest.xml", manifest(minSdk))
        .deflated("classes.dex", "dex\n035 and more".repeat(200))
        .deflated("META-INF/services/acme.Service", "acme.Main")
        .stored("lib/arm64-v8a/libacme.so", library)
        .stored("resources.arsc", Bytes.utf8("resources"))
        .build();
  }

  /** One without files that scheme v1 does not cover. */
  static Bytes covered(int minSdk) {
    return new ZipBuilder()
        .deflated("AndroidManifest.xml", manifest(minSdk))
        .deflated("classes.dex", "dex\n035 and more".repeat(200))
        .build();
  }

  /** {@code <manifest package="acme.app"><uses-sdk minSdkVersion="…"/></manifest>}, compiled. */
  static Bytes manifest(int minSdk) {
    List<String> strings = List.of("minSdkVersion", "package", "acme.app", "manifest", "uses-sdk");
    Bytes pool = pool(strings);
    Bytes map = chunk(RES_XML_RESOURCE_MAP, 8, ints(MIN_SDK_VERSION));
    Bytes manifest = element(3, attribute(1, 2, TYPE_STRING, 2));
    Bytes sdk = element(4, attribute(0, NONE, TYPE_INT, minSdk));
    return chunk(RES_XML, 8, Bytes.concat(pool, map, manifest, sdk, end(4), end(3)));
  }

  private static Bytes pool(List<String> strings) {
    var offsets = new int[strings.size()];
    Bytes data = Bytes.EMPTY;
    for (int i = 0; i < offsets.length; i++) {
      String text = strings.get(i);
      offsets[i] = data.size();
      ByteBuffer out = little(4 + 2 * text.length());
      out.putShort((short) text.length());
      out.put(text.getBytes(StandardCharsets.UTF_16LE));
      data = Bytes.concat(data, bytes(out));
    }
    data = Bytes.concat(data, Bytes.wrap(new byte[-data.size() & 3]));
    int start = 28 + 4 * offsets.length;
    Bytes header = ints(offsets.length, 0, 0, start, 0);
    return chunk(RES_STRING_POOL, 28, Bytes.concat(header, ints(offsets), data));
  }

  private static Bytes element(int name, Bytes attribute) {
    ByteBuffer out = little(28);
    out.putInt(1).putInt(NONE).putInt(NONE).putInt(name);
    out.putShort((short) 20).putShort((short) 20).putShort((short) 1);
    return chunk(RES_XML_START_ELEMENT, 16, Bytes.concat(bytes(out), attribute));
  }

  private static Bytes end(int name) {
    return chunk(RES_XML_END_ELEMENT, 16, ints(1, NONE, NONE, name));
  }

  private static Bytes attribute(int name, int raw, int type, int value) {
    ByteBuffer out = little(20);
    out.putInt(NONE).putInt(name).putInt(raw);
    out.putShort((short) 8).put((byte) 0).put((byte) type).putInt(value);
    return bytes(out);
  }

  /** A chunk whose header has {@code header} bytes, the first eight of which are added here. */
  private static Bytes chunk(int type, int header, Bytes rest) {
    ByteBuffer out = little(8);
    out.putShort((short) type).putShort((short) header).putInt(8 + rest.size());
    return Bytes.concat(bytes(out), rest);
  }

  private static Bytes ints(int... values) {
    ByteBuffer out = little(4 * values.length);
    for (int value : values) {
      out.putInt(value);
    }
    return bytes(out);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Bytes bytes(ByteBuffer buffer) {
    byte[] out = new byte[buffer.capacity()];
    buffer.rewind().get(out);
    return Bytes.wrap(out);
  }

  static Bytes sign(Bytes file, Map<String, String> options, Issued issued) {
    Options checked = Options.of(FORMAT.descriptor(), options);
    var signer = TestSigner.of(FORMAT, checked, issued);
    return PackageSamples.apply(file, FORMAT.sign(Artifact.of(file), checked, signer));
  }

  static Bytes removed(Bytes file) {
    var artifact = Artifact.of(file);
    var out = artifact.with(FORMAT.remove(artifact).orElseThrow());
    return out.read(0, (int) out.size());
  }

  static VerificationReport verify(Bytes file, VerificationPolicy policy) {
    return FORMAT.verify(Artifact.of(file), Optional.empty(), policy);
  }
}
