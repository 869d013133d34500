// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Call;
import io.sgcsign.cli.api.MixedReply;
import io.sgcsign.cli.api.Multipart;
import io.sgcsign.cli.api.Reply;
import io.sgcsign.cli.files.Delivery;
import io.sgcsign.cli.files.Draft;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.DigestAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code POST /api/v1/sign/{format}}: the file goes and comes back signed. */
final class UploadCall {
  private static final String SIGNED_FILE = "application/octet-stream";

  private final ApiClient api;
  private final Order order;

  UploadCall(ApiClient api, Order order) {
    this.api = api;
    this.order = order;
  }

  /** What came with the signed file. */
  record Uploaded(Optional<String> requestId, Optional<Long> logIndex, List<String> warnings) {
    Uploaded {
      warnings = List.copyOf(warnings);
    }
  }

  /** Signs {@code artifact} into {@code delivery}. */
  Uploaded sign(Lane lane, Artifact artifact, String name, Delivery delivery) {
    Digest digest = artifact.digest(DigestAlgorithm.SHA256);
    String signer = lane.way().chain().fingerprint().toString();
    String format = lane.format().descriptor().name();
    String kind = lane.format().recognise(artifact, name).map(k -> k.name()).orElse("");
    String key = ItemKey.of(order, format + "/" + kind, lane.options(), digest, signer, 0);
    // the key is random enough to be no part of any file
    var form = new Multipart("sgcsign" + key, fields(lane), name, artifact, Optional.empty());
    var call =
        Call.post("/api/v1/sign/" + format, form).withHeader("Idempotency-Key", '"' + key + '"');
    return api.send(call, reply -> receive(lane, reply, delivery));
  }

  private Map<String, String> fields(Lane lane) {
    Map<String, String> fields = new TreeMap<>(Order.sent(lane.format(), lane.options()));
    fields.putAll(order.build().facts());
    order.build().labels().forEach((k, v) -> fields.put("labels." + k, v));
    fields.put("provider", order.provider());
    order.tsa().ifPresent(v -> fields.put("tsa_url", v));
    order.timestamp().ifPresent(v -> fields.put("timestamp", v));
    // fail and skip were decided here already
    fields.put(
        "if_signed",
        (order.ifSigned() == IfSigned.APPEND ? IfSigned.APPEND : IfSigned.REPLACE).wireName());
    return fields;
  }

  private Uploaded receive(Lane lane, Reply reply, Delivery delivery) throws IOException {
    Optional<MixedReply> parts = MixedReply.of(reply, api::notOurs);
    if (parts.isPresent()) {
      both(lane, parts.get(), delivery);
    } else {
      one(reply, delivery.file());
    }
    return new Uploaded(
        reply.header("X-Sgcsign-Request-Id"),
        reply.header("X-Sgcsign-Log-Index").map(Long::valueOf),
        reply.header("X-Sgcsign-Warning").stream()
            .flatMap(w -> Arrays.stream(w.split("; ", -1)))
            .toList());
  }

  /** The signed file, and the one that goes beside it. */
  private void both(Lane lane, MixedReply parts, Delivery delivery) throws IOException {
    String suffix =
        lane.format()
            .companion()
            .orElseThrow(() -> api.notOurs("it answered with two files where there is one"));
    delivery.file().write(parts::next);
    delivery.beside(suffix).write(parts::next);
    parts.end();
  }

  private void one(Reply reply, Draft draft) throws IOException {
    String type = reply.header("Content-Type").orElse("nothing");
    if (!type.equals(SIGNED_FILE)) {
      throw api.notOurs("it answered with " + type + " where a signed file is to come");
    }
    Optional<Long> length = reply.header("Content-Length").map(Long::valueOf);
    draft.write(out -> {
      long copied = copy(reply.body(), out);
      if (length.isPresent() && length.get() != copied) {
        throw new IOException(
            "The answer ended after " + copied + " of " + length.get() + " bytes");
      }
    });
  }

  private static long copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[Artifact.STEP];
    long copied = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      copied += n;
    }
    return copied;
  }
}
