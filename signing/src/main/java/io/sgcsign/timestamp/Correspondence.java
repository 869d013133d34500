// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.net.NetException;
import io.sgcsign.net.RestClient;
import io.sgcsign.net.RestClient.Answer;
import io.sgcsign.net.RestClient.Call;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every protocol has in common: one POST to an authority, and refusals that name it.
 *
 * @param deadline for one stamp
 */
record Correspondence(URI url, RestClient http, Duration deadline) {
  /** Bytes. Tokens have 3 to 10 KiB; with page-long certificates perhaps 50. */
  private static final int MAX_ANSWER = 1024 * 1024;

  /** How far the authority's clock may be from ours. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);

  /** The body of an answer with status 200. */
  Answer post(Bytes request, Map<String, String> headers) {
    Answer answer;
    try {
      answer = http.send(new Call("POST", url, headers, request, deadline, MAX_ANSWER));
    } catch (NetException e) {
      throw refused(reason(e), e);
    }
    if (answer.status() != 200) {
      throw refused("it answered with HTTP status " + answer.status(), null);
    }
    return answer;
  }

  /** Without the host, which stands in front already. */
  private String reason(NetException e) {
    String message = String.valueOf(e.getMessage());
    String host = url.getHost() + ": ";
    return message.startsWith(host) ? message.substring(host.length()) : message;
  }

  void insistOnClock(Instant ours, Instant theirs) {
    Duration off = Duration.between(ours, theirs).abs();
    if (off.compareTo(MAX_SKEW) > 0) {
      throw refused("its clock is off by " + off.toSeconds() + " s, or ours", null);
    }
  }

  TimestampException refused(String why, @Nullable Throwable cause) {
    return new TimestampException(url + ": " + why, cause);
  }
}
