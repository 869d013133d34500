// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.timestamp.TimestampAuthority;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The time-stamp authorities this server asks. */
record TimeStamps(ServerConfig.Timestamping config, TimestampAuthority test) {

  List<X509Certificate> anchors() {
    return config.authorities().stream()
        .flatMap(a -> a.anchors().stream())
        .flatMap(f -> AnchorFile.read(f).stream())
        .toList();
  }

  TimestampAuthority authority(Optional<URI> url) {
    return test;
  }
}
