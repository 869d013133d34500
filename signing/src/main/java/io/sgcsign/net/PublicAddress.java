// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Tells public unicast addresses from all others (the IANA special-purpose registries). */
final class PublicAddress {
  private static final List<Block> NOT_PUBLIC_4 =
      List.of(
          block("0.0.0.0", 8), // this network
          block("10.0.0.0", 8), // private
          block("100.64.0.0", 10), // shared: carriers, cloud metadata
          block("127.0.0.0", 8), // loopback
          block("169.254.0.0", 16), // link local, cloud metadata
          block("172.16.0.0", 12), // private
          block("192.0.0.0", 24), // protocol assignments
          block("192.0.2.0", 24), // documentation
          block("192.88.99.0", 24), // 6to4 relays
          block("192.168.0.0", 16), // private
          block("198.18.0.0", 15), // benchmarks
          block("198.51.100.0", 24), // documentation
          block("203.0.113.0", 24), // documentation
          block("224.0.0.0", 3)); // multicast, reserved, broadcast

  /** Only 2000::/3 is global unicast; these parts of it are not. */
  private static final List<Block> NOT_PUBLIC_6 =
      List.of(
          block("2001::", 23), // protocol assignments, Teredo
          block("2001:db8::", 32), // documentation
          block("3fff::", 20)); // documentation

  private static final Block GLOBAL_UNICAST = block("2000::", 3);
  private static final Block NAT64 = block("64:ff9b::", 96);
  private static final Block SIX_TO_FOUR = block("2002::", 16);

  private PublicAddress() {}

  private record Block(InetAddress network, int bits) {
    boolean contains(InetAddress address) {
      byte[] a = address.getAddress();
      byte[] n = network.getAddress();
      if (a.length != n.length) {
        return false;
      }
      int whole = bits / 8;
      int rest = 0xff00 >>> (bits % 8) & 0xff;
      return Arrays.equals(a, 0, whole, n, 0, whole)
          && (rest == 0 || (a[whole] & rest) == (n[whole] & rest));
    }
  }

  private static Block block(String network, int bits) {
    return new Block(InetAddress.ofLiteral(network), bits);
  }

  static boolean is(InetAddress address) {
    if (address instanceof Inet4Address) {
      return NOT_PUBLIC_4.stream().noneMatch(b -> b.contains(address));
    }
    if (NAT64.contains(address)) {
      return is(embedded(address, 12));
    }
    if (SIX_TO_FOUR.contains(address)) {
      return is(embedded(address, 2));
    }
    return GLOBAL_UNICAST.contains(address)
        && NOT_PUBLIC_6.stream().noneMatch(b -> b.contains(address));
  }

  private static InetAddress embedded(InetAddress address, int at) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }
}
