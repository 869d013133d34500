// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds how many files are worked on at a time; who waits for server or disk gives its turn away.
 */
public final class Turns {
  private final Semaphore permits;

  public Turns(int count) {
    permits = new Semaphore(count);
  }

  <T> T during(Supplier<T> work) {
    permits.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      permits.release();
    }
  }

  void aside(Runnable wait) {
    permits.release();
    try {
      wait.run();
    } finally {
      permits.acquireUninterruptibly();
    }
  }

  <T> T aside(Supplier<T> wait) {
    permits.release();
    try {
      return wait.get();
    } finally {
      permits.acquireUninterruptibly();
    }
  }
}
