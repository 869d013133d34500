// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processor time, the only clock that a shared machine does not falsify. Linux only. */
final class CpuClock {
  /** Ticks a second of {@code /proc/PID/stat}: USER_HZ, 100 on every Linux of today. */
  private static final double TICKS = 100;

  /** utime and stime, counted from the state behind the command's name (proc(5)). */
  private static final int USER = 11;

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private CpuClock() {}

  /** Seconds of user and system time all threads of a running process have used. */
  static double seconds(long pid) {
    String stat = read("/proc/" + pid + "/stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1])) / TICKS;
  }

  /** Seconds this process has used, garbage collection and compilation included. */
  static double ownSeconds() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    return system.getProcessCpuTime() / 1e9;
  }

  /** MiB of memory the running process had at most. */
  static double peakMib(long pid) {
    Matcher peak = PEAK.matcher(read("/proc/" + pid + "/status"));
    return peak.find() ? Long.parseLong(peak.group(1)) / 1024.0 : 0;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
