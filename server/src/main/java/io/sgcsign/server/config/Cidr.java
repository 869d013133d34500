// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** A range of addresses, IPv4 or IPv6 (RFC 4632, RFC 4291 §2.3). */
public record Cidr(InetAddress network, int prefix) {
  static final List<Cidr> LOOPBACK =
      List.of(parse("127.0.0.0/8").orElseThrow(), parse("::1/128").orElseThrow());

  /** Parses {@code 10.0.0.0/8} or a single address. Never asks DNS. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    Optional<InetAddress> parsed = literal(address);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    int bits = parsed.get().getAddress().length * 8;
    String length = slash < 0 ? "" + bits : text.substring(slash + 1);
    if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
      return Optional.empty();
    }
    return Optional.of(new Cidr(parsed.get(), Integer.parseInt(length)));
  }

  /** An address literal; empty for anything that would need a name server. */
  static Optional<InetAddress> literal(String text) {
    boolean literal =
        text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")
            || (text.indexOf(':') >= 0 && text.matches("[0-9A-Fa-f:.]+"));
    if (!literal) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Whether {@code address}, a literal or {@code localhost}, is inside. */
  public boolean contains(String address) {
    return literal(address.equals("localhost") ? "127.0.0.1" : address)
        .map(this::contains)
        .orElse(false);
  }

  public boolean contains(InetAddress address) {
    byte[] own = network.getAddress();
    byte[] other = address.getAddress();
    int shift = own.length * 8 - prefix;
    return own.length == other.length
        && new BigInteger(1, own)
            .shiftRight(shift)
            .equals(new BigInteger(1, other).shiftRight(shift));
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
