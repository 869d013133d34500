// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.SignatureReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a repository puts into an author's signature. */
final class CounterSigningTest {
  private static final Samples SAMPLES = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private static final SignatureFormat FORMAT = PackageSamples.FORMAT;
  private static final Issued AUTHOR = PackageSamples.signer(SAMPLES);
  private static final Issued GALLERY =
      SAMPLES.ca.issue(LeafProfile.codeSigning("Gallery TEST", KeyType.RSA_2048, SAMPLES.now));
  private static final Map<String, String> AS_GALLERY =
      Map.of("service_index", "https://gallery.example/v3/index.json", "owners", "acme, zo\u00eb");
  private static final Bytes AUTHORED =
      PackageSamples.sign(PackageSamples.nupkg(), Map.of(), AUTHOR, Optional.of(SAMPLES.tsa));

  private static Bytes countersign(Bytes file) {
    return PackageSamples.sign(file, AS_GALLERY, GALLERY, Optional.of(SAMPLES.tsa));
  }

  private static VerificationReport verify(Bytes file) {
    return PackageSamples.verify(file, SAMPLES.policy());
  }

  private static CMSSignedData cms(Bytes file) throws CMSException {
    return new CMSSignedData(PackageSamples.block(file).toArray());
  }

  @Test
  void keepsTheAuthorsSignatureAndAddsTheRepositorys() throws CMSException {
    Bytes file = countersign(AUTHORED);

    VerificationReport report = verify(file);

    assertThat(report.status()).as("%s", report).isEqualTo(Status.VALID);
    assertThat(report.signatures())
        .extracting(SignatureReport::path)
        .containsExactly("0", "0.counter.0");
    assertThat(report.signatures().getLast().timestamp()).isPresent();
    assertThat(report.signatures().getLast().checks())
        .anyMatch(c -> c.detail().contains("gallery.example") && c.detail().contains("zo\u00eb"));
    assertThat(cms(file).getSignerInfos().iterator().next().getSignature())
        .isEqualTo(cms(AUTHORED).getSignerInfos().iterator().next().getSignature());
  }

  @Test
  void makesACounterSignatureThatBouncyCastleVerifies()
      throws CMSException, OperatorCreationException {
    SignerInformation author = cms(countersign(AUTHORED)).getSignerInfos().iterator().next();
    SignerInformation repository = author.getCounterSignatures().iterator().next();

    assertThat(author.getCounterSignatures().size()).isEqualTo(1);
    assertThat(
            repository.verify(
                new JcaSimpleSignerInfoVerifierBuilder().build(GALLERY.certificate())))
        .isTrue();
    assertThat(author.verify(new JcaSimpleSignerInfoVerifierBuilder().build(AUTHOR.certificate())))
        .isTrue();
  }

  @Test
  void givesTheBlocksBackAsTheyWereMade() {
    Options options = Options.of(FORMAT.descriptor(), AS_GALLERY);
    var signer =
        TestSigner.of(FORMAT, options, GALLERY, Optional.empty(), Optional.of(SAMPLES.tsa));
    var made = new ArrayList<SignatureBlock>();
    Signer watched =
        new Signer() {
          @Override
          public SigningContext context() {
            return signer.context();
          }

          @Override
          public SignatureBlock sign(Imprint imprint) {
            made.add(signer.sign(imprint));
            return made.getLast();
          }
        };
    Bytes file =
        PackageSamples.apply(AUTHORED, FORMAT.sign(Artifact.of(AUTHORED), options, watched));

    List<Bytes> blocks = FORMAT.blocks(Artifact.of(file));

    assertThat(blocks).hasSize(2);
    assertThat(blocks.getFirst()).isEqualTo(PackageSamples.block(AUTHORED));
    assertThat(made).containsExactly(new SignatureBlock.Cms(blocks.getLast()));
  }

  @Test
  void replacesItsOwnCounterSignatureAndAddsNoSecond() {
    Bytes once = countersign(AUTHORED);
    Bytes file = once;
    for (int i = 0; i < 5; i++) {
      file = countersign(file);
      assertThat(verify(file).valid()).isTrue();
      assertThat(verify(file).signatures()).hasSize(2);
    }
    Map<String, String> append = new TreeMap<>(AS_GALLERY);
    append.put("existing", "append");
    assertThat(
            verify(PackageSamples.sign(AUTHORED, append, GALLERY, Optional.empty())).signatures())
        .hasSize(2);
    assertThatThrownBy(() -> PackageSamples.sign(once, append, GALLERY, Optional.empty()))
        .isInstanceOf(SignerException.Refused.class)
        .hasMessageContaining("counter-signature");
    assertThat(PackageSamples.removed(file)).isEqualTo(PackageSamples.nupkg());
  }

  @Test
  void signsAsARepositoryWhatNoAuthorSigned() {
    VerificationReport report = verify(countersign(PackageSamples.nupkg()));

    assertThat(report.valid()).isTrue();
    assertThat(report.signatures()).hasSize(1);
    assertThat(report.primary().orElseThrow().checks())
        .anyMatch(c -> c.detail().startsWith("repository signature of https://gallery.example"));
  }

  @Test
  void vouchesForNothingThatItsAuthorDidNotSign() {
    byte[] changed = AUTHORED.toArray();
    changed[11] ^= 1; // the time of an entry
    assertThatThrownBy(() -> countersign(Bytes.wrap(changed)))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("changed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://gallery.example/", "gallery", "https://g\u00e4.example/", "https:// x"})
  void refusesAddressesThatNugetWouldNotTake(String index) {
    assertThatThrownBy(() ->
            PackageSamples.sign(
                AUTHORED, Map.of("service_index", index), GALLERY, Optional.empty()))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("https");
  }

  @Test
  void refusesOwnersOfNothing() {
    for (Map<String, String> wrong :
        List.of(
            Map.of("owners", "acme"),
            Map.of("owners", "a,,b", "service_index", "https://gallery.example/"))) {
      assertThatThrownBy(() -> PackageSamples.sign(AUTHORED, wrong, GALLERY, Optional.empty()))
          .isInstanceOf(OptionException.class);
    }
  }
}
