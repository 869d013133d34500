// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sgcsign.assembly.SignatureAssembler;
import io.sgcsign.assembly.Stamping;
import io.sgcsign.assembly.TokenIssuer;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.crypto.CryptoBackend;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.key.SoftwareKey;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.pki.LeafProfile;
import io.sgcsign.pki.SignatureAlgorithm;
import io.sgcsign.pki.TestAuthority;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.wire.BlockJson;
import io.sgcsign.wire.ContextJson;
import io.sgcsign.wire.ImprintJson;
import io.sgcsign.wire.Members;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JsonGenerator;

/** As much of a server, with throw-away keys, as one signature needs: only for rehearsals. */
final class RehearsalServer implements AutoCloseable {
  /** Bytes of a block; what a context has to say. */
  private static final int MAX_BLOCK = 64 * 1024;

  private static final SignatureFormat FORMAT = Formats.byName("authenticode").orElseThrow();

  private final TestAuthority authority;
  private final SoftwareKey key;
  private final SignatureAssembler assembler;
  private final TokenIssuer stamps;
  private final SigningContext context;
  private final HttpsServer server;

  RehearsalServer(InstantSource clock, SecureRandom random) throws IOException {
    Instant now = clock.instant();
    authority =
        TestAuthority.create(new TestAuthority.Setup(KeyType.RSA_2048, now, true, null), random);
    CryptoBackend backend = CryptoBackend.select(random);
    assembler = new SignatureAssembler(backend);
    key = key(LeafProfile.codeSigning("rehearsal", KeyType.RSA_2048, now), backend);
    SoftwareKey stamper =
        key(LeafProfile.timeStamping("rehearsal TSA", KeyType.RSA_2048, now), backend);
    stamps = new TokenIssuer(assembler, stamper, TokenIssuer.Settings.forTests(), clock, random);
    SignatureAlgorithm algorithm = key.algorithms().iterator().next();
    context = new SigningContext(key.chain(), algorithm, now, Bytes.wrap(new byte[32]), MAX_BLOCK);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(now)));
    server.createContext("/", this::handle);
    server.start();
  }

  private SoftwareKey key(LeafProfile profile, CryptoBackend backend) {
    Issued issued = authority.issue(profile);
    return SoftwareKey.of(issued.chain(), issued.keys().getPrivate(), backend);
  }

  private SSLContext tls(Instant now) {
    try {
      List<String> hosts = List.of("localhost", "127.0.0.1");
      Issued issued = authority.issue(LeafProfile.tlsServer(hosts, KeyType.EC_P256, now));
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      Certificate[] chain = issued.chain().certificates().toArray(Certificate[]::new);
      store.setKeyEntry("tls", issued.keys().getPrivate(), new char[0], chain);
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      var tls = SSLContext.getInstance("TLS");
      tls.init(keys.getKeyManagers(), null, null);
      return tls;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("This JDK has no TLS", e);
    }
  }

  URI uri() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  /** Whom to trust for everything here. */
  String rootPem() {
    return authority.rootPem();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Bytes asked = Bytes.wrap(exchange.getRequestBody().readAllBytes());
      String said =
          switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "context" -> Json.write(json -> ContextJson.write(json, context));
            case "hash" -> Json.write(json -> sign(json, asked));
            default -> "{\"providers\": []}";
          };
      Bytes answer = Bytes.utf8(said);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.size());
      answer.writeTo(exchange.getResponseBody());
    }
  }

  private void sign(JsonGenerator json, Bytes asked) {
    if (!(Json.parse(asked.toUtf8()) instanceof JsonValue.Obj call)) {
      throw new IllegalArgumentException("no object");
    }
    json.writeStartObject();
    json.writeArrayPropertyStart("items");
    for (Members item : new Members(call, "").objects("items")) {
      json.writeStartObject();
      json.writeStringProperty("name", item.text("name"));
      json.writeStringProperty("request_id", "req_rehearsal");
      json.writeName("block");
      BlockJson.write(json, block(ImprintJson.read(item.object("imprint"))));
      json.writeNumberProperty("log_index", 1);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private SignatureBlock block(Imprint imprint) {
    Options options = Options.of(FORMAT.descriptor(), Map.of());
    return assembler
        .assemble(
            c -> FORMAT.toBeSigned(imprint, options, c),
            context,
            key,
            new Stamping.Required(stamps))
        .block();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
