// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.ImprintException;
import io.sgcsign.signature.ToBeSigned;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A server that sees only the bytes to be signed signs nothing but what the schemes have signed.
 */
final class ApkImprintTest {
  private final Samples samples = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private final Issued key =
      samples.ca.issue(LeafProfile.codeSigning("Imprint TEST", KeyType.EC_P256, samples.now));
  private final Options options = Options.of(ApkSamples.FORMAT.descriptor(), Map.of("v4", "true"));
  private final TestSigner signer = TestSigner.of(ApkSamples.FORMAT, options, key);
  private final List<Imprint> asked = asked(Map.of("v4", "true"));

  private List<Imprint> asked(Map<String, String> values) {
    Options chosen = Options.of(ApkSamples.FORMAT.descriptor(), values);
    var one = TestSigner.of(ApkSamples.FORMAT, chosen, key);
    var _ = ApkSamples.FORMAT.sign(Artifact.of(ApkSamples.apk(21)), chosen, one);
    return one.asked();
  }

  private static Bytes data(Imprint imprint) {
    return Bytes.fromBase64(imprint.facts().getOrDefault("signed_data", ""));
  }

  private static Imprint with(Imprint good, String scheme, Bytes data) {
    return new Imprint(
        good.format(),
        good.kind(),
        Digest.of(DigestAlgorithm.SHA256, data),
        good.artifact(),
        good.signer(),
        List.of(),
        new TreeMap<>(Map.of("scheme", scheme, "signed_data", data.toBase64())));
  }

  private void refuses(Imprint imprint) {
    assertThatThrownBy(() -> ApkSamples.FORMAT.toBeSigned(imprint, options, signer.context()))
        .isInstanceOf(ImprintException.class);
  }

  @Test
  void signsTheBytesOfEachScheme() {
    assertThat(asked)
        .extracting(i -> i.facts().get("scheme"))
        .containsExactly("v1", "v2", "v3", "v4");
    for (Imprint imprint : asked) {
      assertThat(ApkSamples.FORMAT.toBeSigned(imprint, options, signer.context()))
          .isEqualTo(new ToBeSigned.Message(data(imprint), DigestAlgorithm.SHA256));
    }
  }

  @Test
  void refusesEveryByteThatIsNoneOfTheStructure() {
    for (Imprint good : asked) {
      String scheme = good.facts().getOrDefault("scheme", "");
      Bytes data = data(good);
      for (String other : List.of("v1", "v2", "v3", "v4", "")) {
        if (!other.equals(scheme)) {
          refuses(with(good, other, data));
        }
      }
      refuses(with(good, scheme, Bytes.EMPTY));
      refuses(with(good, scheme, Bytes.concat(data, Bytes.utf8("x"))));
      refuses(with(good, scheme, Bytes.concat(Bytes.utf8("x"), data)));
      refuses(with(good, scheme, data.slice(0, data.size() - 3)));
      refuses(with(good, scheme, Bytes.concat(data, data)));
      refuses(with(good, scheme, Bytes.wrap(new byte[9 << 20])));
    }
  }

  /** In v2 and v3 all but the digest and its algorithm is fixed. */
  @Test
  void refusesEveryOtherCertificateLengthAndAttribute() {
    for (Imprint good : asked.subList(1, 3)) {
      Bytes data = data(good);
      String scheme = good.facts().getOrDefault("scheme", "");
      int digestEnd = 16 + 32;
      int refused = 0;
      for (int at = digestEnd; at < data.size(); at++) {
        byte[] changed = data.toArray();
        changed[at] ^= 1;
        try {
          var _ =
              ApkSamples.FORMAT.toBeSigned(
                  with(good, scheme, Bytes.wrap(changed)), options, signer.context());
          assertThat(scheme).isEqualTo("v3"); // SDK versions
        } catch (ImprintException _) {
          refused++;
        }
      }
      assertThat(refused).isGreaterThanOrEqualTo(data.size() - digestEnd - 8);
    }
  }

  /** In v4 all but the APK's size, root hash and digest is fixed. */
  @Test
  void refusesEveryOtherByteOfV4() {
    Imprint good = asked.getLast();
    Bytes data = data(good);
    int size = 4; // eight bytes
    int root = size + 8 + 4 + 1 + 4 + 4;
    int digest = root + 32 + 4;
    for (int at = 0; at < data.size(); at++) {
      boolean free = in(at, size, 8) || in(at, root, 32) || in(at, digest, 32);
      byte[] changed = data.toArray();
      changed[at] ^= 1;
      if (!free) {
        refuses(with(good, "v4", Bytes.wrap(changed)));
      }
    }
  }

  private static boolean in(int at, int from, int length) {
    return at >= from && at < from + length;
  }

  @Test
  void refusesV4OfAnotherCertificate() {
    Issued other =
        samples.ca.issue(LeafProfile.codeSigning("Imprint TEST", KeyType.EC_P256, samples.now));
    var context = TestSigner.of(ApkSamples.FORMAT, options, other).context();
    assertThatThrownBy(() -> ApkSamples.FORMAT.toBeSigned(asked.getLast(), options, context))
        .isInstanceOf(ImprintException.class);
  }

  @Test
  void refusesSignatureFilesThatSayMore() {
    Imprint v1 = asked.getFirst();
    String text = data(v1).toUtf8();
    for (String changed :
        List.of(
            text.replace("Signature-Version: 1.0", "Signature-Version: 2.0"),
            text.replace("Created-By", "X-Evil"),
            text.replace("Name: classes.dex", "Name: classes.dex\r\nX-Evil: 1"),
            text.replace("SHA-256-Digest:", "SHA1-Digest:"))) {
      assertThat(changed).isNotEqualTo(text);
      refuses(with(v1, "v1", Bytes.utf8(changed)));
    }
  }

  @Test
  void refusesSchemesThatWereNotAskedFor() {
    Options only = Options.of(ApkSamples.FORMAT.descriptor(), Map.of("schemes", "v2"));
    assertThat(asked.getLast().facts()).containsEntry("scheme", "v4");
    for (Imprint imprint : List.of(asked.getFirst(), asked.getLast())) {
      assertThatThrownBy(() -> ApkSamples.FORMAT.toBeSigned(imprint, only, signer.context()))
          .isInstanceOf(ImprintException.class)
          .hasMessageContaining("was not asked for");
    }
  }
}
