// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.assembly;

import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.timestamp.TimeStampToken;
import java.util.Optional;

/**
 * What the assembler made.
 *
 * @param block ready to be embedded, the time stamp included
 * @param token the time stamp, if one was wanted and the structure can carry one
 * @param stampable whether the structure can carry one
 */
public record Assembled(SignatureBlock block, Optional<TimeStampToken> token, boolean stampable) {}
