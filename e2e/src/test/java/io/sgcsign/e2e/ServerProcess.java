// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A running packaged server. Closing it stops it, whatever happened. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(90);
  private static final Pattern LISTENS =
      Pattern.compile("^sgcsign-server listens on (https?://\\S+)$", Pattern.MULTILINE);

  private final Process process;
  private final StringBuilder log = new StringBuilder();
  private final Thread reader;
  private volatile boolean told;

  private ServerProcess(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts and waits until it listens. */
  static ServerProcess start(List<String> command, Map<String, String> environment, Path folder) {
    var server = launch(command, environment, folder);
    server.awaitListening();
    return server;
  }

  /** Starts and waits for nothing. */
  static ServerProcess launch(List<String> command, Map<String, String> environment, Path folder) {
    try {
      return new ServerProcess(Packaged.process(command, environment, folder).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitListening() {
    Poll.until(
        "the server listens",
        START,
        () -> {
          if (!process.isAlive() && !listens()) {
            join(reader);
            throw new AssertionError(
                "The server did not start, exit " + process.exitValue() + ":\n" + log());
          }
          return listens();
        });
  }

  private boolean listens() {
    return LISTENS.matcher(log()).find();
  }

  private void read() {
    try (var lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        append(line);
      }
    } catch (IOException e) {
      append("(the log ends: " + e.getMessage() + ")");
    }
  }

  URI uri() {
    var found = LISTENS.matcher(log());
    if (!found.find()) {
      throw new IllegalStateException("It does not listen");
    }
    return URI.create(found.group(1));
  }

  /** Everything it wrote so far, to both streams. */
  String log() {
    synchronized (log) {
      return log.toString();
    }
  }

  private void append(String line) {
    synchronized (log) {
      log.append(line).append('\n');
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  void terminate() {
    told = true;
    process.destroy();
  }

  /** SIGKILL, and waits until it is gone. */
  void kill() {
    told = true;
    process.destroyForcibly();
    var _ = awaitExit();
  }

  int awaitExit() {
    return exit(STOP).orElseThrow(() -> new AssertionError("The server does not stop:\n" + log()));
  }

  private Optional<Integer> exit(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
      join(reader);
      return Optional.of(process.exitValue());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM, and its exit code. */
  int stop() {
    terminate();
    return awaitExit();
  }

  private static void join(Thread thread) {
    try {
      var _ = thread.join(STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (!told && !alive()) {
      throw new AssertionError("The server ended by itself:\n" + awaitExit() + "\n" + log());
    }
    terminate();
    if (exit(STOP).isEmpty()) {
      kill();
      throw new AssertionError("The server had to be killed:\n" + log());
    }
  }
}
