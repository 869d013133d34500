// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.http;

import io.sgcsign.format.Formats;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.key.SigningKey;
import io.sgcsign.pki.CertificateChain;
import io.sgcsign.pki.DistinguishedName;
import io.sgcsign.pki.Pem;
import io.sgcsign.server.identity.Principal;
import io.sgcsign.server.request.HashDesk;
import io.sgcsign.server.request.KeyRing;
import io.sgcsign.server.request.SignOrder;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.ContextJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** What the caller may sign with. Unknown and forbidden providers answer alike. */
final class ProviderEndpoints {
  private static final Schema.Obj PROVIDER =
      Schema.object()
          .required("name", Schema.text(), "The name callers use.")
          .required("type", Schema.text(), "The kind of provider.")
          .required("ready", Schema.flag(), "Whether it can sign now.")
          .with("formats", Schema.items(Schema.text()), "Formats it signs.")
          .with("subject", Schema.text(), "Subject of its certificate.")
          .with("thumbprint", Schema.text(), "SHA-256 of its certificate.")
          .with("not_after", Schema.time(), "End of life of its certificate.")
          .with("self_signed", Schema.flag(), "Whether it is a test certificate.");

  private ProviderEndpoints() {}

  static List<Endpoint> all(KeyRing keys, HashDesk desk) {
    return List.of(new Listing(keys), new One(keys), new Chain(keys), new Context(keys, desk));
  }

  private static boolean visible(Exchange exchange, KeyRing.Slot slot) {
    return switch (exchange.principal()) {
      case Principal.ApiKey key -> key.mayUse(slot.config().name());
      case Principal.User _ -> true;
      case Principal.Anonymous _ -> false;
    };
  }

  private static KeyRing.Slot slot(Exchange exchange, KeyRing keys) {
    String name = exchange.parameter("name");
    return keys.slot(name)
        .filter(s -> visible(exchange, s))
        .orElseThrow(
            () -> ProblemException.of(Code.NOT_FOUND, "There is no provider \"" + name + "\""));
  }

  private static void write(JsonGenerator json, KeyRing.Slot slot) {
    json.writeStartObject();
    json.writeStringProperty("name", slot.config().name());
    json.writeStringProperty("type", slot.config().type());
    json.writeBooleanProperty("ready", slot.state().ready());
    json.writeArrayPropertyStart("formats");
    Formats.ALL.stream()
        .map(f -> f.descriptor().name())
        .filter(f -> slot.config().rules().signs(f, Formats.ALONE))
        .forEach(json::writeString);
    json.writeEndArray();
    slot.key()
        .map(SigningKey::chain)
        .ifPresent(chain -> {
          json.writeStringProperty(
              "subject", DistinguishedName.format(chain.leaf().getSubjectX500Principal()));
          json.writeStringProperty("thumbprint", chain.fingerprint().toString());
          json.writeStringProperty("not_after", chain.leaf().getNotAfter().toInstant().toString());
          json.writeBooleanProperty("self_signed", chain.selfSigned());
        });
    json.writeEndObject();
  }

  /** All of them. */
  private record Listing(KeyRing keys) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
          "/api/v1/providers",
          Access.ANY,
          "providers",
          "The providers the caller may use",
          Operation.json(
              Schema.object().required("providers", Schema.items(PROVIDER), "In the file's order."),
              "The providers."));
    }

    @Override
    public void handle(Exchange exchange) {
      exchange.answer(
          200,
          json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("providers");
            keys.slots().stream().filter(s -> visible(exchange, s)).forEach(s -> write(json, s));
            json.writeEndArray();
            json.writeEndObject();
          });
    }
  }

  /** One. */
  private record One(KeyRing keys) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
              "/api/v1/providers/{name}",
              Access.ANY,
              "provider",
              "One provider",
              Operation.json(PROVIDER, "The provider."))
          .withProblems(Code.NOT_FOUND);
    }

    @Override
    public void handle(Exchange exchange) {
      KeyRing.Slot slot = slot(exchange, keys);
      exchange.answer(200, json -> write(json, slot));
    }
  }

  /** The certificates of one. */
  private record Chain(KeyRing keys) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
              "/api/v1/providers/{name}/chain",
              Access.ANY,
              "provider_chain",
              "A provider's certificates as PEM, leaf first",
              new Operation.Answer(
                  200, "application/x-pem-file", Schema.text(), "The certificates."))
          .withProblems(Code.NOT_FOUND, Code.PROVIDER_UNAVAILABLE);
    }

    @Override
    public void handle(Exchange exchange) {
      CertificateChain chain = chain(slot(exchange, keys));
      var pem = new StringBuilder();
      chain
          .certificates()
          .forEach(c -> pem.append(Pem.encode("CERTIFICATE", CertificateChain.der(c))));
      exchange.send(200, "application/x-pem-file", pem.toString());
    }

    private static CertificateChain chain(KeyRing.Slot slot) {
      return slot.key()
          .map(SigningKey::chain)
          .orElseThrow(() -> ProblemException.of(Code.PROVIDER_UNAVAILABLE, slot.state().detail()));
    }
  }

  /** The signing context of one. */
  private record Context(KeyRing keys, HashDesk desk) implements Endpoint {
    @Override
    public Operation operation() {
      return Operation.get(
              "/api/v1/providers/{name}/context",
              Access.KEY,
              "provider_context",
              "What a pre-hash client needs to know before it hashes",
              Operation.json(new Schema.Ref("SigningContext"), "The context."))
          .withQuery(
              new Operation.Parameter("format", "The format."),
              new Operation.Parameter("hash", "The digest algorithms."))
          .withProblems(
              Code.NOT_FOUND, Code.FORMAT_UNKNOWN, Code.OPTION_INVALID, Code.CERTIFICATE_UNFIT);
    }

    @Override
    public void handle(Exchange exchange) {
      KeyRing.Slot slot = slot(exchange, keys);
      String name = exchange.query("format").orElse("");
      Optional<SignatureFormat> format = Formats.byName(name);
      if (format.isEmpty()) {
        throw ProblemException.of(Code.FORMAT_UNKNOWN, "There is no format \"" + name + "\"");
      }
      Map<String, String> fields = new HashMap<>();
      fields.put("provider", slot.config().name());
      exchange.query("hash").ifPresent(h -> fields.put("hash", h));
      SignOrder order = SignForm.order(exchange, format.get(), fields, "");
      SigningContext context = desk.context(order);
      exchange.answer(200, json -> ContextJson.write(json, context));
    }
  }
}
