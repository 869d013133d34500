// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.signature.Imprint.NamedDigest;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.VerificationReport.Check;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One file whose structure was read, as the signing and the verifying path see it. */
interface AuthenticodeSubject {
  FormatDescriptor.Kind kind();

  /** The signatures in the file, the primary one first; those nested in others are not listed. */
  List<Entry> signatures();

  default boolean signed() {
    return !signatures().isEmpty();
  }

  /** Whether a further signature goes into the first; otherwise they stand beside each other. */
  boolean nests();

  /**
   * Says no where a new signature would silently take something away.
   *
   * @param append whether the present signatures stay
   * @throws ArtifactException if it would
   */
  void refuseLoss(boolean append);

  /**
   * Digests the content as it stands: what a verifier compares with. One pass for all algorithms.
   */
  Scan scan(Set<DigestAlgorithm> algorithms);

  /**
   * Digests the content as it will be signed, and the whole file, in one pass.
   *
   * @param append whether the present signatures stay
   */
  Scan scanToSign(Set<DigestAlgorithm> algorithms, boolean append, Options options);

  /** The file without signatures. */
  Patch strip();

  /**
   * What a signature says about the file.
   *
   * @throws io.sgcsign.bytes.DerException if it is no Authenticode signature
   */
  default SpcContent claim(CmsStructure cms) {
    return SpcContent.of(cms);
  }

  /**
   * Holds what a signature says against the file: digest and what else the kind puts there.
   *
   * @throws io.sgcsign.bytes.DerException if it speaks of another kind of file
   */
  List<Check> judge(SpcContent content, Scan scan);

  /** Holds the signer against what the file says who that must be. */
  default List<Check> judgeSigner(X509Certificate signer) {
    return List.of();
  }

  /** What the file says about itself, for people: names of members of the report. */
  default SortedMap<String, String> facts() {
    return Collections.emptySortedMap();
  }

  /** What in the file has to be signed before it is; empty: nothing. */
  default Optional<Payload> payload() {
    return Optional.empty();
  }

  /** A part of a file that is signed as a file of its own, and stays in it with its signature. */
  interface Payload {
    /** What the report calls it. */
    String name();

    AuthenticodeSubject asItStands();

    /** Without its signatures. */
    AuthenticodeSubject toSign();

    /**
     * The whole with the part signed and nothing else.
     *
     * @param signed a change of {@link #toSign}
     */
    Patch with(Patch signed);

    /** What of such a whole is left to be signed. */
    AuthenticodeSubject rest(Artifact whole);
  }

  /** Checks of the file that belong to no single signature, when it has at least one. */
  List<Check> fileChecks(Scan scan);

  /** A signature as it was found. */
  sealed interface Entry {
    /** A ContentInfo, which may still be unreadable. */
    record Sound(Bytes der) implements Entry {}

    /** What cannot even be one. */
    record Broken(String reason) implements Entry {}
  }

  /** What one pass found. */
  interface Scan {
    /**
     * The content's digest.
     *
     * @param algorithm one that was asked for
     */
    Digest digest(DigestAlgorithm algorithm);

    /** SHA-256 of the whole file as it came in; only a scan to sign has it. */
    Digest artifact();

    /** What an imprint says about the file. */
    default Measure measure(DigestAlgorithm algorithm, Options options, SigningContext context) {
      return new Measure(digest(algorithm), List.of(), new TreeMap<>());
    }

    /** The file with these signatures and no others. */
    Patch embed(List<Bytes> signatures);
  }

  /** The part of an imprint that depends on the file. */
  record Measure(Digest digest, List<NamedDigest> parts, SortedMap<String, String> facts) {
    public Measure {
      parts = List.copyOf(parts);
      facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    }
  }
}
