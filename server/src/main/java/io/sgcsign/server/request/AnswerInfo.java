// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.server.ledger.Answer;
import io.sgcsign.signature.SignatureBlock;
import java.util.Optional;

/** What is kept beside a block, so that a repeated request gets the same answer. */
final class AnswerInfo {
  private static final String TYPE = "type";
  private static final String TOKEN = "token";
  private static final String XML = "xml";

  private AnswerInfo() {}

  static Json.Obj of(SignatureBlock block) {
    if (block instanceof SignatureBlock.Xml xml) {
      var info = Json.object().put(TYPE, XML);
      xml.token().ifPresent(t -> info.put(TOKEN, t.toBase64()));
      return info.build();
    }
    return Json.Obj.EMPTY;
  }

  static SignatureBlock block(Answer answer) {
    if (answer.info().findText(TYPE).equals(Optional.of(XML))) {
      return new SignatureBlock.Xml(
          answer.block(), answer.info().findText(TOKEN).map(Bytes::fromBase64));
    }
    return new SignatureBlock.Cms(answer.block());
  }
}
