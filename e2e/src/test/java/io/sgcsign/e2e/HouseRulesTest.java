// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING that a compiler does not know, over the main code of every module. */
class HouseRulesTest {
  /** Lines: what fits into a head. */
  private static final int MAX_FILE = 500;

  private static final int MAX_METHOD = 60;

  /** Names that say nothing; a class is called by what it does. */
  private static final Pattern EMPTY_NAME =
      Pattern.compile("(Abstract|Base)[A-Z].*|.*(Manager|Helper|Helpers|Util|Utils|Impl)");

  private static List<Source> sources;

  /** A parsed file. */
  private record Source(
      Path file, List<String> lines, CompilationUnitTree tree, SourcePositions positions) {

    String at(Tree node) {
      return file + ":" + tree.getLineMap().getLineNumber(positions.getStartPosition(tree, node));
    }
  }

  @BeforeAll
  static void parseEveryMainSource() throws IOException {
    var root = repository();
    var files = new ArrayList<Path>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.toList()) {
        var main = module.resolve("src/main/java");
        if (Files.isDirectory(main)) {
          try (Stream<Path> found = Files.walk(main)) {
            found.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
          }
        }
      }
    }
    sources = parse(root, files);
  }

  private static Path repository() {
    return Stream.<@Nullable Path>iterate(
            Path.of("").toAbsolutePath(),
            folder -> folder != null,
            folder -> folder == null ? null : folder.getParent())
        .flatMap(Stream::ofNullable)
        .filter(folder -> Files.isDirectory(folder.resolve("signing/src/main")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("not inside the repository"));
  }

  private static List<Source> parse(Path root, List<Path> files) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var parsed = new ArrayList<Source>();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      for (CompilationUnitTree tree : task.parse()) {
        Path file = Path.of(tree.getSourceFile().toUri());
        var positions = Trees.instance(task).getSourcePositions();
        parsed.add(new Source(root.relativize(file), Files.readAllLines(file), tree, positions));
      }
    }
    return parsed;
  }

  /** Walks all trees and collects what a rule objects to. */
  private abstract static class Rule extends TreeScanner<Void, Source> {
    final List<String> offences = new ArrayList<>();

    List<String> offences() {
      sources.forEach(source -> scan(source.tree(), source));
      return offences;
    }
  }

  @Test
  void looksAtEveryModule() {
    var modules =
        sources.stream().map(source -> source.file().getName(0).toString()).distinct().toList();
    assertThat(modules).contains("signing", "longterm", "server", "cli", "bench", "e2e");
  }

  @Test
  void noFileIsTooLong() {
    assertThat(sources)
        .allSatisfy(
            s -> assertThat(s.lines().size()).as("%s", s.file()).isLessThanOrEqualTo(MAX_FILE));
  }

  @Test
  void everyFileNamesItsLicence() {
    assertThat(sources)
        .allSatisfy(source ->
            assertThat(source.lines().getFirst())
                .as("%s", source.file())
                .isEqualTo("// SPDX-License-Identifier: Apache-2.0"));
  }

  @Test
  void noMethodIsTooLong() {
    var rule =
        new Rule() {
          @Override
          public Void visitMethod(MethodTree method, Source source) {
            LineMap lines = source.tree().getLineMap();
            long end = source.positions().getEndPosition(source.tree(), method);
            if (method.getBody() != null && end > 0) {
              long first =
                  lines.getLineNumber(
                      source.positions().getStartPosition(source.tree(), method.getBody()));
              long length = lines.getLineNumber(end) - first + 1;
              if (length > MAX_METHOD) {
                offences.add(source.at(method) + " " + method.getName() + ": " + length);
              }
            }
            return super.visitMethod(method, source);
          }
        };
    assertThat(rule.offences()).isEmpty();
  }

  @Test
  void noCatchIsEmpty() {
    var rule =
        new Rule() {
          @Override
          public Void visitCatch(CatchTree catching, Source source) {
            if (catching.getBlock().getStatements().isEmpty()) {
              offences.add(source.at(catching));
            }
            return super.visitCatch(catching, source);
          }
        };
    assertThat(rule.offences()).isEmpty();
  }

  @Test
  void noMethodThrowsJustAnything() {
    var rule =
        new Rule() {
          @Override
          public Void visitMethod(MethodTree method, Source source) {
            if (method.getThrows().stream()
                .anyMatch(t -> List.of("Exception", "Throwable").contains(t.toString()))) {
              offences.add(source.at(method) + " " + method.getName());
            }
            return super.visitMethod(method, source);
          }
        };
    assertThat(rule.offences()).isEmpty();
  }

  @Test
  void noTypeHasANameThatSaysNothing() {
    var rule =
        new Rule() {
          @Override
          public Void visitClass(ClassTree type, Source source) {
            if (EMPTY_NAME.matcher(type.getSimpleName()).matches()) {
              offences.add(source.at(type) + " " + type.getSimpleName());
            }
            return super.visitClass(type, source);
          }
        };
    assertThat(rule.offences()).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsAndThatNothingIsNull() {
    var packages = sources.stream().map(source -> source.file().getParent()).distinct().toList();
    var described =
        sources.stream()
            .filter(source -> source.file().endsWith("package-info.java"))
            .filter(source -> source.lines().contains("@NullMarked"))
            .map(source -> source.file().getParent())
            .toList();
    assertThat(described).containsExactlyInAnyOrderElementsOf(packages);
  }
}
