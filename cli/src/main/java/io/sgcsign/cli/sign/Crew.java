// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.cli.files.Input;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Works on many files at a time: one virtual thread each. */
public final class Crew {
  /** Files that are open at a time: below every usual limit of descriptors, and half a batch. */
  private static final int MAX_OPEN = 500;

  private final BiFunction<Input, Path, FileResult> work;
  private final Consumer<FileResult> done;

  /**
   * @param done hears of each file as it ends, from any thread
   */
  public Crew(BiFunction<Input, Path, FileResult> work, Consumer<FileResult> done) {
    this.work = work;
    this.done = done;
  }

  /** One result an input, in order. */
  public List<FileResult> run(List<Input> inputs, List<Path> targets) {
    var results = new FileResult[inputs.size()];
    if (inputs.size() == 1) {
      one(inputs, targets, results, 0); // a thread of its own would cost a start-up's milliseconds
      return List.of(results);
    }
    var open = new Semaphore(MAX_OPEN);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < results.length; i++) {
      open.acquireUninterruptibly();
      int index = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  one(inputs, targets, results, index);
                } finally {
                  open.release();
                }
              }));
    }
    threads.forEach(Crew::join);
    return Arrays.asList(results);
  }

  private void one(List<Input> inputs, List<Path> targets, FileResult[] results, int i) {
    results[i] = work.apply(inputs.get(i), targets.get(i));
    done.accept(results[i]);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while signing", e);
    }
  }
}
