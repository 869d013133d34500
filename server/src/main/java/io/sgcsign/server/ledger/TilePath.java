// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

/** Names of tiles by C2SP tlog-tiles: {@code x001/x234/067}, {@code x001/067.p/8}. */
final class TilePath {
  private TilePath() {}

  /** The path of a tile with {@code width} hashes. */
  static String of(long index, long width) {
    var path = new StringBuilder("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      path.insert(0, "x%03d/".formatted(rest % 1000));
    }
    return width == Tiles.WIDTH ? path.toString() : path.append(".p/").append(width).toString();
  }
}
