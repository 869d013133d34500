// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.cli.GateVerdict.Kind;
import io.sgcsign.cli.GateVerdict.Reason;
import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Call;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.pki.Digest;
import io.sgcsign.wire.Code;
import java.util.List;
import java.util.Optional;

/** What the server's ledger knows of the signatures in files. */
final class RecordedSignatures {
  private final ApiClient api;

  RecordedSignatures(ServerAccess access) {
    this.api = access.client(ServerAccess.Need.ANYBODY, ServerAccess.LONG);
  }

  /** Why the file's signatures are not the server's. */
  Optional<Reason> objection(SignatureFormat format, Artifact artifact) {
    List<String> blocks =
        format.blocks(artifact).stream().map(b -> Digest.sha256(b).toString()).toList();
    return blocks.stream().anyMatch(this::recorded)
        ? Optional.empty()
        : Optional.of(
            new Reason(
                Kind.UNRECORDED,
                "the server has completed none of its " + blocks.size() + " signatures"));
  }

  private boolean recorded(String block) {
    try {
      var _ = api.json(Call.get("/api/v1/signatures/" + block));
      return true;
    } catch (FailureException e) {
      if (e.failure().code().equals(Optional.of(Code.NOT_FOUND))) {
        return false;
      }
      throw e;
    }
  }
}
