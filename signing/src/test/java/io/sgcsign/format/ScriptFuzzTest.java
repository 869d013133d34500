// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Hostile scripts: verified, stripped and signed. The first byte of an input says what kind it is
 * to be taken for, as a file's name does.
 */
public final class ScriptFuzzTest implements FuzzTarget {
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(9));
  private static final List<String> KINDS =
      List.of("ps1", "psm1", "psd1", "ps1xml", "psc1", "cdxml", "mof", "vbs", "js", "wsf");
  private static final Signer SIGNER =
      CannedSigner.of(
          Samples.FORMAT,
          SAMPLES.leaf,
          SAMPLES.unstamped(Bytes.utf8("x = 1\r\n"), Map.of("kind", "vbs"), SAMPLES.leaf));
  private static final ScriptFuzzTest TARGET = new ScriptFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      var _ = TARGET.read(Bytes.wrap(input));
    }
  }

  private static SignatureFormat format(String kind) {
    boolean old = List.of("vbs", "js", "wsf").contains(kind);
    return Formats.byName(old ? "authenticode" : "powershell").orElseThrow();
  }

  @Override
  public String read(Bytes input) {
    String kind = KINDS.get((input.at(0) & 0xff) % KINDS.size());
    var artifact = Artifact.of(input.slice(1, input.size()));
    SignatureFormat format = format(kind);
    Options options = Options.of(format.descriptor(), Map.of("kind", kind));
    // what begins like a Windows script file is one, whatever its name says
    if (format.recognise(artifact, "x." + kind).filter(k -> k.name().equals(kind)).isPresent()) {
      change(format, artifact, options);
    }
    try {
      return format
          .verify(artifact, options, SAMPLES.policy())
          .status()
          .name()
          .toLowerCase(Locale.ROOT);
    } catch (ArtifactException e) {
      return FuzzTarget.refusal(e);
    }
  }

  /** What could be signed has one signature, and without it is signed to the same bytes again. */
  private static void change(SignatureFormat format, Artifact artifact, Options options) {
    try {
      var first = new Asked(SIGNER);
      Artifact signed = signed(format, artifact, options, first);
      assertThat(format.blocks(signed)).hasSize(1);
      Artifact bare = signed.with(format.remove(signed).orElseThrow());
      var second = new Asked(SIGNER);
      Artifact again = signed(format, bare, options, second);
      assertThat(second.digests).isEqualTo(first.digests);
      assertThat(again.read(0, (int) again.size())).isEqualTo(signed.read(0, (int) signed.size()));
    } catch (ArtifactException e) {
      var _ = FuzzTarget.refusal(e);
    }
  }

  private static Artifact signed(
      SignatureFormat format, Artifact artifact, Options options, Signer signer) {
    if (format.sign(artifact, options, signer) instanceof Signed.Patched patched) {
      return artifact.with(patched.patch());
    }
    throw new AssertionError("Authenticode patches");
  }

  /** Remembers what was to be signed. */
  private record Asked(Signer signer, List<Digest> digests) implements Signer {
    Asked(Signer signer) {
      this(signer, new ArrayList<>());
    }

    @Override
    public SigningContext context() {
      return signer.context();
    }

    @Override
    public SignatureBlock sign(Imprint imprint) {
      digests.add(imprint.digest());
      return signer.sign(imprint);
    }
  }

  private static Seed seed(String name, String outcome, String kind, byte[] text) {
    byte[] tag = {(byte) KINDS.indexOf(kind)};
    return new Seed(name, outcome, Bytes.concat(Bytes.wrap(tag), Bytes.wrap(text)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<Seed> seeds() {
    var seeds = new ArrayList<Seed>();
    for (String kind : KINDS) {
      SignatureFormat format = format(kind);
      byte[] text = utf8(kind.equals("wsf") ? "<job>\u00e4</job>\r\n" : "x = '\u00e4'\r\n");
      Options options = Options.of(format.descriptor(), Map.of("kind", kind));
      var signer = TestSigner.of(format, options, SAMPLES.leaf, Optional.empty(), Optional.empty());
      Artifact signed = signed(format, Artifact.of(Bytes.wrap(text)), options, signer);
      byte[] bytes = signed.read(0, (int) signed.size()).toArray();
      seeds.add(seed(kind, "unsigned", kind, text));
      seeds.add(seed(kind + " signed", "valid", kind, bytes));
      byte[] changed = bytes.clone();
      changed[Bytes.wrap(bytes).toUtf8().indexOf("MII") + 40] =
          (byte) 0xe4; // no UTF-8, in the block
      seeds.add(seed(kind + " changed", "invalid", kind, changed));
    }
    seeds.add(seed("UTF-16", "unsigned", "ps1", "\ufeffx".getBytes(StandardCharsets.UTF_16LE)));
    seeds.add(seed("nothing", "SGC-ARTIFACT-EMPTY", "ps1", new byte[0]));
    seeds.add(
        seed(
            "no end of the block",
            "SGC-ARTIFACT-TRUNCATED",
            "ps1",
            utf8("x\r\n# SIG # Begin signature block\r\n# AAAA\r\n")));
    return seeds;
  }
}
