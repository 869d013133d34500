// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipBuilder;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Hostile extensions: verified, signed, stripped, and what is signed read again. An archive is
 * seldom changed into another archive, so an input that is none is taken for the signature part of
 * one, the XML that is parsed, transformed and canonicalised.
 */
public final class VsixFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(8));
  private static final SignatureFormat FORMAT = ExtensionSamples.FORMAT;
  private static final Issued ISSUED = ExtensionSamples.signer(SAMPLES);
  private static final Bytes FILE = ExtensionSamples.withRelationships();
  private static final Bytes SIGNED =
      ExtensionSamples.sign(FILE, Map.of(), ISSUED, Optional.empty());
  private static final String PART = part(SIGNED);
  private static final Options OPTIONS = Options.of(FORMAT.descriptor(), Map.of());
  private static final Signer SIGNER =
      new CannedSigner(
          TestSigner.of(FORMAT, OPTIONS, ISSUED).context(),
          new SignatureBlock.Xml(Bytes.wrap(new byte[256]), Optional.empty()));
  private static final VsixFuzzTest TARGET = new VsixFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  private static String part(Bytes archive) {
    return ZipFile.parse(Artifact.of(archive)).entries().stream()
        .map(ZipEntry::name)
        .filter(n -> n.endsWith(".psdsxs"))
        .findFirst()
        .orElseThrow();
  }

  private static Bytes xml() {
    ZipFile zip = ZipFile.parse(Artifact.of(SIGNED));
    return zip.read(zip.entry(PART).orElseThrow(), 1 << 20);
  }

  /** The signed sample with another file in it. */
  private static Bytes with(String name, Bytes content) {
    var artifact = Artifact.of(SIGNED);
    var edit = ZipFile.parse(artifact).edit().remove(name);
    var out = artifact.with(edit.putLast(NewEntry.stored(name, content, SAMPLES.now)).patch());
    return out.read(0, (int) out.size());
  }

  @Override
  public String read(Bytes input) {
    boolean archive = input.size() > 1 && input.at(0) == 'P' && input.at(1) == 'K';
    Bytes file = archive ? input : with(PART, input);
    sign(file);
    try {
      return ExtensionSamples.verify(file, SAMPLES.policy())
          .status()
          .name()
          .toLowerCase(Locale.ROOT);
    } catch (ArtifactException e) {
      return FuzzTarget.refusal(e);
    }
  }

  /** Every file with its size, but for the two that signing adds to and that are written anew. */
  private static Map<String, Long> parts(Bytes archive) {
    return ZipFile.parse(Artifact.of(archive)).entries().stream()
        .filter(e -> !List.of("[Content_Types].xml", "_rels/.rels").contains(e.name()))
        .collect(Collectors.toMap(ZipEntry::name, ZipEntry::size));
  }

  /** What can be signed can be read again, has one signature, and loses it again. */
  private static void sign(Bytes input) {
    try {
      Bytes bare = ExtensionSamples.removed(input);
      assertThat(ExtensionSamples.removed(bare)).isEqualTo(bare);
      Bytes out = PackageSamples.apply(input, FORMAT.sign(Artifact.of(input), OPTIONS, SIGNER));
      var report = ExtensionSamples.verify(out, SAMPLES.policy());
      assertThat(report.signatures()).hasSize(1);
      assertThat(report.valid()).as("a canned signature").isFalse();
      assertThat(parts(ExtensionSamples.removed(out))).isEqualTo(parts(bare));
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    }
  }

  @Override
  public List<Seed> seeds() {
    String xml = xml().toUtf8();
    String type = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">]>";
    String head = xml.substring(0, xml.indexOf("<Signature"));
    int end = SIGNED.size() - 22;
    var seeds = new ArrayList<Seed>();
    seeds.add(new Seed("extension", "unsigned", FILE));
    seeds.add(new Seed("signed", "valid", SIGNED));
    seeds.add(
        new Seed(
            "stamped",
            "valid",
            ExtensionSamples.sign(FILE, Map.of(), ISSUED, Optional.of(SAMPLES.tsa))));
    seeds.add(new Seed("signature", "valid", Bytes.utf8(xml)));
    seeds.add(
        new Seed("another digest", "invalid", changed(xml, "<DigestValue>", "<DigestValue>AAAA")));
    seeds.add(
        new Seed(
            "another value", "invalid", changed(xml, "<SignatureValue>", "<SignatureValue>A")));
    seeds.add(
        new Seed("other transform", "invalid", changed(xml, "Algorithm=\"", "Algorithm=\"x")));
    seeds.add(new Seed("entities", "invalid", changed(xml, "<Signature ", type + "<Signature ")));
    seeds.add(new Seed("deep", "invalid", Bytes.utf8(head + "<a>".repeat(5_000))));
    seeds.add(new Seed("twice", "invalid", Bytes.utf8(xml + xml.substring(head.length()))));
    seeds.add(new Seed("no XML", "invalid", Bytes.utf8("plain text")));
    seeds.add(new Seed("nothing", "invalid", Bytes.EMPTY));
    String rels = "_rels/.rels";
    seeds.add(new Seed("relationships of rubbish", "invalid", with(rels, Bytes.utf8("<r"))));
    seeds.add(
        new Seed(
            "types of rubbish",
            "SGC-ARTIFACT-MALFORMED",
            with("[Content_Types].xml", Bytes.utf8("<T"))));
    seeds.add(
        new Seed(
            "manifest of rubbish", "invalid", with("extension.vsixmanifest", Bytes.utf8("<"))));
    seeds.add(new Seed("part that nobody signed", "invalid", with("evil.dll", Bytes.utf8("MZ"))));
    seeds.add(
        new Seed(
            "no extension",
            "SGC-ARTIFACT-UNRECOGNISED",
            new ZipBuilder().deflated("a", "a").comment("c").build()));
    seeds.add(new Seed("cut", "SGC-ARTIFACT-TRUNCATED", SIGNED.slice(0, 300)));
    seeds.add(new Seed("far", "SGC-ARTIFACT-MALFORMED", ZipBuilder.u32(SIGNED, end + 16, -2)));
    return seeds;
  }

  private static Bytes changed(String xml, String from, String to) {
    assertThat(xml).contains(from);
    return Bytes.utf8(xml.replaceFirst(from, to));
  }
}
