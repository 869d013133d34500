// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.container;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.artifact.Patch;
import io.sgcsign.artifact.Patch.Piece;
import io.sgcsign.layout.cab.CabContent;
import io.sgcsign.layout.cab.CabFile;
import io.sgcsign.layout.cfb.CompoundFile;
import io.sgcsign.layout.pe.BurnBundle;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.layout.zip.AppendedZip;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import java.util.List;
import java.util.Optional;

/** A file that holds files, of a kind that is told by its first bytes. */
enum Container {
  /** ZIP, and all that is one: nupkg, vsix, msix, appx, jar, apk. */
  ZIP {
    @Override
    boolean begins(Artifact artifact) {
      return ZipFile.begins(artifact);
    }

    @Override
    void each(Artifact artifact, Visitor visitor) {
      ZipFile zip = ZipFile.parseWide(artifact);
      for (ZipEntry entry : zip.entries()) {
        if (!entry.folder()) {
          zip.stream(entry, visitor.begin(entry.name()));
          visitor.end();
        }
      }
    }
  },
  CABINET {
    @Override
    boolean begins(Artifact artifact) {
      return CabFile.recognise(artifact);
    }

    @Override
    void each(Artifact artifact, Visitor visitor) {
      CabContent.parse(artifact)
          .each(
              new CabContent.Visitor() {
                @Override
                public Artifact.Sink begin(String name) {
                  return visitor.begin(name);
                }

                @Override
                public void end() {
                  visitor.end();
                }
              });
    }
  },
  /** Windows Installer packages: streams hold cabinets, custom actions and icons. */
  COMPOUND_FILE {
    @Override
    boolean begins(Artifact artifact) {
      return CompoundFile.begins(artifact);
    }

    @Override
    void each(Artifact artifact, Visitor visitor) {
      var file = CompoundFile.parse(artifact);
      InstallerStreams.each(file, file.root(), "", visitor);
    }
  },
  /** WiX bundles: cabinets behind the program that installs what they hold. */
  BUNDLE {
    @Override
    boolean begins(Artifact artifact) {
      return BurnBundle.claimed(artifact);
    }

    @Override
    void each(Artifact artifact, Visitor visitor) {
      int number = 0;
      for (BurnBundle.Attached part : BurnBundle.containers(artifact)) {
        var range = new Piece.Range(part.from(), part.to() - part.from());
        if (!CabFile.recognise(artifact.with(Patch.of(range)))) {
          throw new ArtifactException(
              "SGC-ARTIFACT-MALFORMED",
              "The container of the bundle at offset " + part.from() + " is no cabinet",
              "Build the bundle again and check that no tool changed it afterwards.");
        }
        artifact.stream(part.from(), part.to(), visitor.begin("container" + number++));
        visitor.end();
      }
    }
  },
  /** Programs with a ZIP behind them, which they unpack. */
  SELF_EXTRACTING {
    @Override
    boolean begins(Artifact artifact) {
      return archive(artifact).isPresent();
    }

    @Override
    void each(Artifact artifact, Visitor visitor) {
      ZIP.each(archive(artifact).orElseThrow(), visitor);
    }

    private static Optional<Artifact> archive(Artifact artifact) {
      try {
        return PeFile.recognise(artifact)
            ? AppendedZip.find(artifact, PeFile.parse(artifact).imageEnd())
            : Optional.empty();
      } catch (ArtifactException _) {
        return Optional.empty(); // a damaged program: whoever judges it says so
      }
    }
  };

  /** Receives the files one after the other. */
  interface Visitor {
    /** The next file; its content follows. */
    Artifact.Sink begin(String name);

    /** The content was all. */
    void end();
  }

  static Optional<Container> of(Artifact artifact) {
    return List.of(values()).stream().filter(c -> c.begins(artifact)).findFirst();
  }

  abstract boolean begins(Artifact artifact);

  /**
   * Hands over every file.
   *
   * @throws ArtifactException if the container is damaged, or compressed in a way nobody here knows
   */
  abstract void each(Artifact artifact, Visitor visitor);
}
