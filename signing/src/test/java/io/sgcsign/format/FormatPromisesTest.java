// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.pki.WindowsName;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the descriptor and every kind of every format promises, besides {@link FormatsContractTest}.
 */
final class FormatPromisesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Issued RSA =
      TestAuthority.simple(KeyType.EC_P256, NOW, new SecureRandom())
          .issue(LeafProfile.codeSigning("Promises TEST", KeyType.RSA_2048, NOW));
  private static final String HUGE = "x".repeat(1 << 20);

  static List<SignatureFormat> formats() {
    return Formats.ALL;
  }

  static Stream<KindSample> kinds() {
    String publisher = WindowsName.of(RSA.certificate().getSubjectX500Principal()).toString();
    return KindSample.all(publisher);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void describesItselfWhole(SignatureFormat format) {
    FormatDescriptor descriptor = format.descriptor();
    assertThat(descriptor.name()).matches("[a-z][a-z0-9]*");
    assertThat(descriptor.title()).isNotBlank().doesNotContain("\n");
    assertThat(descriptor.maxAsks()).isPositive();
    assertThat(descriptor.kinds()).isNotEmpty();
    assertThat(descriptor.kinds()).extracting(FormatDescriptor.Kind::name).doesNotHaveDuplicates();
    for (FormatDescriptor.Kind kind : descriptor.kinds()) {
      assertThat(kind.name()).matches("[a-z][a-z0-9]*");
      assertThat(kind.description()).isNotBlank().doesNotEndWith(".");
      assertThat(kind.extensions()).isNotEmpty().allMatch(e -> e.matches("[a-z0-9]+"));
    }
    assertThat(descriptor.options()).extracting(Option::name).doesNotHaveDuplicates();
    for (Option option : descriptor.options()) {
      assertThat(option.name()).matches("[a-z][a-z0-9_]*");
      assertThat(option.help()).as(option.name()).endsWith(".").doesNotContain("\n");
      assertThat(option.maxLength()).as(option.name()).isBetween(1, 10_000);
      if (!option.defaultValue().isEmpty()) {
        assertThat(Options.of(descriptor, Map.of(option.name(), option.defaultValue())).values())
            .containsEntry(option.name(), option.defaultValue());
      }
    }
    assertThat(descriptor.options())
        .filteredOn(o -> o.name().equals(Options.EXISTING))
        .singleElement()
        .extracting(Option::values)
        .isEqualTo(List.of("replace", "append"));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void refusesEmptyHugeAndUnknownOptions(SignatureFormat format) {
    FormatDescriptor descriptor = format.descriptor();
    for (Option option : descriptor.options()) {
      for (String bad : List.of("", HUGE, "a\nb", "a\u0000b", ",")) {
        refused(descriptor, option.name(), bad, option);
      }
    }
    for (String unknown : List.of("", "no_such_option", "HASH", HUGE)) {
      assertThatThrownBy(() -> Options.of(descriptor, Map.of(unknown, "x")))
          .isInstanceOf(OptionException.class);
    }
  }

  private static void refused(
      FormatDescriptor descriptor, String name, String value, Option option) {
    if (option.type() == Option.Type.TEXT && value.equals(",")) {
      return; // a text may be a comma
    }
    assertThatThrownBy(() -> Options.of(descriptor, Map.of(name, value)))
        .as(name)
        .isInstanceOf(OptionException.class);
  }

  private static Bytes sign(KindSample sample, Bytes file) {
    SignatureFormat format = Formats.byName(sample.format()).orElseThrow();
    var artifact = Artifact.of(file);
    var options = Options.named(format, artifact, sample.name());
    var patch =
        ((Signed.Patched) format.sign(artifact, options, TestSigner.of(format, options, RSA)))
            .patch();
    var signed = artifact.with(patch);
    return signed.read(0, (int) signed.size());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void signingAgainIsReplacing(KindSample sample) {
    Bytes once = sign(sample, sample.file());
    assertThat(once).isNotEqualTo(sample.file());
    assertThat(sign(sample, once)).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isRecognisedAsItsKind(KindSample sample) {
    SignatureFormat format = Formats.byName(sample.format()).orElseThrow();
    for (Bytes file : List.of(sample.file(), sign(sample, sample.file()))) {
      assertThat(format.recognise(Artifact.of(file), sample.name()))
          .map(FormatDescriptor.Kind::name)
          .hasValue(sample.kind());
    }
  }
}
