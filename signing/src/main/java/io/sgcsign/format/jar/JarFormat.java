// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.jar;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.ImprintCheck;
import io.sgcsign.format.Option;
import io.sgcsign.format.Option.Needed;
import io.sgcsign.format.OptionException;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.layout.cms.AttributeValues;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipEdit;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.signature.ToBeSigned.Attribute;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Signed JAR files (JAR File Specification, "Signed JAR File"): manifest and signature file are
 * ours, what is signed is the digest of the signature file.
 */
public final class JarFormat implements SignatureFormat {
  static final String NAME = "jar";

  /** id-data (RFC 5652 §4). */
  static final String DATA = "1.2.840.113549.1.7.1";

  private static final String SIGNER_NAME = "signer_name";
  private static final String APPEND = "append";

  /** Characters (JAR File Specification, "Signature File"). */
  private static final int MAX_NAME = 8;

  private static final Pattern SIGNER = Pattern.compile("[A-Z0-9_-]{1,8}");

  private static final FormatDescriptor.Kind JAR = kind("jar", "Java libraries and programs");
  private static final FormatDescriptor.Kind WAR = kind("war", "Java web applications");
  private static final FormatDescriptor.Kind EAR = kind("ear", "Java enterprise applications");
  private static final FormatDescriptor.Kind AAB = kind("aab", "Android app bundles");
  private static final List<FormatDescriptor.Kind> KINDS = List.of(JAR, WAR, EAR, AAB);

  private static final FormatDescriptor DESCRIPTOR =
      new FormatDescriptor(
          NAME,
          "Signed JAR files",
          KINDS,
          List.of(
              Option.choice(
                  Options.HASH,
                  List.of("sha256", "sha384", "sha512"),
                  "sha256",
                  Needed.BOTH,
                  "File digest."),
              Option.choice(
                  Options.EXISTING,
                  List.of("replace", APPEND),
                  "replace",
                  Needed.CLIENT,
                  "What happens to signatures the file already has."),
              new Option(
                  SIGNER_NAME,
                  Option.Type.TEXT,
                  List.of(),
                  "SGCSIGN",
                  MAX_NAME,
                  false,
                  Needed.CLIENT,
                  "JAR only: name of the signature file, 1 to 8 of A-Z, 0-9, _ and -.")),
          List.of(),
          1,
          true,
          true);

  private static FormatDescriptor.Kind kind(String name, String description) {
    return new FormatDescriptor.Kind(name, List.of(name), description);
  }

  @Override
  public FormatDescriptor descriptor() {
    return DESCRIPTOR;
  }

  /** An archive with a manifest, classes or a bundle's configuration; no package, no APK. */
  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    try {
      ZipFile zip = ZipFile.parse(artifact);
      boolean another =
          zip.entry("AndroidManifest.xml").isPresent()
              || zip.entry("[Content_Types].xml").isPresent();
      boolean java =
          zip.entries().stream()
              .anyMatch(e ->
                  e.name().equals(JarArchive.MANIFEST)
                      || e.name().endsWith(".class")
                      || e.name().equals("BundleConfig.pb"));
      return java && !another ? Optional.of(kindOf(zip)) : Optional.empty();
    } catch (ArtifactException _) {
      return Optional.empty(); // the question was only whether
    }
  }

  private static FormatDescriptor.Kind kindOf(ZipFile zip) {
    if (zip.entry("BundleConfig.pb").isPresent()) {
      return AAB;
    }
    if (zip.entry("META-INF/application.xml").isPresent()) {
      return EAR;
    }
    boolean web = zip.entries().stream().anyMatch(e -> e.name().startsWith("WEB-INF/"));
    return web ? WAR : JAR;
  }

  @Override
  public Signed sign(Artifact artifact, Options options, Signer signer) {
    JarArchive jar = JarArchive.parse(artifact);
    String wanted = options.text(SIGNER_NAME).orElse("SGCSIGN");
    if (!SIGNER.matcher(wanted).matches()) {
      throw new OptionException(SIGNER_NAME, false, "signer_name is 1 to 8 of A-Z, 0-9, _ and -");
    }
    DigestAlgorithm hash = options.hash();
    boolean append =
        options.text(Options.EXISTING).filter(APPEND::equals).isPresent()
            && !jar.signatureFiles().isEmpty();
    var writer = new ManifestWriter(jar);
    writer.requireSignable();
    var made = new Made(append, append ? writer.unchanged() : writer.signed(hash), hash);
    SigningContext context = signer.context();
    String base = "META-INF/" + (append ? freeName(jar, wanted) : wanted);
    // whether there is room for it shall be known before the key is used
    Bytes room = Bytes.wrap(new byte[context.maxBlockSize()]);
    var _ = made.patch(jar, base, room, context);
    var imprint =
        new Imprint(
            NAME,
            kindOf(jar.zip()).name(),
            Digest.of(hash, made.signatureFile()),
            artifact.digest(DigestAlgorithm.SHA256),
            context.chain().fingerprint(),
            List.of(),
            new TreeMap<>());
    return switch (signer.sign(imprint)) {
      case SignatureBlock.Cms cms -> new Signed.Patched(made.patch(jar, base, cms.der(), context));
      case SignatureBlock.Value _, SignatureBlock.Xml _ ->
          throw new IllegalStateException("The signer answered with no CMS structure");
    };
  }

  /** What goes into the archive besides the block. */
  private record Made(boolean append, Bytes manifest, Bytes signatureFile) {
    Made(boolean append, Bytes manifest, DigestAlgorithm hash) {
      this(append, manifest, ManifestWriter.signatureFile(manifest, hash));
    }

    Patch patch(JarArchive jar, String base, Bytes block, SigningContext context) {
      ZipEdit edit = jar.zip().edit().remove(JarArchive.MANIFEST);
      if (!append) {
        jar.signatureEntries().forEach(edit::remove);
      }
      boolean rsa = context.algorithm().scheme() != SignatureAlgorithm.Scheme.ECDSA;
      Instant time = context.time();
      return edit.putFirst(NewEntry.deflated(JarArchive.MANIFEST, manifest, time))
          .putFirst(NewEntry.deflated(base + JarArchive.SIGNATURE_FILE, signatureFile, time))
          .putFirst(NewEntry.stored(base + (rsa ? ".RSA" : ".EC"), block, time))
          .patch();
    }
  }

  /** A name that no signature has yet: the wanted one, or its beginning with a number. */
  private static String freeName(JarArchive jar, String wanted) {
    var taken =
        jar.signatureFiles().stream()
            .map(e -> e.name().toUpperCase(Locale.ROOT))
            .collect(Collectors.toSet());
    String name = wanted;
    for (int i = 2; taken.contains("META-INF/" + name + JarArchive.SIGNATURE_FILE); i++) {
      String number = Integer.toString(i);
      name = wanted.substring(0, Math.min(wanted.length(), MAX_NAME - number.length())) + number;
    }
    return name;
  }

  @Override
  public Optional<Patch> remove(Artifact artifact) {
    JarArchive jar = JarArchive.parse(artifact);
    ZipEdit edit = jar.zip().edit();
    jar.signatureEntries().forEach(edit::remove);
    Optional<Bytes> manifest = new ManifestWriter(jar).stripped();
    if (!jar.manifest().isEmpty() && !manifest.equals(Optional.of(jar.manifestBytes()))) {
      edit.remove(JarArchive.MANIFEST);
      // the time of MS-DOS's beginning: no clock is asked for what nobody signs
      manifest.ifPresent(
          m -> edit.putFirst(NewEntry.deflated(JarArchive.MANIFEST, m, Instant.EPOCH)));
    }
    return Optional.of(edit.patch());
  }

  @Override
  public ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context) {
    ImprintCheck.insist(DESCRIPTOR, imprint, options, context);
    require(
        imprint.facts().isEmpty() && imprint.parts().isEmpty(),
        "An imprint of a JAR file has neither facts nor parts");
    return new ToBeSigned.DetachedCms(
        DATA,
        imprint.digest(),
        List.of(
            new Attribute(
                AttributeValues.SIGNING_TIME,
                List.of(AttributeValues.signingTime(context.time())))),
        ToBeSigned.TimestampSlot.CMS_SIGNATURE_TIMESTAMP);
  }

  @Override
  public VerificationReport verify(
      Artifact artifact, Optional<Artifact> content, VerificationPolicy policy) {
    return new JarVerification(JarArchive.parse(artifact), policy).run();
  }

  @Override
  public List<Bytes> blocks(Artifact artifact) {
    JarArchive jar = JarArchive.parse(artifact);
    return jar.signatureFiles().stream()
        .flatMap(f -> jar.block(f).stream())
        .map(jar::readBlock)
        .toList();
  }
}
