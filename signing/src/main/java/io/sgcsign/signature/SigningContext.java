// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.signature;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.SignatureAlgorithm;
import java.time.Instant;

/**
 * Everything a format may depend on besides the artifact and its options. Made by the server,
 * frozen for a request, handed to the command line in pre-hash mode.
 *
 * @param time the time written into signatures that carry one
 * @param seed 32 random bytes that feed IDs and IVs, so that a run can be repeated
 * @param maxBlockSize bytes a format reserves for a signature block: chain + 16 KiB for the token
 */
public record SigningContext(
    CertificateChain chain,
    SignatureAlgorithm algorithm,
    Instant time,
    Bytes seed,
    int maxBlockSize) {}
