// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.container;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.layout.cab.CabContent;
import io.sgcsign.layout.cab.CabFile;
import io.sgcsign.layout.cfb.CompoundFile;
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
