// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Judges signed manifests without our code: patterns cut, {@code xmllint} canonicalizes, {@code
 * openssl} verifies. {@code xmlsec1} does not know the SHA-256 names of ClickOnce, but those of
 * SHA-1.
 */
public final class ManifestOracle {
  private final Path folder;
  private final Path root;
  private int files;

  /**
   * @param root PEM of the root that signer and time-stamp authority chain to
   */
  public ManifestOracle(Path folder, Path root) {
    this.folder = folder;
    this.root = root;
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("oracle" + files++), content);
  }

  private static String text(Bytes file) {
    String text = new String(file.toArray(), StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static String first(String pattern, String text) {
    Matcher found = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(found.groupCount());
  }

  /** Exclusive canonicalization by libxml2, which keeps comments where signatures do not. */
  private byte[] canonical(String xml) throws IOException {
    Path in = write(xml.replaceAll("(?s)<!--.*?-->", "").getBytes(StandardCharsets.UTF_8));
    String out = Tool.require("xmllint").succeed("--exc-c14n", in);
    return out.getBytes(StandardCharsets.ISO_8859_1); // what Tool decoded with
  }

  private static byte[] sha(String algorithm, byte[] content) {
    try {
      return MessageDigest.getInstance(algorithm).digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Verifies the SignedInfo of {@code signature} under the key of a certificate. */
  private Path signatureValue(String signature, Path publicKey) throws IOException {
    Path octets = write(canonical(first("(<SignedInfo.*?</SignedInfo>)", signature)));
    Path value = write(Base64.getDecoder().decode(first("<SignatureValue>([^<]+)", signature)));
    String out =
        Tool.require("openssl")
            .succeed("dgst", "-sha256", "-verify", publicKey, "-signature", value, octets);
    assertThat(out).contains("Verified OK");
    return value;
  }

  /** Insists that both signatures, the licence, the token and the stamp are good. */
  public void judge(Bytes signed, boolean stamped) throws IOException {
    String xml = text(signed);
    int from = xml.indexOf("<Signature Id=\"StrongNameSignature\"");
    int to = xml.lastIndexOf("</Signature>") + "</Signature>".length();
    String outer = xml.substring(from, to);
    String license = first("(<r:license.*</r:license>)", outer);
    String inner = first("(<Signature Id=\"AuthenticodeSignature\".*?</Signature>)", license);
    Path publicKey = publicKey(inner);

    byte[] digest = sha("SHA-256", canonical(xml.substring(0, from) + xml.substring(to)));
    assertThat(first("<DigestValue>([^<]+)</DigestValue></Reference>", outer))
        .isEqualTo(Base64.getEncoder().encodeToString(digest));
    signatureValue(outer, publicKey);
    byte[] licensed = sha("SHA-256", canonical(license.replace(inner, "")));
    assertThat(first("<DigestValue>([^<]+)</DigestValue></Reference>", inner))
        .isEqualTo(Base64.getEncoder().encodeToString(licensed));
    Path value = signatureValue(inner, publicKey);

    assertThat(first("ManifestInformation Hash=\"([0-9a-f]+)\"", license))
        .isEqualTo(HexFormat.of().formatHex(reversed(digest)));
    assertThat(first("assemblyIdentity[^>]*publicKeyToken=\"([0-9a-f]+)\"", xml))
        .isEqualTo(token(publicKey));
    if (stamped) {
      Path token = write(Base64.getDecoder().decode(first("<as:Timestamp[^>]*>([^<]+)", inner)));
      Tool.require("openssl")
          .succeed("ts", "-verify", "-data", value, "-in", token, "-token_in", "-CAfile", root);
    } else {
      assertThat(inner).doesNotContain("Timestamp");
    }
  }

  /** The key of the first certificate in a signature. */
  private Path publicKey(String signature) throws IOException {
    Path certificate =
        write(
            ("-----BEGIN CERTIFICATE-----\n"
                    + first("<X509Certificate>([^<]+)", signature)
                        .replaceAll("(.{64})(?=.)", "$1\n")
                    + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII));
    return write(
        Tool.require("openssl")
            .succeed("x509", "-in", certificate, "-noout", "-pubkey")
            .getBytes(StandardCharsets.US_ASCII));
  }

  /** Has xmlsec1 verify both signatures of a manifest signed with SHA-1. */
  public void judgeLegacy(Bytes signed) throws IOException {
    String xml = text(signed);
    Path publicKey = publicKey(xml);
    xmlsec(xml, publicKey);
    xmlsec(first("(<r:license.*</r:license>)", xml), publicKey);
  }

  private void xmlsec(String xml, Path publicKey) throws IOException {
    Path file = write(xml.getBytes(StandardCharsets.UTF_8));
    var result =
        Tool.require("xmlsec1")
            .run("--verify", "--pubkey-pem", publicKey, "--enabled-key-data", "rsa", file);
    assertThat(result.ok()).as(result.output()).isTrue();
    assertThat(result.output()).contains("SignedInfo References (ok/all): 1/1");
  }

  /** Insists that a manifest names a file's size and SHA-256 together. */
  public static void names(Bytes manifest, Bytes file) {
    String digest = Base64.getEncoder().encodeToString(sha("SHA-256", file.toArray()));
    String size = "size=\"" + file.size() + "\"";
    assertThat(text(manifest)).containsSubsequence(size, digest);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = bytes[bytes.length - 1 - i];
    }
    return out;
  }

  /** ECMA-335 §II.6.2.1.3 over the modulus openssl prints. */
  private static String token(Path publicKey) {
    String printed =
        Tool.require("openssl").succeed("rsa", "-pubin", "-in", publicKey, "-noout", "-modulus");
    byte[] modulus = new BigInteger(first("Modulus=([0-9A-F]+)", printed), 16).toByteArray();
    String key = HexFormat.of().formatHex(reversed(modulus)).replaceAll("00$", "");
    int bytes = key.length() / 2;
    String blob =
        "0024000004800000"
            + little(20 + bytes)
            + "06020000"
            + "00240000"
            + "52534131"
            + little(8 * bytes)
            + little(65537)
            + key;
    byte[] digest = sha("SHA-1", HexFormat.of().parseHex(blob));
    return HexFormat.of().formatHex(reversed(digest)).substring(0, 16);
  }

  private static String little(int number) {
    return "%08x".formatted(Integer.reverseBytes(number));
  }
}
