// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cab;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The files in a cabinet (MS-CAB §2.3). A folder is one compressed stream with files one after the
 * other in it, so that they can be read in order only. Immutable.
 */
public final class CabContent {
  private static final int FILE_SIZE = 16;
  private static final int MAX_FILES = 65_535;

  /** Bytes of a name (MS-CAB §2.3: szName). */
  private static final int MAX_NAME = 256;

  private static final int UTF8_NAME = 0x80;

  /** From here on folder numbers mean a file that goes on in another cabinet. */
  private static final int CONTINUED = 0xfffd;

  private final CabFile cabinet;
  private final List<List<Member>> folders;

  private record Member(String name, long from, long to) {}

  private CabContent(CabFile cabinet, List<List<Member>> folders) {
    this.cabinet = cabinet;
    this.folders = folders;
  }

  /** Receives the files one after the other. */
  public interface Visitor {
    /** The next file; its content follows. */
    Artifact.Sink begin(String name);

    /** The content was all. */
    void end();
  }

  /**
   * Reads the table of files.
   *
   * @throws ArtifactException if the file is no cabinet, a damaged one, or one of a set
   */
  public static CabContent parse(Artifact artifact) {
    CabFile cabinet = CabFile.parse(artifact);
    if (cabinet.files() > MAX_FILES) {
      throw CabFault.malformed("The cabinet has too many files");
    }
    var folders = new ArrayList<List<Member>>();
    for (int i = 0; i < cabinet.folders(); i++) {
      folders.add(new ArrayList<>());
    }
    long at = cabinet.filesAt();
    for (int i = 0; i < cabinet.files(); i++) {
      at = member(artifact, at, folders);
    }
    folders.forEach(CabContent::inOrder);
    return new CabContent(cabinet, folders);
  }

  /** Reads one CFFILE; returns where the next begins. */
  private static long member(Artifact artifact, long at, List<List<Member>> folders) {
    int room = (int) Math.min(FILE_SIZE + MAX_NAME + 1L, Math.max(0, artifact.size() - at));
    if (room <= FILE_SIZE) {
      throw ArtifactException.truncated("The file ends within its table of files, at " + at);
    }
    Bytes raw = artifact.read(at, room);
    int end = FILE_SIZE;
    while (end < raw.size() && raw.at(end) != 0) {
      end++;
    }
    if (end == FILE_SIZE || end == raw.size()) {
      throw CabFault.malformed("The name of the file at offset " + at + " is empty or has no end");
    }
    boolean utf8 = (CabHeader.u16(raw, 14) & UTF8_NAME) != 0;
    Charset charset = utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    String name = new String(raw.slice(FILE_SIZE, end).toArray(), charset).replace('\\', '/');
    int folder = CabHeader.u16(raw, 8);
    if (folder >= CONTINUED) {
      throw CabFault.partOfASet();
    }
    if (folder >= folders.size()) {
      throw CabFault.malformed("The file " + name + " is in folder " + folder + ", which is none");
    }
    long from = CabHeader.u32(raw, 4);
    folders.get(folder).add(new Member(name, from, from + CabHeader.u32(raw, 0)));
    return at + end + 1;
  }

  private static void inOrder(List<Member> members) {
    members.sort(Comparator.comparingLong(Member::from).thenComparingLong(Member::to));
    for (int i = 1; i < members.size(); i++) {
      if (members.get(i).from() < members.get(i - 1).to()) {
        throw CabFault.malformed(
            "The files %s and %s lie over one another"
                .formatted(members.get(i - 1).name(), members.get(i).name()));
      }
    }
    long at = 0;
    for (Member member : members) {
      // nobody would count what has to be unpacked to come to the file
      if (member.from() > at) {
        throw CabFault.malformed(
            "%d bytes before the file %s belong to no file"
                .formatted(member.from() - at, member.name()));
      }
      at = member.to();
    }
  }

  /**
   * Hands over every file.
   *
   * @throws ArtifactException if data is damaged, or compressed with something else than MSZIP
   */
  public void each(Visitor visitor) {
    List<Integer> filled =
        IntStream.range(0, folders.size())
            .filter(i -> !folders.get(i).isEmpty())
            .boxed()
            .sorted(Comparator.comparingLong(cabinet::dataAt))
            .toList();
    long end = 0;
    for (int i : filled) {
      long needed = folders.get(i).getLast().to();
      if (needed > 0 && cabinet.dataAt(i) < end) {
        throw CabFault.malformed("The data of two folders lie over one another at " + end);
      }
      var cutter = new Cutter(folders.get(i), visitor);
      end = Math.max(end, new CabFolder(cabinet, i).stream(needed, cutter));
      cutter.close();
    }
  }

  /** Cuts a folder into files. */
  private static final class Cutter implements Artifact.Sink {
    private final List<Member> members;
    private final Visitor visitor;
    private int next;
    private Artifact.Sink current;
    private boolean open;
    private long at;

    Cutter(List<Member> members, Visitor visitor) {
      this.members = members;
      this.visitor = visitor;
      this.current = (_, _, _) -> {};
    }

    @Override
    public void accept(byte[] buffer, int offset, int length) {
      int done = 0;
      while (done < length && next < members.size()) {
        Member member = members.get(next);
        long here = at + done;
        if (here < member.from()) {
          done += (int) Math.min(member.from() - here, length - done);
          continue;
        }
        begin(member);
        int step = (int) Math.min(member.to() - here, length - done);
        if (step > 0) { // an empty file has no content to hand over
          current.accept(buffer, offset + done, step);
        }
        done += step;
        endIfAt(at + done);
      }
      at += length;
    }

    private void begin(Member member) {
      if (!open) {
        current = visitor.begin(member.name());
        open = true;
      }
    }

    private void endIfAt(long position) {
      if (members.get(next).to() == position) {
        visitor.end();
        open = false;
        next++;
      }
    }

    /** The folder was all: empty files at its end are all that may be left. */
    void close() {
      while (next < members.size() && members.get(next).to() <= at) {
        begin(members.get(next));
        endIfAt(members.get(next).to());
      }
      if (next < members.size()) {
        throw ArtifactException.truncated(
            "The data of %s ends at %d, not at %d"
                .formatted(members.get(next).name(), at, members.get(next).to()));
      }
    }
  }
}
