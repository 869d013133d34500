// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

/**
 * How long a run takes.
 *
 * @param rounds of everything that is interleaved
 * @param warmUpSeconds of each kind of load, before anything counts
 * @param serverSeconds of load in one round
 * @param opensslSeconds of {@code openssl speed} in one round
 * @param loopSeconds of a loop in this process in one round
 * @param fileMib size of the large file
 * @param fileRounds of commands on the large file
 * @param commandRounds of commands on a small file
 * @param formatMib size of the large file of each kind
 * @param manyFiles small files for one command
 */
record Plan(
    int rounds,
    double warmUpSeconds,
    double serverSeconds,
    int opensslSeconds,
    double loopSeconds,
    int fileMib,
    int fileRounds,
    int commandRounds,
    int formatMib,
    int manyFiles) {

  /** About six minutes: a server that runs for days is warm. */
  static final Plan FULL = new Plan(3, 30, 3, 1, 1, 512, 2, 5, 200, 1000);

  /** Less than ninety seconds: enough to see that nothing broke. */
  static final Plan QUICK = new Plan(2, 4, 1.5, 1, 0.5, 64, 1, 3, 20, 100);
}
