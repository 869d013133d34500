// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.request;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.log.Json;
import io.sgcsign.server.ledger.Answer;
import io.sgcsign.signature.SignatureBlock;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is kept beside a block, so that a repeated request gets the same answer. */
final class AnswerInfo {
  private static final String TYPE = "type";
  private static final String TOKEN = "token";
  private static final String CHAIN = "chain";
  private static final String XML = "xml";
  private static final String VALUE = "value";

  private AnswerInfo() {}

  static Json.Obj of(SignatureBlock block) {
    if (block instanceof SignatureBlock.Xml xml) {
      var info = Json.object().put(TYPE, XML);
      xml.token().ifPresent(t -> info.put(TOKEN, t.toBase64()));
      return info.build();
    }
    if (block instanceof SignatureBlock.Value value) {
      String chain = value.chain().stream().map(Bytes::toBase64).collect(Collectors.joining(","));
      return Json.object().put(TYPE, VALUE).put(CHAIN, chain).build();
    }
    return Json.Obj.EMPTY;
  }

  static SignatureBlock block(Answer answer) {
    if (answer.info().findText(TYPE).equals(Optional.of(XML))) {
      return new SignatureBlock.Xml(
          answer.block(), answer.info().findText(TOKEN).map(Bytes::fromBase64));
    }
    if (answer.info().findText(TYPE).equals(Optional.of(VALUE))) {
      String chain = answer.info().findText(CHAIN).orElse("");
      return new SignatureBlock.Value(
          answer.block(), Stream.of(chain.split(",", -1)).map(Bytes::fromBase64).toList());
    }
    return new SignatureBlock.Cms(answer.block());
  }
}
