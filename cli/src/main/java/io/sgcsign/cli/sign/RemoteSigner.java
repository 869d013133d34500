// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.cli.sign.HashQueue.Answer;
import io.sgcsign.format.Options;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SignerException;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.wire.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Signs one file by sending its imprints to the server. Used by one thread. */
final class RemoteSigner implements Signer {
  private final Order order;
  private final Options options;
  private final SigningContext context;
  private final HashQueue queue;
  private final Turns turns;
  private final String name;
  private final List<String> warnings = new ArrayList<>();
  private Optional<String> requestId = Optional.empty();
  private Optional<Long> logIndex = Optional.empty();
  private int asks;

  /**
   * @param name the file's, for the server's record
   */
  RemoteSigner(
      Order order,
      Options options,
      SigningContext context,
      HashQueue queue,
      Turns turns,
      String name) {
    this.order = order;
    this.options = options;
    this.context = context;
    this.queue = queue;
    this.turns = turns;
    this.name = name;
  }

  @Override
  public SigningContext context() {
    return context;
  }

  @Override
  public SignatureBlock sign(Imprint imprint) {
    int ordinal = asks++;
    String signer = imprint.signer().toString();
    String subject = imprint.format() + "/" + imprint.kind();
    String key = ItemKey.of(order, subject, options, imprint.artifact(), signer, ordinal);
    var ask =
        HashCall.item(name, key, ordinal, ordinal == 0 ? Optional.empty() : requestId, imprint);
    return switch (turns.aside(() -> queue.ask(ask))) {
      case Answer.Signed signed -> {
        requestId = requestId.or(() -> Optional.of(signed.requestId()));
        logIndex = signed.logIndex();
        signed.warnings().stream().filter(w -> !warnings.contains(w)).forEach(warnings::add);
        yield signed.block();
      }
      case Answer.Pending(String id) -> throw new SignerException.Pending(id);
      case Answer.Refused(Problem problem) -> {
        requestId = requestId.or(() -> Optional.ofNullable(problem.requestId()));
        throw problem.code().retryable()
            ? new SignerException.Unavailable(problem)
            : new SignerException.Refused(problem);
      }
    };
  }

  Optional<String> requestId() {
    return requestId;
  }

  /** Where the record of the last one is in the ledger. */
  Optional<Long> logIndex() {
    return logIndex;
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
