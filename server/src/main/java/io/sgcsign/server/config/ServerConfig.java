// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import io.sgcsign.bytes.Secret;
import io.sgcsign.key.Params;
import io.sgcsign.timestamp.StampProtocol;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The checked configuration: the documented JSON as records.
 *
 * @param file where it came from
 * @param warnings what the operator should know, for example blocks this build does not enforce
 */
public record ServerConfig(
    Path file,
    Server server,
    Path database,
    Admin admin,
    int retentionDays,
    List<Provider> providers,
    Timestamping timestamping,
    Optional<Path> trustAnchors,
    Optional<TestAuthorityConfig> testAuthority,
    List<String> warnings) {
  public ServerConfig {
    providers = List.copyOf(providers);
    warnings = List.copyOf(warnings);
  }

  /**
   * The listener.
   *
   * @param publicPaths paths under {@code /api/v1} open to everybody
   * @param maxUploadBytes largest upload
   */
  public record Server(
      String listen,
      int port,
      Optional<Tls> tls,
      long maxUploadBytes,
      Firewall firewall,
      Set<String> publicPaths,
      String logLevel,
      String node,
      String logOrigin) {
    public Server {
      publicPaths = Set.copyOf(publicPaths);
    }
  }

  /** Certificate and key of the listener, PEM. */
  public record Tls(Path certificate, Path key, Optional<Secret> password) {}

  /** The built-in firewall; a disabled part is empty. */
  public record Firewall(
      List<Cidr> whitelist,
      List<Cidr> blacklist,
      Optional<BruteForce> bruteForce,
      Optional<RateLimit> rateLimit) {
    public Firewall {
      whitelist = List.copyOf(whitelist);
      blacklist = List.copyOf(blacklist);
    }
  }

  /** So many failures, then so many seconds of ban. */
  public record BruteForce(int maxAttempts, int banSeconds) {}

  /** So many new connections in so many seconds. */
  public record RateLimit(int maxConnections, int windowSeconds) {}

  /** The first administrator. */
  public record Admin(String initialUser, String initialPasswordEnv, int sessionMinutes) {}

  /**
   * A named handle to a signing key.
   *
   * @param params empty if this build does not know the type
   * @param required whether the server may run without it; empty: by the kind of provider
   */
  public record Provider(
      String name,
      String type,
      Optional<Params> params,
      Rules rules,
      Optional<URI> tsaUrl,
      Optional<Boolean> required) {}

  /** What a provider may sign: the signing policy until projects have their own. */
  public record Rules(
      Optional<Set<String>> formats,
      boolean allowSha1,
      Optional<StampRule> timestamp,
      boolean allowHashOnly) {
    public Rules {
      formats = formats.map(Set::copyOf);
    }

    /**
     * Whether {@code format} is allowed. Without a list all are, but for those of {@code alone},
     * whose keys sign nothing else.
     */
    public boolean signs(String format, Set<String> alone) {
      return formats.map(f -> f.contains(format)).orElse(!alone.contains(format));
    }
  }

  /** Whether a signature needs a time stamp. */
  public enum StampRule {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  /**
   * Ordered authorities, and the URLs callers may name.
   *
   * @param hedge whether the next one is asked too while one is slow
   */
  public record Timestamping(List<Authority> authorities, boolean hedge, List<URI> allowed) {
    public Timestamping {
      authorities = List.copyOf(authorities);
      allowed = List.copyOf(allowed);
    }

    /** The authorities that are asked in this way, in order. */
    public List<Authority> speaking(StampProtocol protocol) {
      return authorities.stream().filter(a -> a.protocol() == protocol).toList();
    }
  }

  /**
   * A time-stamp authority.
   *
   * @param protocol how it is asked
   * @param policy OID its tokens must be under
   * @param perMinute requests it gets; 0: no limit
   */
  public record Authority(
      URI url,
      StampProtocol protocol,
      Optional<Path> anchors,
      Optional<String> policy,
      int perMinute) {}

  /** The quickstart's TEST authority on a loopback port. */
  public record TestAuthorityConfig(
      int port, Path tsaFile, Secret tsaPassword, Path rootFile, Path folder) {}

  /** Whether only this machine can connect. */
  public boolean loopbackOnly() {
    return Cidr.LOOPBACK.stream().anyMatch(c -> c.contains(server.listen()));
  }
}
