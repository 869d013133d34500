// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A new version of a file: written beside it, forced to disk, checked by the caller, then put in
 * its place in one step. Closing without {@link #publish} leaves no trace. Used by one thread.
 */
public final class Draft implements AutoCloseable {
  private final Path target;
  private final Path file;
  private final TempFiles temps;
  private boolean begun;
  private @Nullable Path published;

  private Draft(Path target, Path file, TempFiles temps) {
    this.target = target;
    this.file = file;
    this.temps = temps;
  }

  /** Something that writes a file's content. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A draft of {@code target}; missing folders are made. */
  public static Draft of(Path target, TempFiles temps) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw Failure.usage(target + " is no file name", "it is a root", "Check -o.").exception();
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
    return new Draft(target, temps.begin(folder), temps);
  }

  /** Where the draft lies until it is published. */
  public Path file() {
    return file;
  }

  /**
   * Writes the whole content and forces it to disk; once more if the content broke off. What the
   * content itself throws passes; what the disk says becomes a failure.
   */
  public void write(Content content) throws IOException {
    FileChannel channel = create();
    try (channel) {
      content.writeTo(new Disk(Channels.newOutputStream(channel), target));
      force(channel);
    }
  }

  /** Writes this and forces it to disk. */
  public void write(Artifact content) {
    write(content, Runnable::run);
  }

  /**
   * As {@link #write(Artifact)}.
   *
   * @param waiting runs what only waits for the disk
   */
  public void write(Artifact content, Consumer<Runnable> waiting) {
    try (FileChannel channel = create()) {
      content.copyTo(channel);
      waiting.accept(() -> force(channel));
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  private FileChannel create() {
    try {
      var how = begun ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.CREATE_NEW;
      FileChannel channel = FileChannel.open(file, how, StandardOpenOption.WRITE);
      begun = true;
      return channel;
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  private void force(FileChannel channel) {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  /** What is on disk now. */
  public Artifact reopen() {
    try {
      return Artifact.open(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts the draft in the target's place; mode and, where allowed, owner are the target's, or the
   * source's if there was no target.
   */
  public void publish(Path source) {
    publish(source, Runnable::run);
  }

  /**
   * As {@link #publish(Path)}.
   *
   * @param waiting runs what only waits for the disk
   */
  public void publish(Path source, Consumer<Runnable> waiting) {
    try {
      keepMode(Files.exists(target) ? target : source);
      move();
      published = target;
      temps.end(file);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
    waiting.accept(this::forceFolder);
  }

  private void move() throws IOException {
    try {
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void keepMode(Path like) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    PosixFileAttributes old = Files.readAttributes(like, PosixFileAttributes.class);
    PosixFileAttributes now = view.readAttributes();
    if (!old.owner().equals(now.owner()) || !old.group().equals(now.group())) {
      var _ = giveTo(old, view);
    }
    view.setPermissions(old.permissions());
  }

  /** Only root may give files away; for everybody else the content is what counts. */
  private static boolean giveTo(PosixFileAttributes old, PosixFileAttributeView view) {
    try {
      view.setOwner(old.owner());
      view.setGroup(old.group());
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** The rename itself survives a power cut only if the folder is on disk too. */
  private void forceFolder() {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null
        || Files.getFileAttributeView(
                folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            == null) {
      return;
    }
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  @Override
  public void close() {
    if (published == null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        temps.end(file);
      }
    }
  }

  private static FailureException unwritable(Path target, IOException e) {
    return Failure.of(
            ExitCode.UNEXPECTED,
            target + " cannot be written",
            String.valueOf(e),
            "Check free space and permissions; the old file is untouched.")
        .exception();
  }

  /** Tells the disk's errors from the network's. */
  private static final class Disk extends OutputStream {
    private final OutputStream out;
    private final Path target;

    Disk(OutputStream out, Path target) {
      this.out = out;
      this.target = target;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      try {
        out.write(buffer, offset, length);
      } catch (IOException e) {
        throw unwritable(target, e);
      }
    }
  }
}
