// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Judges signed extensions without our code: {@code xmlsec1} verifies the signature part, {@code
 * openssl} the time stamp and every part's digest, the JDK unpacks.
 */
public final class ExtensionOracle {
  private static final Pattern REFERENCE =
      Pattern.compile(
          "<Reference URI=\"/([^\"?]+)\\?ContentType=([^\"]+)\">.*?<DigestValue>([^<]+)</DigestValue>");
  private final Path folder;
  private final Path root;

  /**
   * @param root PEM of the root that signer and time-stamp authority chain to
   */
  public ExtensionOracle(Path folder, Path root) {
    this.folder = folder;
    this.root = root;
  }

  private static String first(String pattern, String text) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(1);
  }

  /** Insists on a good signature over all parts. */
  public void judge(Bytes signed, boolean stamped) throws IOException {
    Path file = Files.write(folder.resolve("oracle.vsix"), signed.toArray());
    try (var zip = new ZipFile(file.toFile())) {
      var signature =
          zip.stream().filter(e -> e.getName().endsWith(".psdsxs")).findFirst().orElseThrow();
      byte[] xml = zip.getInputStream(signature).readAllBytes();
      Path part = Files.write(folder.resolve("oracle.psdsxs"), xml);
      String text = new String(xml, StandardCharsets.UTF_8);
      Path leaf = folder.resolve("leaf.pem");
      Files.writeString(
          leaf,
          "-----BEGIN CERTIFICATE-----\n"
              + first("<X509Certificate>([^<]+)", text).replaceAll("(.{64})(?=.)", "$1\n")
              + "\n-----END CERTIFICATE-----\n");
      String out =
          Tool.require("xmlsec1")
              .succeed(
                  "--verify",
                  "--ignore-manifests",
                  "--id-attr:Id",
                  "http://www.w3.org/2000/09/xmldsig#:Object",
                  "--pubkey-cert-pem",
                  leaf,
                  "--enabled-key-data",
                  "rsa",
                  part);
      assertThat(out).contains("SignedInfo References (ok/all): 1/1");
      parts(zip, text, signature.getName());
      stamp(text, stamped);
    }
  }

  private void parts(ZipFile zip, String text, String signature) throws IOException {
    List<String> covered = new ArrayList<>();
    Matcher reference = REFERENCE.matcher(text.substring(text.indexOf("<Manifest>")));
    while (reference.find()) {
      String name = URLDecoder.decode(reference.group(1), StandardCharsets.UTF_8);
      byte[] content = zip.getInputStream(zip.getEntry(name)).readAllBytes();
      Path part = Files.write(folder.resolve("oracle.part"), content);
      Path digest = folder.resolve("oracle.digest");
      Tool.require("openssl").succeed("dgst", "-sha256", "-binary", "-out", digest, part);
      assertThat(Base64.getEncoder().encodeToString(Files.readAllBytes(digest)))
          .as(name)
          .isEqualTo(reference.group(3));
      covered.add(name);
    }
    assertThat(zip.stream().map(e -> e.getName()).toList())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(covered.stream(), Stream.of("[Content_Types].xml", signature)).toList());
  }

  private void stamp(String text, boolean stamped) throws IOException {
    if (!stamped) {
      assertThat(text).doesNotContain("TimeStamp");
      return;
    }
    Path value = folder.resolve("oracle.value");
    Files.write(value, Base64.getDecoder().decode(first("<SignatureValue>([^<]+)", text)));
    Path token = folder.resolve("oracle.token");
    Files.write(token, Base64.getDecoder().decode(first("<EncodedTime>([^<]+)", text)));
    Tool.require("openssl")
        .succeed("ts", "-verify", "-data", value, "-in", token, "-token_in", "-CAfile", root);
  }
}
