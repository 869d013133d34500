// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.format.apk.ApkProvider;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.WindowsName;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.verify.VerificationPolicy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A process that signs one file with the library and a key of its own, as osslsigncode does: {@code
 * KIND PFX IN OUT [verify]}. What the command line does besides is the request.
 */
final class LocalSign implements Signer {
  private final SignatureFormat format;
  private final Options options;
  private final SoftwareKey key;
  private final SignatureAssembler assembler;
  private final SigningContext context;

  private LocalSign(
      SignatureFormat format, Options options, CertificateChain chain, PrivateKey key) {
    CryptoBackend backend = CryptoBackend.select(new SecureRandom());
    this.format = format;
    this.options = options;
    this.key = SoftwareKey.of(chain, key, backend);
    this.assembler = new SignatureAssembler(backend);
    this.context =
        new SigningContext(
            chain,
            this.key.algorithms().iterator().next(),
            Instant.now(),
            Bytes.wrap(new byte[32]),
            64 * 1024);
  }

  public static void main(String[] args) throws IOException, GeneralSecurityException {
    LargeFile kind = LargeFile.valueOf(args[0]);
    LocalSign signer = of(kind.format(), Path.of(args[1]), kind.options());
    signer.sign(Path.of(args[2]), Path.of(args[3]));
    if (args.length > 4) {
      signer.verify(Path.of(args[3]));
    }
  }

  /** Signs in {@code format} with the key of a PFX file. */
  static LocalSign of(String format, Path pfx, Map<String, String> options)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    char[] password = Identities.PASSWORD.toCharArray();
    try (var in = Files.newInputStream(pfx)) {
      store.load(in, password);
    }
    String alias = store.aliases().nextElement();
    var chain =
        new CertificateChain(
            Arrays.stream(store.getCertificateChain(alias))
                .map(X509Certificate.class::cast)
                .toList());
    ApkProvider.register();
    SignatureFormat chosen = Formats.byName(format).orElseThrow();
    return new LocalSign(
        chosen,
        Options.of(chosen.descriptor(), options),
        chain,
        (PrivateKey) store.getKey(alias, password));
  }

  /** The subject of the key, as Windows writes it. */
  String publisher() {
    return WindowsName.of(context.chain().leaf().getSubjectX500Principal()).toString();
  }

  void sign(Path in, Path out) throws IOException {
    try (Artifact artifact = Artifact.open(in);
        FileChannel to =
            FileChannel.open(out, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (format.sign(artifact, options, this) instanceof Signed.Patched patched) {
        artifact.with(patched.patch()).copyTo(to);
      }
    }
  }

  void verify(Path file) throws IOException {
    List<X509Certificate> anchors = List.of(context.chain().certificates().getLast());
    try (Artifact artifact = Artifact.open(file)) {
      var report =
          format.verify(
              artifact, Optional.empty(), VerificationPolicy.of(anchors, Instant.now(), Set.of()));
      if (!report.valid()) {
        throw new IOException("Not valid: " + report);
      }
    }
  }

  @Override
  public SigningContext context() {
    return context;
  }

  @Override
  public SignatureBlock sign(Imprint imprint) {
    return assembler
        .assemble(c -> format.toBeSigned(imprint, options, c), context, key, new Stamping.None())
        .block();
  }
}
