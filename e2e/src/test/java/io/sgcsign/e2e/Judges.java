// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.ExtensionOracle;
import io.sgcsign.format.ManifestOracle;
import io.sgcsign.format.NugetContentHash;
import io.sgcsign.pki.Issued;
import io.sgcsign.tool.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.zip.ZipFile;
import net.jsign.DigestAlgorithm;
import net.jsign.Signable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;

/**
 * Programs that we did not write and that judge signed files. Each method fails unless its program
 * accepts the file.
 *
 * @param folder to write to
 * @param root PEM of the root that signers and time-stamp authority chain to
 * @param store PKCS #12 of that root and the signers, as jarsigner wants it
 */
record Judges(Path folder, Path root, Path store) {
  private static final String PASSWORD = "changeit";
  static final Path JARSIGNER = Path.of(System.getProperty("java.home"), "bin/jarsigner");

  static Judges of(Path folder, TestPki pki, Issued... signers) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("root", pki.authority().root());
      for (Issued signer : signers) {
        store.setCertificateEntry("s" + store.size(), signer.certificate());
      }
      Path file = folder.resolve("trust.p12");
      try (var out = Files.newOutputStream(file)) {
        store.store(out, PASSWORD.toCharArray());
      }
      return new Judges(folder, pki.rootFile(folder), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Path written(Bytes signed, String extension) throws IOException {
    return Files.write(folder.resolve("judged." + extension), signed.toArray());
  }

  /** osslsigncode, for programs, packages of Windows and PowerShell's scripts; what it said. */
  String osslsigncode(Bytes signed, String extension) throws IOException {
    String said =
        Tool.require("osslsigncode")
            .succeed(
                "verify", "-CAfile", root, "-TSA-CAfile", root, "-in", written(signed, extension));
    assertThat(said).contains("Signature verification: ok").doesNotContain("MISMATCH");
    return said;
  }

  /** sbverify, for firmware, which holds several signatures beside each other. */
  void sbverify(Bytes signed, int signatures) throws IOException {
    Path file = written(signed, "efi");
    var tool = Tool.require("sbverify");
    assertThat(tool.succeed("--cert", root, file)).contains("Signature verification OK");
    assertThat(tool.succeed("--list", file))
        .contains("signature " + signatures)
        .doesNotContain("signature " + (signatures + 1));
  }

  /**
   * osslsigncode 2.9 knows no such scripts, jsign no verifying: it reads and digests them.
   *
   * @return how many signatures it found
   */
  int jsign(Bytes signed, String extension) throws IOException {
    try (Signable signable =
        Signable.of(written(signed, extension).toFile(), StandardCharsets.UTF_8)) {
      List<CMSSignedData> all = signable.getSignatures();
      for (CMSSignedData each : all) {
        var signature = new CMSSignedData(each.toASN1Structure());
        assertThat(ASN1Sequence.getInstance(signature.getSignedContent().getContent()))
            .isEqualTo(
                ASN1Sequence.getInstance(signable.createIndirectData(DigestAlgorithm.SHA256)));
      }
      return all.size();
    } catch (CMSException e) {
      throw new AssertionError(e);
    }
  }

  /** openssl and NuGet's way of hashing. */
  void nuget(Bytes signed) throws IOException {
    Path block = folder.resolve("judged.p7s");
    try (var zip = new ZipFile(written(signed, "nupkg").toFile())) {
      var entry = zip.getEntry(".signature.p7s");
      Files.write(block, zip.getInputStream(entry).readAllBytes());
    }
    Path content = folder.resolve("judged.txt");
    Tool.require("openssl")
        .succeed(
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-in",
            block,
            "-CAfile",
            root,
            "-purpose",
            "any",
            "-binary",
            "-out",
            content);
    assertThat(Files.readString(content))
        .endsWith("-Hash:" + NugetContentHash.of(signed, "SHA-256") + "\n\n");
  }

  /** xmllint and openssl. */
  void clickonce(Bytes signed, boolean stamped) throws IOException {
    new ManifestOracle(folder, root).judge(signed, stamped);
  }

  /** xmlsec1 and openssl. */
  void vsix(Bytes signed, boolean stamped) throws IOException {
    new ExtensionOracle(folder, root).judge(signed, stamped);
  }

  /** The JDK's jarsigner, strict. */
  void jarsigner(Bytes signed, boolean stamped) throws IOException {
    String said =
        Tool.require("env")
            .succeed(
                JARSIGNER,
                "-verify",
                "-strict",
                "-verbose",
                "-certs",
                "-keystore",
                store,
                "-storepass",
                PASSWORD,
                written(signed, "jar"));
    assertThat(said)
        .contains("jar verified.")
        .doesNotContain("unsigned", "invalid", "nonexistent", "weak", "disabled", "untrusted");
    assertThat(said.contains("Timestamped by \"CN=e2e TSA")).as(said).isEqualTo(stamped);
  }

  /** Android's apksigner. */
  void apksigner(Bytes signed) throws IOException {
    String said =
        Tool.require("apksigner")
            .succeed("verify", "--min-sdk-version", "24", "-v", written(signed, "apk"));
    assertThat(said)
        .contains("Verifies", "v2 scheme (APK Signature Scheme v2): true")
        .contains("v3 scheme (APK Signature Scheme v3): true", "Number of signers: 1");
  }
}
