// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.pki.PathResult.NoPath;
import io.sgcsign.pki.PathResult.OutsideValidity;
import io.sgcsign.pki.PathResult.Trusted;
import io.sgcsign.pki.PathResult.Unfit;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

final class PathBuilderTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private final SecureRandom random = new SecureRandom();
  private final TestAuthority ca =
      TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, NOW, true, null), random);
  private final Issued issued = ca.issue(profile());
  private final X509Certificate leaf = issued.certificate();
  private final List<X509Certificate> pool = issued.chain().certificates();
  private final TrustStore root = TrustStore.of(List.of(ca.root()));

  private static LeafProfile profile() {
    return LeafProfile.codeSigning("Someone TEST", KeyType.EC_P256, NOW);
  }

  @Test
  void findsThePathThroughAnIntermediate() {
    var result = PathBuilder.find(leaf, pool, root, NOW);
    assertThat(result).isEqualTo(new Trusted(pool));
  }

  @Test
  void findsThePathThoughThePoolIsShuffledAndFullOfNamesakes() {
    var crowded = new ArrayList<X509Certificate>();
    for (int i = 0; i < 5; i++) {
      var other =
          TestAuthority.create(new TestAuthority.Setup(KeyType.EC_P256, NOW, true, null), random);
      crowded.addAll(other.issue(profile()).chain().certificates());
    }
    crowded.addAll(pool.reversed());
    assertThat(PathBuilder.find(leaf, crowded, root, NOW)).isEqualTo(new Trusted(pool));
  }

  @Test
  void findsNoPathWithoutTheIntermediateOrTheAnchor() {
    assertThat(PathBuilder.find(leaf, List.of(), root, NOW)).isInstanceOf(NoPath.class);
    assertThat(PathBuilder.find(leaf, pool, TrustStore.of(List.of()), NOW))
        .isInstanceOf(NoPath.class);
  }

  @Test
  void findsNoPathToANamesakeOfTheAnchor() {
    var namesake = TestAuthority.simple(KeyType.EC_P256, NOW, random).root();
    assertThat(namesake.getSubjectX500Principal()).isEqualTo(ca.root().getSubjectX500Principal());
    assertThat(PathBuilder.find(leaf, pool, TrustStore.of(List.of(namesake)), NOW))
        .isInstanceOf(NoPath.class);
  }

  @Test
  void takesAnIntermediateAsAnchor() {
    var result = PathBuilder.find(leaf, pool, TrustStore.of(List.of(pool.get(1))), NOW);
    assertThat(result).isEqualTo(new Trusted(pool.subList(0, 2)));
  }

  @Test
  void trustsALeafThatIsItselfAnAnchor() {
    var self = ca.issue(profile().signedByItself()).certificate();
    assertThat(PathBuilder.find(self, List.of(), TrustStore.of(List.of(self)), NOW))
        .isEqualTo(new Trusted(List.of(self)));
    assertThat(PathBuilder.find(leaf, List.of(), TrustStore.of(List.of(leaf)), NOW))
        .isEqualTo(new Trusted(List.of(leaf)));
    assertThat(PathBuilder.find(self, List.of(self), root, NOW)).isInstanceOf(NoPath.class);
  }

  @Test
  void tellsWhenTheLifeIsOverOrHasNotBegun() {
    Instant late = NOW.plus(900, ChronoUnit.DAYS);
    assertThat(PathBuilder.find(leaf, pool, root, late)).isInstanceOf(OutsideValidity.class);
    Instant early = NOW.minus(2, ChronoUnit.HOURS);
    assertThat(PathBuilder.find(leaf, pool, root, early)).isInstanceOf(OutsideValidity.class);
    assertThat(PathBuilder.find(leaf, List.of(), TrustStore.of(List.of(leaf)), late))
        .isInstanceOf(OutsideValidity.class);
  }

  @Test
  void tellsWhenTheAnchorsLifeIsOver() {
    var old = TestAuthority.simple(KeyType.EC_P256, NOW.minus(30 * 365, ChronoUnit.DAYS), random);
    var young = old.issue(profile());
    assertThat(
            PathBuilder.find(
                young.certificate(), List.of(), TrustStore.of(List.of(old.root())), NOW))
        .isInstanceOf(OutsideValidity.class);
  }

  @Test
  void refusesACertificateThatALeafIssued() throws Exception {
    var forged = issuedBy(issued);
    assertThat(PathBuilder.find(forged, pool, root, NOW)).isInstanceOf(Unfit.class);
    assertThat(PathBuilder.find(forged, pool, TrustStore.of(List.of(leaf)), NOW))
        .isInstanceOf(Unfit.class);
  }

  private X509Certificate issuedBy(Issued issuer) throws Exception {
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer.certificate().getSubjectX500Principal(),
            BigInteger.TEN,
            Date.from(NOW.minusSeconds(60)),
            Date.from(NOW.plusSeconds(60)),
            new X500Principal("CN=Forged TEST"),
            KeyType.EC_P256.generate(random).getPublic());
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.keys().getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  @Test
  void knowsForWhichTimesAPathHolds() {
    var path = new Trusted(pool);
    assertThat(path.covers(NOW)).isTrue();
    assertThat(path.covers(NOW.plus(900, ChronoUnit.DAYS))).isFalse();
  }
}
