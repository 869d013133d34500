// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import io.sgcsign.cli.outcome.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where results go: in place, into one file, or into a folder. */
public final class Targets {
  private Targets() {}

  /**
   * A target for each input; nothing is created.
   *
   * @param output of {@code -o}; empty: in place
   * @param plural whether there could be several inputs, so that the output is a folder
   * @param folder what a relative output is relative to
   * @throws io.sgcsign.cli.outcome.FailureException if two inputs would go to one target, or one
   *     would overwrite another input
   */
  public static List<Path> plan(
      List<Input> inputs, Optional<String> output, boolean plural, Path folder) {
    if (output.isEmpty()) {
      return inputs.stream().map(Input::file).toList();
    }
    Path given = folder.resolve(output.get());
    boolean named = output.get().endsWith("/") || output.get().endsWith("\\");
    if (!plural && !named && !Files.isDirectory(given)) {
      return List.of(given);
    }
    if (Files.exists(given) && !Files.isDirectory(given)) {
      throw Failure.usage(
              output.get() + " is a file",
              "-o names a folder when there are several files or a pattern",
              "Name a folder, or sign one file.")
          .exception();
    }
    List<Path> targets = inputs.stream().map(i -> given.resolve(i.relative())).toList();
    refuseCollisions(inputs, targets);
    return targets;
  }

  private static void refuseCollisions(List<Input> inputs, List<Path> targets) {
    Map<Path, Input> taken = new HashMap<>();
    Map<Path, Input> sources = new HashMap<>();
    inputs.forEach(i -> sources.put(i.file(), i));
    var clashes = new ArrayList<String>();
    for (int i = 0; i < targets.size(); i++) {
      Path target = targets.get(i).toAbsolutePath().normalize();
      Input input = inputs.get(i);
      Input other = taken.putIfAbsent(target, input);
      if (other != null) {
        clashes.add(other.shown() + " and " + input.shown() + " would both go to " + target);
      }
      Input overwritten = sources.get(target);
      if (overwritten != null && !overwritten.equals(input)) {
        clashes.add(input.shown() + " would overwrite " + overwritten.shown());
      }
    }
    if (!clashes.isEmpty()) {
      throw Failure.usage(
              "The output folder cannot hold all files; nothing was signed",
              clashes.getFirst()
                  + (clashes.size() > 1 ? " (and " + (clashes.size() - 1) + " more)" : ""),
              "Use one pattern whose folders tell the files apart, or sign in place.")
          .exception();
    }
  }
}
