// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which files a command works on.
 *
 * @param words names and patterns
 * @param filesFrom a file with one name a line (or names ended by NUL); {@code -}: standard input
 * @param excludes patterns of what to leave out
 * @param maxFiles more is a mistake
 */
public record Selection(
    List<String> words, Optional<String> filesFrom, List<String> excludes, int maxFiles) {
  /** Bytes of a list of files: a hundred thousand long names. */
  private static final int MAX_LIST = 32 * 1024 * 1024;

  public Selection {
    words = List.copyOf(words);
    excludes = List.copyOf(excludes);
  }

  /** Whether there can be more than one file: what decides what {@code -o} means. */
  public boolean plural(Path folder) {
    return words.size() != 1 || filesFrom.isPresent() || isPattern(words.getFirst(), folder);
  }

  /**
   * Finds the files, each once, in the order of the words.
   *
   * @param folder what relative names are relative to
   * @throws FailureException if a word names nothing, or nothing is left
   */
  public List<Input> find(Path folder, InputStream in) {
    try {
      Map<Path, Input> found = new LinkedHashMap<>();
      for (String word : words) {
        add(folder, word, isPattern(word, folder), found);
      }
      if (filesFrom.isPresent()) {
        for (String name : listed(folder, filesFrom.get(), in)) {
          add(folder, name, false, found);
        }
      }
      return checked(List.copyOf(found.values()));
    } catch (IOException | InvalidPathException e) {
      throw Failure.usage(
              "The files cannot be found", String.valueOf(e), "Check names and permissions.")
          .exception();
    }
  }

  private List<Input> checked(List<Input> inputs) {
    if (inputs.isEmpty()) {
      throw Failure.usage(
              "There is nothing to do",
              words.isEmpty() && filesFrom.isEmpty()
                  ? "no file is named"
                  : "--exclude leaves out every file",
              "Name files or patterns such as 'dist/**/*.exe'.")
          .exception();
    }
    if (inputs.size() > maxFiles) {
      throw Failure.usage(
              inputs.size() + " files are more than --max-files allows",
              "the limit is " + maxFiles,
              "Narrow the pattern, or raise --max-files.")
          .exception();
    }
    return inputs;
  }

  private static boolean isPattern(String word, Path folder) {
    return Glob.isPattern(word) && !exists(folder, word);
  }

  private static boolean exists(Path folder, String word) {
    try {
      return Files.exists(folder.resolve(word));
    } catch (InvalidPathException _) {
      return false; // Windows allows no asterisk in names
    }
  }

  private void add(Path folder, String word, boolean pattern, Map<Path, Input> found)
      throws IOException {
    if (!pattern) {
      Path file = folder.resolve(word);
      requireFile(file, word);
      put(input(folder, file, file.getFileName()), found);
      return;
    }
    var glob = Glob.parse(word, windows());
    List<Path> matches = glob.segments().isEmpty() ? List.of() : glob.expand(folder);
    if (matches.isEmpty()) {
      throw Failure.usage(
              "No file matches '" + word + "'",
              "patterns are relative to " + folder,
              "Check the pattern; ** stands for any number of folders.")
          .exception();
    }
    Path start = folder.resolve(glob.prefix());
    for (Path match : matches) {
      put(input(folder, start.resolve(match), match), found);
    }
  }

  private void put(Input input, Map<Path, Input> found) {
    boolean out = excludes.stream().anyMatch(e -> Glob.parse(e, windows()).fits(input.shown()));
    if (!out) {
      found.putIfAbsent(input.file(), input);
    }
  }

  private static Input input(Path folder, Path file, Path relative) throws IOException {
    Path near = folder.toAbsolutePath().normalize();
    Path whole = file.toAbsolutePath().normalize();
    Path shown = whole.startsWith(near) ? near.relativize(whole) : whole;
    return new Input(file.toRealPath(), shown.toString().replace('\\', '/'), relative);
  }

  private static void requireFile(Path file, String word) {
    if (Files.isDirectory(file)) {
      throw Failure.usage(
              word + " is a folder",
              "only files can be signed",
              "Write '" + word + "/**/*.exe' or the like.")
          .exception();
    }
    if (!Files.exists(file)) {
      throw Failure.usage(
              "There is no file " + word,
              "nothing is at " + file.toAbsolutePath().normalize(),
              "Check the name.")
          .exception();
    }
  }

  private static List<String> listed(Path folder, String from, InputStream in) throws IOException {
    byte[] bytes;
    if (from.equals("-")) {
      bytes = in.readNBytes(MAX_LIST);
    } else {
      try (InputStream file = Files.newInputStream(folder.resolve(from))) {
        bytes = file.readNBytes(MAX_LIST);
      }
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    String end = text.indexOf('\0') >= 0 ? "\0" : "\r?\n";
    var names = new ArrayList<String>();
    Arrays.stream(text.split(end, -1)).filter(n -> !n.isBlank()).forEach(names::add);
    return names;
  }

  static boolean windows() {
    return java.io.File.separatorChar == '\\';
  }
}
