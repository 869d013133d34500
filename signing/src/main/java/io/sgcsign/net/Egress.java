// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.net;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says where calls may go. What the configuration names may be anywhere; all else must be a public
 * host on a usual port, so that nobody reaches inner services through us. The name is resolved
 * again for the call itself; who fears that it changes in between runs behind a proxy with rules.
 */
public final class Egress {
  private static final Set<Integer> USUAL_PORTS = Set.of(80, 443);

  private final Set<String> infrastructure;
  private final Resolver resolver;

  private Egress(Set<String> infrastructure, Resolver resolver) {
    this.infrastructure = infrastructure;
    this.resolver = resolver;
  }

  /** Turns a host name into addresses. */
  @FunctionalInterface
  interface Resolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  /**
   * Lets out to the scheme, host and port of {@code configured}, wherever it is, and to public
   * hosts.
   */
  public static Egress guard(Collection<URI> configured) {
    return guard(configured, host -> List.of(InetAddress.getAllByName(host)));
  }

  static Egress guard(Collection<URI> configured, Resolver resolver) {
    return new Egress(
        configured.stream().map(Egress::place).collect(Collectors.toUnmodifiableSet()), resolver);
  }

  private static String place(URI uri) {
    return (uri.getScheme() + "://" + uri.getHost() + ":" + port(uri)).toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /**
   * Lets a call pass.
   *
   * @throws NetException {@link NetException.Kind#FORBIDDEN} if it must not leave, {@link
   *     NetException.Kind#UNREACHABLE} if the host is unknown
   */
  public void check(URI target) {
    String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw forbidden(target, "only http and https are");
    }
    if (target.getHost() == null || target.getRawUserInfo() != null) {
      throw forbidden(target, "it needs a host and must not hold a user");
    }
    if (infrastructure.contains(place(target))) {
      return;
    }
    if (!USUAL_PORTS.contains(port(target))) {
      throw forbidden(target, "only ports " + USUAL_PORTS + " are");
    }
    for (InetAddress address : resolve(target)) {
      if (!PublicAddress.is(address)) {
        throw forbidden(target, address.getHostAddress() + " is no public address");
      }
    }
  }

  private List<InetAddress> resolve(URI target) {
    String host = target.getHost();
    boolean literal = host.startsWith("[");
    try {
      return resolver.resolve(literal ? host.substring(1, host.length() - 1) : host);
    } catch (UnknownHostException e) {
      throw new NetException(NetException.Kind.UNREACHABLE, "The host " + host + " is unknown", e);
    }
  }

  private static NetException forbidden(URI target, String why) {
    // without path and query: they may hold a secret
    return new NetException(
        NetException.Kind.FORBIDDEN,
        "Calls to " + place(target) + " are not allowed: " + why,
        null);
  }
}
