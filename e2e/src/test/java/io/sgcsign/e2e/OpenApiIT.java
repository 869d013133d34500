// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Option;
import io.sgcsign.format.Options;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.KeyType;
import io.sgcsign.wire.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document and what the server does, held together. */
final class OpenApiIT {
  private static final Bytes FILE = Programs.x64();
  private static final List<String> OPEN = List.of("/api/v1/health/live", "/api/v1/admin/login");
  @TempDir private static Path folder;
  private static ServerProcess server;
  private static Api api;
  private static Api admin;
  private static String document;
  private static JsonValue.Obj paths;
  private static String requestId;
  private static String keyId;
  private static String blockDigest;

  @BeforeAll
  static void start() {
    var pki = TestPki.create();
    server =
        Site.in(folder)
            .stamping(pki, Site.freePort())
            .provider("build", pki.signer("Open", KeyType.EC_P256))
            .write()
            .start();
    api = Api.signedUp(server.uri());
    admin = api.anonymous().admin();
    Answer answer = api.get("/api/v1/openapi.json");
    document = answer.text();
    paths = answer.good().object("paths").orElseThrow();
    Answer signed = api.sign(FormData.of(FILE, "build"));
    requestId = signed.header("X-Sgcsign-Request-Id");
    var format = Formats.byName("authenticode").orElseThrow();
    blockDigest = Digest.sha256(format.blocks(Artifact.of(signed.signed())).getFirst()).toString();
    keyId = admin.json("POST", "/api/v1/admin/keys", "{\"name\": \"open\"}").string("id");
  }

  @AfterAll
  static void stop() {
    api.close();
    server.close();
  }

  /** An operation of the document. */
  private record Operation(String method, String path, JsonValue.Obj members) {
    /** The path with things that exist in place of its parameters. */
    String real() {
      return path.replace("{name}", "build")
          .replace("{code}", "sgc-not-found")
          .replace("{digest}", blockDigest)
          .replace("{id}", path.contains("/keys/") ? keyId : requestId);
    }
  }

  private static List<Operation> operations() {
    var all = new ArrayList<Operation>();
    paths
        .members()
        .forEach((path, methods) ->
            ((JsonValue.Obj) methods)
                .members()
                .forEach((method, operation) ->
                    all.add(
                        new Operation(
                            method.toUpperCase(Locale.ROOT), path, (JsonValue.Obj) operation))));
    return all;
  }

  @Test
  void listsEveryRouteOfThisVersion() {
    assertThat(api.get("/api/v1/openapi.json").good().text("openapi")).contains("3.1.0");
    assertThat(operations())
        .extracting(o -> o.method() + " " + o.path())
        .contains(
            "POST /api/v1/sign/authenticode",
            "POST /api/v1/sign/authenticode/hash",
            "POST /api/v1/verify",
            "GET /api/v1/providers",
            "GET /api/v1/providers/{name}/context",
            "GET /api/v1/requests/{id}/receipt",
            "GET /api/v1/health/ready",
            "GET /api/v1/openapi.json",
            "POST /api/v1/admin/login",
            "DELETE /api/v1/admin/keys/{id}",
            "GET /log/checkpoint");
  }

  @Test
  void listsNoRouteThatIsNotThere() {
    for (Operation operation : operations()) {
      if (operation.method().equals("DELETE")) {
        continue; // that the key it would delete is there, the other tests need
      }
      Api caller = operation.path().contains("/admin/") ? admin : api;
      Answer answer = caller.call(operation.method(), operation.real());
      assertThat(answer.status()).as("%s", operation).isNotIn(404, 405, 500);
    }
  }

  @Test
  void asksForACredentialWhereverItSaysSo() {
    for (Operation operation : operations()) {
      Answer answer = api.anonymous().call(operation.method(), operation.real());
      boolean open = operation.members().items("security").isEmpty();
      assertThat(open).as("%s", operation.path()).isEqualTo(OPEN.contains(operation.path()));
      if (open) {
        assertThat(answer.status()).as("%s", operation.path()).isNotEqualTo(401);
      } else {
        answer.problem(Code.CREDENTIALS_MISSING);
      }
    }
  }

  @Test
  void namesOnlyProblemsThatExistUnderTheirStatus() {
    for (Operation operation : operations()) {
      JsonValue.Obj responses = operation.members().object("responses").orElseThrow();
      responses
          .members()
          .forEach((status, response) -> {
            if (status.startsWith("2")) {
              return;
            }
            String codes = ((JsonValue.Obj) response).text("description").orElseThrow();
            for (String name : codes.split(", ", -1)) {
              Optional<Code> code = Code.byWireName(name);
              assertThat(code.map(Code::status))
                  .as("%s of %s", name, operation.path())
                  .contains(Integer.parseInt(status));
            }
          });
    }
  }

  @Test
  void describesEveryOptionOfAFormatAsAFormField() {
    String form =
        "/paths/~1api~1v1~1sign~1authenticode/post/requestBody/content/multipart~1form-data/schema";
    JsonValue.Obj properties =
        at(form).object("properties").orElseThrow(() -> new AssertionError(form));
    for (Option option : Formats.byName("authenticode").orElseThrow().descriptor().options()) {
      if (!option.name().equals(Options.EXISTING)) {
        assertThat(properties.get(option.name())).as(option.name()).isPresent();
      }
    }
    assertThat(properties.members().keySet())
        .contains("file", "provider", "tsa_url", "timestamp", "if_signed", "description");
    properties
        .members()
        .keySet()
        .forEach(field -> {
          var form2 = FormData.of(FILE, "build");
          if (!List.of("file", "provider").contains(field)) {
            form2.field(field, "");
          }
          assertThat(api.sign(form2).status()).as(field).isEqualTo(200);
        });
  }

  private static JsonValue.Obj at(String pointer) {
    JsonValue.Obj here = (JsonValue.Obj) Json.parse(document);
    for (String step : pointer.substring(1).split("/", -1)) {
      String name = step.replace("~1", "/").replace("~0", "~");
      JsonValue.Obj from = here;
      here = here.object(name).orElseThrow(() -> new AssertionError(name + " not in " + from));
    }
    return here;
  }

  /** Holds an answer against the schema the document has for it. */
  private static void fits(Answer answer, String method, String path) {
    String type = answer.header("Content-Type");
    String pointer =
        "/paths/"
            + path.replace("/", "~1")
            + "/"
            + method.toLowerCase(Locale.ROOT)
            + "/responses/"
            + answer.status()
            + "/content/"
            + type.replace("/", "~1")
            + "/schema";
    var _ = at(pointer);
    String reference = pointer.replace("{", "%7B").replace("}", "%7D");
    String schema = "{\"$ref\":\"#" + reference + "\"," + document.substring(1);
    var errors =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema, InputFormat.JSON)
            .validate(answer.text(), InputFormat.JSON);
    assertThat(errors).as("%s %s: %s", method, path, answer).isEmpty();
  }

  @Test
  void answersAsItSays() {
    fits(api.get("/api/v1/providers"), "GET", "/api/v1/providers");
    fits(api.get("/api/v1/providers/build"), "GET", "/api/v1/providers/{name}");
    fits(
        api.get("/api/v1/providers/build/context?format=authenticode"),
        "GET",
        "/api/v1/providers/{name}/context");
    fits(api.get("/api/v1/health"), "GET", "/api/v1/health");
    fits(api.get("/api/v1/health/live"), "GET", "/api/v1/health/live");
    fits(api.get("/api/v1/health/ready"), "GET", "/api/v1/health/ready");
    fits(api.get("/api/v1/keys/self"), "GET", "/api/v1/keys/self");
    fits(admin.get("/api/v1/admin/keys"), "GET", "/api/v1/admin/keys");
    fits(
        admin.json("POST", "/api/v1/admin/keys", "{\"name\": \"n\"}"),
        "POST",
        "/api/v1/admin/keys");
    fits(api.login(Site.ADMIN_PASSWORD), "POST", "/api/v1/admin/login");
    fits(api.verify(FILE), "POST", Api.VERIFY);
    fits(api.verify(api.sign(FormData.of(FILE, "build")).signed()), "POST", Api.VERIFY);
    fits(hashed(), "POST", Api.HASH);
    fits(api.get("/api/v1/requests/" + requestId), "GET", "/api/v1/requests/{id}");
    Answer signature = api.get("/api/v1/signatures/" + blockDigest);
    assertThat(signature.string("request_id")).isEqualTo(requestId);
    fits(signature, "GET", "/api/v1/signatures/{digest}");
  }

  private static Answer hashed() {
    Map<String, String> options = Map.of("hash", "sha256");
    var context = RemoteSigner.context(api, "build", "sha256");
    var imprint = RemoteSigner.imprint(FILE, options, context);
    var items =
        List.of(
            HashRequest.Item.of("good", imprint),
            new HashRequest.Item("bad", Optional.empty(), 1, Optional.of("req_none"), imprint));
    return api.hash(new HashRequest("build", Optional.empty(), options, items));
  }

  @Test
  void describesRequestsThatWereRefusedToo() {
    Answer refused = api.sign(FormData.of(Bytes.utf8("no program"), "build"));
    fits(refused, "POST", Api.SIGN);
    String id = refused.string("request_id");
    Poll.until(
        "the refusal is recorded",
        Duration.ofSeconds(10),
        () -> api.get("/api/v1/requests/" + id).status() == 200);
    fits(api.get("/api/v1/requests/" + id), "GET", "/api/v1/requests/{id}");
    fits(api.get("/api/v1/requests"), "GET", "/api/v1/requests");
  }

  @Test
  void describesItsProblems() {
    fits(api.anonymous().get("/api/v1/providers"), "GET", "/api/v1/providers");
    fits(api.get("/api/v1/requests/req_none"), "GET", "/api/v1/requests/{id}");
    String none = "sha256:" + "0".repeat(64);
    fits(api.get("/api/v1/signatures/" + none), "GET", "/api/v1/signatures/{digest}");
    fits(api.get("/api/v1/signatures/sha256:0"), "GET", "/api/v1/signatures/{digest}");
    fits(api.sign(new FormData().field("provider", "build")), "POST", Api.SIGN);
    fits(api.sign(FormData.of(FILE, "nowhere")), "POST", Api.SIGN);
    fits(api.json("POST", Api.HASH, "{"), "POST", Api.HASH);
    fits(admin.sign(FormData.of(FILE, "build")), "POST", Api.SIGN);
    fits(api.login("wrong password"), "POST", "/api/v1/admin/login");
  }
}
