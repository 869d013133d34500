// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import java.util.List;
import java.util.Optional;

/**
 * Files that carry Authenticode signatures in one way: all that the family of formats does not know
 * about them. One class a way, one line in {@link AuthenticodeKinds}. Stateless.
 */
interface AuthenticodeKind {
  /** The kinds of files, the most usual one first. */
  List<FormatDescriptor.Kind> kinds();

  /** Options besides those every Authenticode signature has. */
  default List<Option> options() {
    return List.of();
  }

  /** How often each digest needs the key. */
  default int asks() {
    return 1;
  }

  /** The names of the parts and facts that imprints of these kinds may have. */
  default List<String> facts() {
    return List.of();
  }

  /** Which of {@link #kinds} the file is, by content; the name only breaks ties of scripts. */
  Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint);

  /** Whether the file begins like one, sound or not: then {@link #open} says what is wrong. */
  boolean begins(Artifact artifact);

  /**
   * Reads the structure of a file.
   *
   * @param kind one of {@link #kinds}
   * @throws ArtifactException if the file is not of this kind or damaged
   */
  AuthenticodeSubject open(Artifact artifact, FormatDescriptor.Kind kind);

  /**
   * Holds an imprint against the signer, of kinds that say who that must be.
   *
   * @throws io.sgcsign.signature.ImprintException if it is not who it must be
   */
  default void check(Imprint imprint, SigningContext context) {
    // most files may be signed by anybody
  }

  /**
   * What is signed, from an imprint alone: the file is not there in pre-hash mode.
   *
   * @throws io.sgcsign.signature.ImprintException if {@link AuthenticodeSubject.Scan#measure} makes
   *     no such parts and facts for these options
   */
  Content content(Imprint imprint, Options options);

  /**
   * The encapsulated content of a signature.
   *
   * @param type its OID
   * @param der as it stands in the CMS structure
   * @param digested what the message-digest attribute covers
   */
  record Content(String type, Bytes der, Bytes digested) {
    /** SpcIndirectDataContent: everything but catalogs. */
    static Content indirect(Bytes body) {
      return new Content(SpcIndirectData.CONTENT_TYPE, DerWriter.sequence(body), body);
    }
  }
}
