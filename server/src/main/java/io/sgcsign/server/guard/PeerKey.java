// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.guard;

import io.sgcsign.bytes.Bytes;
import java.net.InetAddress;

/** What counts as one peer: an IPv4 address, or an IPv6 /64, of which one customer has all. */
record PeerKey(Bytes bytes) {
  private static final int IPV6_NETWORK = 8;

  static PeerKey of(InetAddress address) {
    byte[] raw = address.getAddress();
    return new PeerKey(Bytes.of(raw, 0, Math.min(raw.length, IPV6_NETWORK)));
  }
}
