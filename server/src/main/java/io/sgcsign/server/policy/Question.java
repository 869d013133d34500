// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.policy;

import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.server.config.ServerConfig;
import io.sgcsign.server.config.ServerConfig.StampRule;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.timestamp.StampProtocol;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of the policy.
 *
 * @param contentSeen the server has the file itself
 * @param hashes the digest algorithms of the signatures wanted
 * @param stamp what the request says about a time stamp
 * @param protocol how the request wants it stamped
 * @param tsa the authority the request names
 * @param certificate of the signer
 */
public record Question(
    Principal.ApiKey by,
    ServerConfig.Provider provider,
    FormatDescriptor format,
    boolean contentSeen,
    List<DigestAlgorithm> hashes,
    Optional<StampRule> stamp,
    StampProtocol protocol,
    Optional<URI> tsa,
    X509Certificate certificate) {
  public Question {
    hashes = List.copyOf(hashes);
  }
}
