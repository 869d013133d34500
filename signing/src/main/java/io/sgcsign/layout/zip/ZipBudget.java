// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.zip;

/** What an archive may claim before anything of it is unpacked. */
final class ZipBudget {
  /** Entries. Without ZIP64 there are fewer than 65,535. */
  static final int MAX_ENTRIES = 100_000;

  /** Bytes all entries together may have. */
  private static final long MAX_EXPANDED = 8L << 30;

  private static final long EXPANSION = 100;
  private static final long EXPANSION_ALLOWANCE = 64L << 20;

  /** One entry: this many times what lies there, once it has more than a little. */
  private static final long MAX_RATIO = 1000;

  private static final long RATIO_ALLOWANCE = 1L << 20;

  private final long limit;
  private long left;

  ZipBudget(long archive) {
    this.limit = Math.min(MAX_EXPANDED, EXPANSION * archive + EXPANSION_ALLOWANCE);
    this.left = limit;
  }

  void take(ZipEntry entry) {
    left -= entry.size();
    if (left < 0) {
      throw ZipFault.malformed(
          "The entries claim more than the %d bytes this archive may expand to".formatted(limit));
    }
    if (entry.size() > RATIO_ALLOWANCE && entry.size() / MAX_RATIO > entry.compressed()) {
      throw ZipFault.malformed(
          "The entry %s claims %d bytes out of %d: more than %d times as many"
              .formatted(entry.name(), entry.size(), entry.compressed(), MAX_RATIO));
    }
  }
}
