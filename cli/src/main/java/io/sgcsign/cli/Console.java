// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.outcome.Failure;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ParseResult;

/** What people read: results on standard output, everything else on standard error. Thread-safe. */
final class Console {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean quiet;
  private final boolean verbose;
  private final boolean live;
  private final boolean colour;
  private boolean progressing;

  private Console(
      PrintStream out,
      PrintStream err,
      boolean quiet,
      boolean verbose,
      boolean live,
      boolean colour) {
    this.out = out;
    this.err = err;
    this.quiet = quiet;
    this.verbose = verbose;
    this.live = live;
    this.colour = colour;
  }

  static Console of(World world, ParseResult parsed) {
    boolean quiet = Flags.given(parsed, "--quiet");
    boolean live = world.terminal() && !quiet && !plain(world.env());
    return new Console(
        world.out(),
        world.err(),
        quiet,
        Flags.given(parsed, "--verbose"),
        live,
        colour(world.env(), live));
  }

  /** For the time before the command line is understood. */
  static Console plain(World world) {
    return new Console(world.out(), world.err(), false, false, false, false);
  }

  private static boolean plain(Map<String, String> env) {
    String ci = env.getOrDefault("CI", "").toLowerCase(Locale.ROOT);
    return env.getOrDefault("TERM", "").equals("dumb") || !(ci.isEmpty() || ci.equals("false"));
  }

  /** See no-color.org and bixense.com/clicolors. */
  private static boolean colour(Map<String, String> env, boolean live) {
    if (!env.getOrDefault("NO_COLOR", "").isEmpty()) {
      return false;
    }
    String force = env.getOrDefault("CLICOLOR_FORCE", "0");
    return live || !(force.isEmpty() || force.equals("0"));
  }

  boolean verbose() {
    return verbose;
  }

  boolean quiet() {
    return quiet;
  }

  /** A line that is the result; quiet commands have none. */
  synchronized void line(String text) {
    if (!quiet) {
      result(text);
    }
  }

  /** Data that was asked for by name, for example JSON: printed even if quiet. */
  synchronized void result(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** Something worth knowing. */
  synchronized void note(String text) {
    if (!quiet) {
      clear();
      err.println("sgcsign: " + text);
    }
  }

  /** Something that may hurt later. */
  synchronized void warning(String text) {
    if (!quiet) {
      clear();
      err.println(paint("33", "warning: ") + text);
    }
  }

  /** What was not done, and why. */
  synchronized void failure(Failure failure) {
    clear();
    err.println(paint("31", failure.lines()));
  }

  /** Where it stands; only people see it. */
  synchronized void progress(int done, int all) {
    if (live && all > 1) {
      err.print(CLEAR_LINE + done + "/" + all);
      err.flush();
      progressing = true;
    }
  }

  synchronized void stack(Throwable error) {
    clear();
    error.printStackTrace(err);
  }

  private String paint(String colourCode, String text) {
    return colour ? "\u001b[" + colourCode + "m" + text + "\u001b[0m" : text;
  }

  private void clear() {
    if (progressing) {
      err.print(CLEAR_LINE);
      err.flush();
      progressing = false;
    }
  }
}
