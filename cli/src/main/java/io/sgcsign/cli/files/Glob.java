// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A pattern of file names, the same on every platform and in every shell: {@code *}, {@code ?},
 * {@code [a-z]}, {@code {exe,dll}} within a name, {@code **} for any number of folders. A name that
 * begins with a dot is matched only by a pattern that does.
 *
 * @param prefix the folders before the first wildcard, as they were given
 * @param segments what follows
 */
public record Glob(String prefix, List<Segment> segments) {
  private static final String SPECIAL = "*?[{";

  public Glob {
    segments = List.copyOf(segments);
  }

  /** One name of the path; {@code pattern} of {@code **} is not used. */
  record Segment(boolean anyFolders, boolean hidden, Pattern pattern) {
    boolean matches(String name) {
      return (hidden || !name.startsWith(".")) && pattern.matcher(name).matches();
    }
  }

  /** Whether {@code word} has a wildcard. */
  public static boolean isPattern(String word) {
    return word.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0);
  }

  public static Glob parse(String word, boolean windows) {
    String slashed = windows ? word.replace('\\', '/') : word;
    int first = 0;
    while (first < slashed.length() && SPECIAL.indexOf(slashed.charAt(first)) < 0) {
      first++;
    }
    int cut = slashed.lastIndexOf('/', first) + 1;
    var segments = new ArrayList<Segment>();
    for (String name : slashed.substring(cut).split("/+", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        segments.add(segment(name, windows));
      }
    }
    if (!segments.isEmpty() && segments.getLast().anyFolders()) {
      segments.add(segment("*", windows));
    }
    return new Glob(slashed.substring(0, cut), segments);
  }

  private static Segment segment(String name, boolean windows) {
    int flags = windows ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    Pattern pattern = Pattern.compile(name.equals("**") ? "" : regex(name), flags);
    return new Segment(name.equals("**"), name.startsWith("."), pattern);
  }

  private static String regex(String name) {
    var out = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      switch (c) {
        case '*' -> out.append(".*");
        case '?' -> out.append('.');
        case '{' -> {
          out.append("(?:");
          braces++;
        }
        case '}' -> {
          out.append(braces > 0 ? ")" : "\\}");
          braces = Math.max(0, braces - 1);
        }
        case ',' -> out.append(braces > 0 ? "|" : ",");
        case '[' -> i = characterClass(name, i, out);
        default -> out.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return out + ")".repeat(braces);
  }

  /** Copies {@code [a-z]} or {@code [!a-z]}; a bracket that is never closed stands for itself. */
  private static int characterClass(String name, int open, StringBuilder out) {
    int close = name.indexOf(']', open + 2);
    if (close < 0) {
      out.append("\\[");
      return open;
    }
    String inside = name.substring(open + 1, close);
    boolean not = inside.startsWith("!") || inside.startsWith("^");
    String set = (not ? inside.substring(1) : inside).replaceAll("[\\\\\\[\\]&^]", "\\\\$0");
    out.append('[').append(not ? "^" : "").append(set).append(']');
    return close;
  }

  /** Whether this pattern fits a path written with slashes; one without slash fits any name. */
  public boolean fits(String path) {
    List<String> names = List.of(path.split("/", -1));
    return (prefix.isEmpty() && segments.size() == 1)
        ? segments.getFirst().pattern().matcher(names.getLast()).matches()
        : path.startsWith(prefix)
            && fits(0, List.of(path.substring(prefix.length()).split("/", -1)), 0);
  }

  private boolean fits(int index, List<String> names, int from) {
    if (index == segments.size()) {
      return from == names.size();
    }
    Segment segment = segments.get(index);
    if (segment.anyFolders()) {
      for (int i = from; i <= names.size(); i++) {
        if (fits(index + 1, names, i)) {
          return true;
        }
      }
      return false;
    }
    return from < names.size()
        && segment.pattern().matcher(names.get(from)).matches()
        && fits(index + 1, names, from + 1);
  }

  /**
   * The files that match, sorted, relative to the {@link #prefix}.
   *
   * @param folder what a relative prefix is relative to
   */
  List<Path> expand(Path folder) throws IOException {
    Path start = folder.resolve(prefix);
    var found = new TreeSet<Path>();
    if (Files.isDirectory(start)) {
      walk(start, start, 0, found);
    }
    return List.copyOf(found);
  }

  private void walk(Path start, Path folder, int index, TreeSet<Path> found) throws IOException {
    Segment segment = segments.get(index);
    if (segment.anyFolders()) {
      walk(start, folder, index + 1, found);
    }
    boolean last = index == segments.size() - 1;
    for (Path entry : entries(folder)) {
      String name = String.valueOf(entry.getFileName());
      if (segment.anyFolders()) {
        // not through links: they may lead back
        if (!name.startsWith(".") && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          walk(start, entry, index, found);
        }
      } else if (segment.matches(name)) {
        if (last && Files.isRegularFile(entry)) {
          found.add(start.relativize(entry));
        } else if (!last && Files.isDirectory(entry)) {
          walk(start, entry, index + 1, found);
        }
      }
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    }
    return entries;
  }
}
