// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.container;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Walks through the files in a file, and through the files in these. What they are is told by their
 * first bytes, never by their names. Used by one thread.
 */
public final class NestedFiles {
  /** Between the names of a container and of what is in it. */
  public static final String INSIDE = "!/";

  /** Bytes that tell a container or a program. */
  private static final int HEAD = 64;

  private final Spool spool;
  private final Visitor visitor;
  private final Budget budget;

  private NestedFiles(Spool spool, Visitor visitor, Budget budget) {
    this.spool = spool;
    this.visitor = visitor;
    this.budget = budget;
  }

  /** Gets to know what is inside. */
  public interface Visitor {
    /** Whether to be given a file that begins like this. */
    boolean wants(Bytes head);

    /**
     * A file that was wanted.
     *
     * @param path the names of all containers it lies in, and its own
     * @param artifact closed afterwards
     */
    void file(String path, Artifact artifact);

    /** Nobody can say what this container holds. */
    void closed(String path, String why);
  }

  /** Whether {@code artifact} is of a kind that holds files. */
  public static boolean has(Artifact artifact) {
    return Container.of(artifact).isPresent();
  }

  /** Visits all files in {@code artifact}, at most five containers deep. */
  public static void walk(Artifact artifact, String name, Spool spool, Visitor visitor) {
    new NestedFiles(spool, visitor, new Budget(artifact.size())).inside(artifact, name, 1);
  }

  private void inside(Artifact artifact, String path, int depth) {
    Optional<Container> container = Container.of(artifact);
    if (container.isEmpty()) {
      return;
    }
    if (depth > Budget.MAX_DEPTH) {
      visitor.closed(
          path, "It lies in more than " + Budget.MAX_DEPTH + " containers; unpack some first");
      return;
    }
    try (var level = new Level(path, depth)) {
      container.get().each(artifact, level);
    } catch (ArtifactException e) {
      if (budget.spent() && depth > 1) {
        throw e; // whoever is outside has no budget left either
      }
      visitor.closed(path, String.valueOf(e.getMessage()));
    }
  }

  /** The files of one container. */
  private final class Level implements Container.Visitor, AutoCloseable {
    private final String path;
    private final int depth;
    private Catch current = new Catch("");

    Level(String path, int depth) {
      this.path = path;
      this.depth = depth;
    }

    @Override
    public Artifact.Sink begin(String name) {
      budget.takeFile();
      current = new Catch(path + INSIDE + name);
      return current;
    }

    @Override
    public void end() {
      current.finish(artifact -> {
        if (visitor.wants(head(artifact))) {
          visitor.file(current.name, artifact);
        }
        inside(artifact, current.name, depth + 1);
      });
    }

    @Override
    public void close() {
      current.close();
    }
  }

  private static Bytes head(Artifact artifact) {
    return artifact.read(0, (int) Math.min(HEAD, artifact.size()));
  }

  /** A file that comes out of a container; kept if its first bytes say that anybody cares. */
  private final class Catch implements Artifact.Sink, AutoCloseable {
    private final String name;
    private final byte[] head = new byte[HEAD];
    private int headSize;
    private Optional<Spool.Draft> draft = Optional.empty();
    private boolean decided;

    Catch(String name) {
      this.name = name;
    }

    @Override
    public void accept(byte[] buffer, int offset, int length) {
      budget.take(length);
      int taken = decided ? 0 : Math.min(HEAD - headSize, length);
      System.arraycopy(buffer, offset, head, headSize, taken);
      headSize += taken;
      if (!decided && headSize == HEAD) {
        decide();
      }
      if (taken < length) {
        draft.ifPresent(d -> d.accept(buffer, offset + taken, length - taken));
      }
    }

    private void decide() {
      decided = true;
      Bytes bytes = Bytes.wrap(Arrays.copyOf(head, headSize));
      if (visitor.wants(bytes) || Container.of(Artifact.of(bytes)).isPresent()) {
        draft = Optional.of(spool.begin());
        draft.get().accept(head, 0, headSize);
      }
    }

    void finish(Consumer<Artifact> use) {
      if (!decided) {
        decide();
      }
      if (draft.isPresent()) {
        try (Spool.Draft spooled = draft.get();
            Artifact artifact = spooled.finish()) {
          use.accept(artifact);
        }
      }
    }

    /** Gives back what a file that broke off took; after {@link #finish} nothing. */
    @Override
    public void close() {
      draft.ifPresent(Spool.Draft::close);
    }
  }
}
