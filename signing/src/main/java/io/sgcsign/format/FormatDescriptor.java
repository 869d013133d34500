// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import java.util.List;

/**
 * A format describes itself once; the API, OpenAPI, the command line, completion, console and docs
 * derive from it.
 *
 * @param name the last segment of {@code /api/v1/sign/<name>}
 * @param title one line for people
 * @param kinds the kinds of files it signs
 * @param options what a caller may choose
 * @param facts the names of facts and parts its imprints may carry
 * @param maxAsks the most key uses one file can need
 * @param byHash whether pre-hash mode is possible
 * @param codeSigning whether the code-signing rules apply: EKU, and no release without a time stamp
 *     unless the certificate is self-signed
 * @param stampable whether a signature can carry a time stamp
 */
public record FormatDescriptor(
    String name,
    String title,
    List<Kind> kinds,
    List<Option> options,
    List<String> facts,
    int maxAsks,
    boolean byHash,
    boolean codeSigning,
    boolean stampable) {
  public FormatDescriptor {
    kinds = List.copyOf(kinds);
    options = List.copyOf(options);
    facts = List.copyOf(facts);
  }

  /** One whose signatures can carry time stamps. */
  public FormatDescriptor(
      String name,
      String title,
      List<Kind> kinds,
      List<Option> options,
      List<String> facts,
      int maxAsks,
      boolean byHash,
      boolean codeSigning) {
    this(name, title, kinds, options, facts, maxAsks, byHash, codeSigning, true);
  }

  /** Whether the imprint of a file of this kind is enough to sign it. */
  public boolean byHash(String kind) {
    return byHash && kinds.stream().noneMatch(k -> k.name().equals(kind) && !k.byHash());
  }

  /**
   * A kind of file.
   *
   * @param name as in {@code imprint.kind}
   * @param extensions usual file name endings, without the dot
   * @param description one line for people
   * @param byHash whether its imprint is enough to sign it; otherwise the server needs the file
   */
  public record Kind(String name, List<String> extensions, String description, boolean byHash) {
    public Kind {
      extensions = List.copyOf(extensions);
    }

    public Kind(String name, List<String> extensions, String description) {
      this(name, extensions, description, true);
    }
  }
}
