// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.apk.VerityTree;
import java.util.ArrayList;
import java.util.List;

/**
 * The file that scheme v4 leaves beside an APK (source.android.com, "APK Signature Scheme v4"): how
 * it is hashed, who signed that, and the hash tree.
 *
 * @param signings the first is of v3 or v2; one more may be of v3.1
 * @param treeAt where the tree begins in the file
 */
record IdSig(Hashing hashing, List<Signing> signings, long treeAt, long treeSize) {
  /** How its name ends, behind the APK's. */
  static final String SUFFIX = ".idsig";

  /** Bytes of the signing infos; Android takes no more (V4Signature, incremental-fs). */
  static final int MAX_SIGNINGS = 7168;

  private static final String SUBJECT = "The " + SUFFIX + " file of the APK";
  private static final int VERSION = 2;

  /** Bytes before the tree: the signing infos, a root hash and room for a salt. */
  private static final int MAX_HEAD = MAX_SIGNINGS + 1024;

  IdSig {
    signings = List.copyOf(signings);
  }

  /** What stands for the APK's bytes. */
  record Hashing(int algorithm, int log2Page, Bytes salt, Bytes root) {
    private static final int SHA256 = 1;
    private static final int SHA256_SIZE = 32;

    static Hashing of(VerityTree tree) {
      return new Hashing(SHA256, VerityTree.LOG2_PAGE, Bytes.EMPTY, tree.root());
    }

    static Hashing read(Prefixed in) {
      return new Hashing(in.number(), in.octet(), in.string(), in.string());
    }

    private PrefixedOut write(PrefixedOut out) {
      return out.number(algorithm).octet(log2Page).string(salt).string(root);
    }

    /** Whether it is of the only kind there is. */
    boolean known() {
      return algorithm == SHA256
          && log2Page == VerityTree.LOG2_PAGE
          && salt.isEmpty()
          && root.size() == SHA256_SIZE;
    }
  }

  /** What is said of an APK: its digest in v3 or v2, and whose. */
  record Claim(Bytes apkDigest, Bytes certificate, Bytes additional) {
    static Claim read(Prefixed in) {
      return new Claim(in.string(), in.string(), in.string());
    }

    private PrefixedOut write(PrefixedOut out) {
      return out.string(apkDigest).string(certificate).string(additional);
    }

    /** The bytes to be signed for an APK of {@code size} bytes. */
    Bytes signedData(long size, Hashing hashing) {
      int length = write(hashing.write(new PrefixedOut().number(0).wide(size))).size();
      return write(hashing.write(new PrefixedOut().number(length).wide(size))).bytes();
    }
  }

  /**
   * A signature.
   *
   * @param scheme ID of the scheme whose signer this is; 0: the first of v3 and v2
   * @param algorithm as in the blocks of v2 and v3
   */
  record Signing(int scheme, Claim claim, Bytes publicKey, int algorithm, Bytes value) {
    private static Signing read(int scheme, Prefixed in) {
      return new Signing(scheme, Claim.read(in), in.string(), in.number(), in.string());
    }

    private PrefixedOut write(PrefixedOut out) {
      return claim.write(out).string(publicKey).number(algorithm).string(value);
    }
  }

  /**
   * Reads all but the tree.
   *
   * @throws io.sgcsign.artifact.ArtifactException if it is no such file
   */
  static IdSig parse(Artifact file) {
    Bytes head = file.read(0, (int) Math.min(file.size(), MAX_HEAD));
    var in = new Prefixed(head, SUBJECT);
    int version = in.number();
    if (version != VERSION) {
      throw Prefixed.malformed(SUBJECT, "is of version " + version + ", not " + VERSION);
    }
    var hash = new Prefixed(in.string(), SUBJECT);
    Hashing hashing = Hashing.read(hash);
    List<Signing> signings = signings(in.string());
    int tree = in.number();
    if (!hash.ended() || tree < 0 || in.at() + (long) tree != file.size()) {
      throw Prefixed.malformed(SUBJECT, "is not as long as it says");
    }
    return new IdSig(hashing, signings, in.at(), tree);
  }

  private static List<Signing> signings(Bytes infos) {
    if (infos.size() > MAX_SIGNINGS) {
      throw Prefixed.malformed(SUBJECT, "has more than " + MAX_SIGNINGS + " bytes of signatures");
    }
    var in = new Prefixed(infos, SUBJECT);
    var all = new ArrayList<Signing>();
    all.add(Signing.read(0, in));
    while (!in.ended()) {
      int scheme = in.number();
      var block = new Prefixed(in.string(), SUBJECT);
      all.add(Signing.read(scheme, block));
      if (!block.ended()) {
        throw Prefixed.malformed(SUBJECT, "has more behind a signature");
      }
    }
    return all;
  }

  /** A file with one signature. */
  static Bytes write(VerityTree tree, Signing signing) {
    return new PrefixedOut()
        .number(VERSION)
        .string(Hashing.of(tree).write(new PrefixedOut()).bytes())
        .string(signing.write(new PrefixedOut()).bytes())
        .string(tree.bytes())
        .bytes();
  }
}
