// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.util.List;
import java.util.Optional;

/**
 * A signature format: pure functions around a key it never sees. Stateless and shared between
 * threads; throws only {@link ArtifactException} on bad input and lets the signer's exceptions
 * through.
 */
public interface SignatureFormat {
  FormatDescriptor descriptor();

  /**
   * Whether a key that signs this may sign nothing else, because its imprints are bytes to be
   * signed and not digests: what is harmless here could mean something in another format.
   */
  default boolean aloneOnItsKey() {
    return false;
  }

  /** The kind of file by content; the name only breaks ties. Empty: not this format. */
  Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint);

  /**
   * Signs. Runs on the server or, in pre-hash mode, on the client. The same arguments give the same
   * imprints: time and chance come from {@link Signer#context} only.
   */
  Signed sign(Artifact artifact, Options options, Signer signer);

  /** Takes all signatures off. Empty: this format cannot. */
  Optional<Patch> remove(Artifact artifact);

  /**
   * Server only: builds the structure to be signed from an imprint.
   *
   * @throws io.sgcsign.signature.ImprintException if {@link #sign} makes no such imprint for these
   *     options and this context
   * @throws OptionException if an option's value cannot be encoded
   */
  ToBeSigned toBeSigned(Imprint imprint, Options options, SigningContext context);

  /**
   * How the name of the file ends that signing may leave beside the signed one ({@link
   * Signed.Companion}). Empty: it never does.
   */
  default Optional<String> companion() {
    return Optional.empty();
  }

  /**
   * Judges every signature of the file.
   *
   * @param beside its {@link Signed.Companion}, or what a detached signature covers
   */
  VerificationReport verify(
      Artifact artifact, Optional<Artifact> beside, VerificationPolicy policy);

  /**
   * As {@link #verify(Artifact, Optional, VerificationPolicy)}, of a file of which options tell
   * more: an unsigned script is one only by what {@link Options#forFile} knows of its name, and a
   * companion that was asked for must be there.
   */
  default VerificationReport verify(
      Artifact artifact, Optional<Artifact> beside, Options options, VerificationPolicy policy) {
    return verify(artifact, beside, policy);
  }

  /** The same of a file that stands alone. */
  default VerificationReport verify(Artifact artifact, Options options, VerificationPolicy policy) {
    return verify(artifact, Optional.empty(), options, policy);
  }

  /**
   * The signature blocks in the file, nested ones too, each as the signer gave it unless something
   * was nested into it later. What ties a file signed by hash to the event that tells of it.
   *
   * @throws ArtifactException if the file is damaged
   */
  List<Bytes> blocks(Artifact artifact);
}
