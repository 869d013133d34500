// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import com.sun.net.httpserver.HttpExchange;
import io.sgcsign.artifact.Artifact;
import io.sgcsign.assembly.TestSigner;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.tool.HttpStub;
import io.sgcsign.wire.BlockJson;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.ContextJson;
import io.sgcsign.wire.ImprintJson;
import io.sgcsign.wire.Members;
import io.sgcsign.wire.Problem;
import io.sgcsign.wire.WireException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/**
 * The signing part of a server with a real key in memory. It notes everything that
 * docs/reference/api.md does not know as a fault, and misbehaves when it is told to.
 */
final class FakeServer implements AutoCloseable {
  static final String API_KEY = "sgcsk_fake";
  static final SignatureFormat FORMAT = Formats.byName("authenticode").orElseThrow();
  private static final String CONTEXT = "/api/v1/providers/build/context";
  private static final String CHAIN = "/api/v1/providers/build/chain";
  private static final String SIGNATURE = "/api/v1/signatures/";
  static final String PROVIDERS = "/api/v1/providers";
  static final String HASH = "/api/v1/sign/authenticode/hash";
  static final String UPLOAD = "/api/v1/sign/authenticode";
  private static final List<String> OPTIONS =
      List.of("hash", "description", "url", "page_hashes", "rsa_padding");

  private final Issued key;
  private final HttpStub stub;
  private final List<String> faults = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private final Queue<Trouble> troubles = new ArrayDeque<>();
  private final Map<String, Reply> replies = new HashMap<>();
  private final List<String> uses = new ArrayList<>();
  private Function<Imprint, Consumer<JsonGenerator>> items;
  private final List<String> completed = new ArrayList<>();
  private boolean forgetful;

  FakeServer(Issued key) {
    this.key = key;
    this.items = imprint -> blockItem(block(imprint));
    this.stub = HttpStub.handling(this::handle);
  }

  /** A request that signs: where it went, for which Idempotency-Keys, with which fields. */
  record Seen(String path, List<String> keys, Map<String, String> fields) {}

  /** A good answer. */
  record Reply(int status, String type, Map<String, String> headers, Bytes body) {
    static Reply json(String text) {
      return new Reply(200, "application/json", Map.of(), Bytes.utf8(text));
    }

    void send(HttpExchange exchange) throws IOException {
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.size());
      body.writeTo(exchange.getResponseBody());
    }
  }

  /** What happens instead of a good answer. The work was done: trying again gives the same. */
  @FunctionalInterface
  interface Trouble {
    void answer(HttpExchange exchange, Reply good) throws IOException;

    /** Any status with a text. */
    static Trouble status(int status, String... headers) {
      return (exchange, _) -> {
        for (int i = 0; i < headers.length; i += 2) {
          exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
        new Reply(status, "text/html", Map.of(), Bytes.utf8("<h1>" + status + "</h1>"))
            .send(exchange);
      };
    }

    /** The body of a problem. */
    static Trouble problem(Problem problem) {
      return (exchange, _) ->
          new Reply(
                  problem.code().status(),
                  "application/problem+json",
                  Map.of(),
                  Bytes.utf8(Json.write(problem::write)))
              .send(exchange);
    }

    /** Half of the answer; then the connection is gone. */
    static Trouble cut() {
      return (exchange, good) -> {
        good.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", good.type());
        exchange.sendResponseHeaders(200, good.body().size());
        good.body().slice(0, good.body().size() / 2).writeTo(exchange.getResponseBody());
        exchange.getResponseBody().flush();
      };
    }

    /** 200, but somebody else's page. */
    static Trouble html() {
      return (exchange, _) ->
          new Reply(200, "text/html", Map.of(), Bytes.utf8("<html>Welcome to the hotel</html>"))
              .send(exchange);
    }
  }

  URI uri() {
    return stub.uri().resolve("/");
  }

  Issued key() {
    return key;
  }

  /** The next signing requests meet these, one each; those after them are answered well. */
  synchronized FakeServer meets(Trouble... all) {
    troubles.addAll(List.of(all));
    return this;
  }

  /** What is said of each imprint. */
  synchronized void says(Function<Imprint, Consumer<JsonGenerator>> item) {
    items = item;
  }

  /** Whether each item is judged anew, as after an intent that failed. */
  synchronized void forgets(boolean value) {
    forgetful = value;
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** Requests that sign, troubled ones as well. */
  synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** The Idempotency-Key of every signature that was made. */
  synchronized List<String> uses() {
    return List.copyOf(uses);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    Bytes body = Bytes.wrap(exchange.getRequestBody().readAllBytes());
    String route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    try {
      credential(exchange);
      switch (route) {
        case "GET " + PROVIDERS -> providers().send(exchange);
        case "GET " + CONTEXT -> context(exchange.getRequestURI().getQuery()).send(exchange);
        case "GET " + CHAIN -> chain().send(exchange);
        case "POST " + HASH -> troubled(exchange, hash(exchange, body));
        case "POST " + UPLOAD -> troubled(exchange, upload(exchange, body));
        case "GET /api/v1/providers/nowhere/context" ->
            Trouble.problem(Problem.of(Code.NOT_FOUND, "There is no provider \"nowhere\""))
                .answer(exchange, providers());
        case String r when r.startsWith("GET " + SIGNATURE) ->
            signature(r.substring(("GET " + SIGNATURE).length())).answer(exchange, providers());
        default -> {
          faults.add("undocumented: " + route);
          Trouble.status(404).answer(exchange, providers());
        }
      }
    } catch (WireException | IllegalArgumentException e) {
      faults.add(route + ": " + e);
      Trouble.status(400).answer(exchange, providers());
    }
  }

  /** This file's signatures are in the ledger. */
  synchronized void completed(Bytes file) {
    FORMAT.blocks(Artifact.of(file)).forEach(b -> completed.add(Digest.sha256(b).toString()));
  }

  private Trouble signature(String digest) {
    return completed.contains(digest)
        ? (exchange, _) -> Reply.json("{\"block\": \"" + digest + "\"}").send(exchange)
        : Trouble.problem(Problem.of(Code.NOT_FOUND, "There is no signature " + digest));
  }

  private void troubled(HttpExchange exchange, Reply good) throws IOException {
    Trouble trouble = troubles.poll();
    if (trouble == null) {
      good.send(exchange);
    } else {
      trouble.answer(exchange, good);
    }
  }

  private void credential(HttpExchange exchange) {
    var headers = exchange.getRequestHeaders();
    expect(List.of(API_KEY).equals(headers.get("X-API-Key")), "X-API-Key");
    expect(headers.get("Authorization") == null, "no Authorization");
    expect(String.valueOf(headers.getFirst("User-Agent")).startsWith("sgcsign/"), "User-Agent");
  }

  private void expect(boolean holds, String what) {
    if (!holds) {
      faults.add("wrong: " + what);
    }
  }

  private static Reply providers() {
    return Reply.json("{\"providers\": [{\"name\": \"build\", \"ready\": true}]}");
  }

  private Reply context(String query) {
    expect("format=authenticode&hash=sha256".equals(query), "query " + query);
    var context = TestSigner.of(FORMAT, Options.of(FORMAT.descriptor(), Map.of()), key).context();
    return Reply.json(Json.write(json -> ContextJson.write(json, context)));
  }

  private Reply chain() {
    return new Reply(200, "application/x-pem-file", Map.of(), Bytes.utf8(key.certificatesPem()));
  }

  private Reply hash(HttpExchange exchange, Bytes body) {
    expect(
        "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type")),
        "Content-Type");
    var call = new Members((JsonValue.Obj) Json.parse(body.toUtf8()), "");
    call.onlyKnown(List.of("provider", "tsa_url", "timestamp", "options", "build", "items"));
    call.object("options").onlyKnown(OPTIONS);
    Map<String, String> fields = new TreeMap<>(call.textMap("options"));
    fields.put("provider", call.text("provider"));
    call.optionalText("timestamp").ifPresent(t -> fields.put("timestamp", t));
    List<String> keys = call.objects("items").stream().map(i -> i.text("key")).toList();
    seen.add(new Seen(HASH, keys, fields));
    return Reply.json(
        Json.write(json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("items");
          call.objects("items").forEach(item -> item(json, item));
          json.writeEndArray();
          json.writeEndObject();
        }));
  }

  private void item(JsonGenerator json, Members item) {
    item.onlyKnown(List.of("name", "key", "ask", "request_id", "imprint"));
    String idempotency = item.text("key");
    expect(idempotency.matches("[A-Za-z0-9_-]{43}"), "key " + idempotency);
    expect(item.integer("ask") == 0, "ask");
    Imprint imprint = ImprintJson.read(item.object("imprint"));
    if (forgetful) {
      replies.remove(idempotency);
    }
    Reply reply =
        replies.computeIfAbsent(
            idempotency,
            _ -> {
              uses.add(idempotency);
              return Reply.json(Json.write(items.apply(imprint)));
            });
    json.writeStartObject();
    json.writeStringProperty("name", item.text("name"));
    json.writeStringProperty("request_id", "req_" + uses.indexOf(idempotency));
    String members = reply.body().toUtf8();
    json.writeRaw("," + members.substring(1, members.length() - 1));
    json.writeEndObject();
  }

  /** An item with a signature. */
  static Consumer<JsonGenerator> blockItem(SignatureBlock block) {
    return json -> {
      json.writeStartObject();
      json.writeName("block");
      BlockJson.write(json, block);
      json.writeNumberProperty("log_index", 7);
      json.writeArrayPropertyStart("warnings");
      json.writeString("no time stamp");
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  /** A good block of this server's key. */
  SignatureBlock block(Imprint imprint) {
    return block(imprint, key);
  }

  static SignatureBlock block(Imprint imprint, Issued key) {
    return TestSigner.of(FORMAT, Options.of(FORMAT.descriptor(), Map.of()), key).sign(imprint);
  }

  private Reply upload(HttpExchange exchange, Bytes body) {
    var headers = exchange.getRequestHeaders();
    String quoted = String.valueOf(headers.getFirst("Idempotency-Key"));
    expect(quoted.matches("\"[A-Za-z0-9_-]{43}\""), "Idempotency-Key " + quoted);
    String type = String.valueOf(headers.getFirst("Content-Type"));
    var form = FakeForm.parse(type, body);
    var known = new ArrayList<>(OPTIONS);
    known.addAll(List.of("provider", "if_signed", "timestamp", "tsa_url"));
    form.fields().keySet().forEach(f -> expect(known.contains(f), "field " + f));
    seen.add(new Seen(UPLOAD, List.of(quoted), form.fields()));
    return replies.computeIfAbsent(
        quoted,
        _ -> {
          uses.add(quoted);
          return signed(form.file());
        });
  }

  private Reply signed(Bytes file) {
    Options options = Options.of(FORMAT.descriptor(), Map.of());
    Artifact artifact = Artifact.of(file);
    var made = (Signed.Patched) FORMAT.sign(artifact, options, TestSigner.of(FORMAT, options, key));
    Artifact signed = artifact.with(made.patch());
    return new Reply(
        200,
        "application/octet-stream",
        Map.of("X-Sgcsign-Request-Id", "req_up", "X-Sgcsign-Log-Index", "7"),
        signed.read(0, (int) signed.size()));
  }

  @Override
  public void close() {
    stub.close();
  }
}
