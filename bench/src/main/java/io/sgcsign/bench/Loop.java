// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.operator.OperatorCreationException;

/** Runs work in this process, in one thread, and tells how often it fits into a CPU-second. */
final class Loop {
  private Loop() {}

  /** Makes a signature of 32 bytes. */
  @FunctionalInterface
  interface Work {
    byte[] sign(byte[] digest)
        throws IOException, GeneralSecurityException, CMSException, OperatorCreationException;
  }

  static double perCpuSecond(double seconds, Work work) throws IOException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    double before = CpuClock.ownSeconds();
    byte[] digest = new byte[32];
    long done = 0;
    try {
      for (; System.nanoTime() < end; done++) {
        byte[] made = work.sign(digest);
        digest[(int) (done % digest.length)] ^= made[made.length - 1]; // so that it must be made
      }
    } catch (GeneralSecurityException | CMSException | OperatorCreationException e) {
      throw new IOException("The baseline cannot sign: " + e, e);
    }
    return done / (CpuClock.ownSeconds() - before);
  }
}
