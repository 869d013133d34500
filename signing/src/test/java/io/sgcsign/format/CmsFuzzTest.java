// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.layout.cms.SignedDataEdit;
import io.sgcsign.layout.pe.PeBuilder;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.TrustStore;
import io.sgcsign.tool.FuzzTarget;
import io.sgcsign.tool.SeededRandom;
import io.sgcsign.verify.CachedPaths;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.CmsVerifier;
import io.sgcsign.verify.PathFinder;
import io.sgcsign.verify.TokenVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Hostile signatures: in a program that they may fit, as a time stamp, taken apart and nested. */
public final class CmsFuzzTest implements FuzzTarget {
  private static final String TOKEN = "1.3.6.1.4.1.311.3.3.1";
  private static final Samples SAMPLES =
      new Samples(Instant.parse("2026-11-21T12:00:00Z"), new SeededRandom(2));
  private static final PeBuilder PE = PeBuilder.x64();
  private static final Bytes PROGRAM = PE.build();
  private static final Bytes PLAIN = block(SAMPLES.unstamped(PROGRAM, Map.of(), SAMPLES.leaf));
  private static final PathFinder PATHS =
      new CachedPaths(TrustStore.of(SAMPLES.policy().anchors()));
  private static final CmsFuzzTest TARGET = new CmsFuzzTest();

  /** Jazzer's way in. */
  public static void fuzzerTestOneInput(byte[] input) {
    var _ = TARGET.read(Bytes.wrap(input));
  }

  private static Bytes block(Bytes signed) {
    return Samples.FORMAT.blocks(Artifact.of(signed)).getFirst();
  }

  /** The program with this signature; a checksum is not asked for. */
  private static Bytes embedded(Bytes signature) {
    Bytes padding = Bytes.wrap(new byte[-signature.size() & 7]);
    long length = 8L + signature.size() + padding.size();
    return PE.withTable(PROGRAM, PeBuilder.entry(length, Bytes.concat(signature, padding)));
  }

  @Override
  public String read(Bytes input) {
    var stamp = TokenVerifier.judge(input, a -> Digest.of(a, PLAIN).value(), PATHS, List.of());
    assertThat(stamp).isNotNull();
    edit(input);
    try {
      CmsStructure cms = CmsStructure.parse(input);
      assertThat(CmsVerifier.hiddenData(cms)).isNotNull();
      var verifier = new CmsVerifier(SAMPLES.policy());
      assertThat(verifier.judge("0", cms, cms.digested(), List.of())).isNotNull();
    } catch (ArtifactException e) {
      assertThat(e.code()).isEqualTo("SGC-ARTIFACT-MALFORMED");
    }
    try {
      return SAMPLES.verify(embedded(input)).status().name().toLowerCase(Locale.ROOT);
    } catch (ArtifactException e) {
      return e.code();
    }
  }

  /** What can be edited says afterwards what it said before. */
  private static void edit(Bytes input) {
    SignedDataEdit edit;
    try {
      edit = SignedDataEdit.parse(input);
    } catch (ArtifactException e) {
      assertThat(e.code()).isEqualTo("SGC-ARTIFACT-MALFORMED");
      return;
    }
    int nested = edit.nested().size();
    var more = SignedDataEdit.parse(edit.nest(PLAIN).der());
    assertThat(more.nested()).hasSize(nested + 1).endsWith(PLAIN);
    var none = SignedDataEdit.parse(more.withoutNested().der());
    assertThat(none.nested()).isEmpty();
    assertThat(SignedDataEdit.parse(edit.der()).der()).isEqualTo(edit.der());
  }

  @Override
  public List<Seed> seeds() {
    Bytes stamped = block(SAMPLES.stamped(PROGRAM, Map.of("page_hashes", "true")));
    Bytes dual = block(SAMPLES.stamped(PROGRAM, Map.of("hash", "sha1,sha256")));
    Bytes token = SignedDataEdit.parse(stamped).unsignedAttribute(TOKEN).getFirst();
    Bytes deep = PLAIN;
    for (int i = 0; i < 6; i++) {
      deep = SignedDataEdit.parse(PLAIN).nest(deep).der();
    }
    Bytes indefinite = Bytes.EMPTY;
    for (int i = 0; i < 200; i++) {
      indefinite = Bytes.concat(Bytes.fromHex("3080"), indefinite, Bytes.fromHex("0000"));
    }
    Bytes twoSigners = SignedDataEdit.parse(dual).nest(token).der();
    return List.of(
        new Seed("plain", "valid", PLAIN),
        new Seed("stamped with page hashes", "valid", stamped),
        new Seed("dual", "valid", dual),
        new Seed(
            "another program's",
            "invalid",
            block(SAMPLES.stamped(PeBuilder.x86().build(), Map.of()))),
        new Seed("a token", "invalid", token),
        new Seed("a token nested", "invalid", twoSigners),
        new Seed("seven in one another", "SGC-ARTIFACT-MALFORMED", deep),
        new Seed("200 without length", "invalid", indefinite),
        new Seed("cut", "invalid", PLAIN.slice(0, 99)),
        new Seed("no SignedData", "invalid", DerWriter.sequence(DerWriter.oid("1.2.3"))),
        new Seed("length of 4 GiB", "invalid", Bytes.fromHex("3084ffffffff0101")),
        new Seed(
            "nothing in it",
            "invalid",
            DerWriter.sequence(
                DerWriter.oid(CmsStructure.SIGNED_DATA),
                DerWriter.explicit(0, DerWriter.sequence()))),
        new Seed("no entry", "SGC-ARTIFACT-MALFORMED", Bytes.EMPTY));
  }
}
