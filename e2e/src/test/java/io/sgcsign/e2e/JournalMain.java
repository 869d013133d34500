// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.key.KeyEnvironment;
import io.sgcsign.key.KeyException;
import io.sgcsign.key.KeyProvider;
import io.sgcsign.key.KeyProviders;
import io.sgcsign.key.KeySession;
import io.sgcsign.key.Params;
import io.sgcsign.key.ProviderDescriptor;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.server.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The packaged server with one provider more, {@code Journal}: PFX keys whose every use is on disk,
 * in a file of their own, before it happens. What the ledger promises is held against that file.
 */
public final class JournalMain {
  static final String TYPE = "Journal";

  private JournalMain() {}

  public static void main(String[] args) {
    var providers = new ArrayList<>(KeyProviders.ALL);
    providers.add(new JournalProvider(KeyProviders.byType("PFX").orElseThrow()));
    System.exit(Main.run(providers, args));
  }

  /** Starts such a server on a site. */
  static ServerProcess start(Site site) {
    return ServerProcess.start(command(site), site.environment(), site.folder());
  }

  private static List<String> command(Site site) {
    Path target = Packaged.root().resolve("server/target");
    String classes =
        JournalMain.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-Xmx192m",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        jar(target) + ":" + target.resolve("lib") + "/*:" + classes,
        JournalMain.class.getName(),
        "--config",
        site.config().toString());
  }

  private static Path jar(Path target) {
    try (var jars = Files.newDirectoryStream(target, "server-*.jar")) {
      for (Path jar : jars) {
        if (!jar.toString().endsWith("-tests.jar") && !jar.toString().endsWith("-sources.jar")) {
          return jar;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("The server is not packaged");
  }

  /** JSON of a provider of this type over a PFX file of {@link TestPki}. */
  static String provider(String name, String file, Path journal) {
    return """
    { "name": "%s", "type": "%s",
      "params": { "file": "%s", "password": "%s", "journal": "%s" } }
    """
        .formatted(name, TYPE, file, TestPki.PASSWORD, journal);
  }

  /** The digests the keys were used for, in order; a torn last line was no use yet. */
  static List<String> uses(Path journal) {
    try {
      String text = Files.exists(journal) ? Files.readString(journal) : "";
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record JournalProvider(KeyProvider pfx) implements KeyProvider {
    @Override
    public ProviderDescriptor descriptor() {
      var params = new ArrayList<>(pfx.descriptor().params());
      params.add(new ProviderDescriptor.Param("journal", true, false, true, "The journal."));
      return new ProviderDescriptor(TYPE, "PFX with a journal", true, true, params);
    }

    @Override
    public KeySession open(Params params, KeyEnvironment environment) {
      Path journal = params.path("journal").orElseThrow();
      var plain = new HashMap<>(params.plain());
      plain.remove("journal");
      KeySession session = pfx.open(new Params(Map.copyOf(plain), params.secrets()), environment);
      try {
        var file = FileChannel.open(journal, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new JournalSession(session, file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record JournalSession(KeySession session, FileChannel journal) implements KeySession {
    @Override
    public List<SigningKey> keys() {
      return session.keys().stream().<SigningKey>map(key -> new JournalKey(key, journal)).toList();
    }

    @Override
    public SessionState state() {
      return session.state();
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private record JournalKey(SigningKey key, FileChannel journal) implements SigningKey {
    @Override
    public CertificateChain chain() {
      return key.chain();
    }

    @Override
    public Set<SignatureAlgorithm> algorithms() {
      return key.algorithms();
    }

    @Override
    public List<Bytes> sign(List<Digest> digests, SignatureAlgorithm algorithm) {
      var lines = new StringBuilder();
      digests.forEach(d -> lines.append(d).append('\n'));
      synchronized (journal) {
        try {
          var _ = journal.write(Bytes.utf8(lines.toString()).asBuffer());
          journal.force(false);
        } catch (IOException e) {
          throw new KeyException("The journal cannot be written: " + e, "Look at the disk.");
        }
      }
      return key.sign(digests, algorithm);
    }
  }
}
