// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

/** What the rounds of one command took. */
final class Runs {
  private final Series wall = new Series();
  private final Series cpu = new Series();
  private final Series peakMib = new Series();

  void add(ChildRun run) {
    wall.add(run.wall());
    cpu.add(run.cpu());
    peakMib.add(run.peakMib());
  }

  Series wall() {
    return wall;
  }

  Series cpu() {
    return cpu;
  }

  Series peakMib() {
    return peakMib;
  }
}
