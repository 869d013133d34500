// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.pki.Digest;
import io.sgcsign.pki.Issued;
import io.sgcsign.pki.KeyType;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.wire.Code;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing requests that carry imprints only. */
final class HashIT {
  private static final Bytes FILE = Programs.x64();
  private static final Map<String, String> SHA256 = Map.of("hash", "sha256");
  private static final Map<String, String> DUAL = Map.of("hash", "sha1,sha256");
  @TempDir private static Path folder;
  private static ServerProcess server;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.create();
    Issued build = pki.selfSigned("Build", KeyType.EC_P256);
    server =
        Site.in(folder)
            .provider("build", build)
            .provider("dual", pki.selfSigned("Dual", KeyType.RSA_2048), "{ \"allow_sha1\": true }")
            .provider("seen", build, "{ \"allow_hash_only\": false }")
            .write()
            .start();
    api = Api.signedUp(server.uri());
  }

  @AfterAll
  static void stop() {
    api.close();
    server.close();
  }

  private static Imprint imprint(Bytes file) {
    return RemoteSigner.imprint(file, SHA256, RemoteSigner.context(api, "build", "sha256"));
  }

  private static HashRequest one(HashRequest.Item item) {
    return HashRequest.unstamped("build", SHA256, List.of(item));
  }

  private static List<JsonValue.Obj> items(Answer answer) {
    return answer.good().items("items").stream().map(JsonValue.Obj.class::cast).toList();
  }

  private static void refused(Answer answer, Code code) {
    JsonValue.Obj item = items(answer).getFirst();
    assertThat(item.object("problem").flatMap(p -> p.text("code"))).contains(code.wireName());
    assertThat(item.object("block")).isEmpty();
  }

  @Test
  void signsAFileThatNeverTravels() {
    var remote = new RemoteSigner(api, "build", Optional.of("none"), SHA256);

    Bytes signed = remote.sign(FILE);

    assertThat(api.verify(signed).good().flag("valid")).isTrue();
    JsonValue.Obj request = api.get("/api/v1/requests/" + remote.requestId().orElseThrow()).good();
    assertThat(request.text("status")).contains("completed");
    assertThat(request.text("mode")).contains("hash");
    assertThat(request.text("signed")).as("the server did not see it").isEmpty();
  }

  @Test
  void signsAThousandImprintsAtOnceAndNotOneMore() {
    SigningContext context = RemoteSigner.context(api, "build", "sha256");
    Imprint base = RemoteSigner.imprint(FILE, SHA256, context);
    List<HashRequest.Item> thousand =
        IntStream.range(0, 1000)
            .mapToObj(i ->
                HashRequest.Item.of(
                    "f" + i, changed(base, "digest", Digest.sha256(Bytes.utf8("image " + i)))))
            .toList();

    List<JsonValue.Obj> answered =
        items(api.hash(HashRequest.unstamped("build", SHA256, thousand)));

    assertThat(answered).hasSize(1000).allMatch(i -> i.object("block").isPresent());
    assertThat(answered)
        .extracting(i -> i.text("name").orElseThrow())
        .containsExactlyElementsOf(thousand.stream().map(HashRequest.Item::name).toList());
    assertThat(answered.stream().map(i -> i.integer("log_index").orElseThrow()).distinct())
        .hasSize(1000);
    assertThat(answered.stream().map(i -> i.text("request_id").orElseThrow()).distinct())
        .hasSize(1000);
    var more = new ArrayList<>(thousand);
    more.add(HashRequest.Item.of("one more", base));
    api.hash(HashRequest.unstamped("build", SHA256, more)).problem(Code.FIELD_INVALID);
    api.hash(HashRequest.unstamped("build", SHA256, List.of())).problem(Code.FIELD_INVALID);
  }

  private static Imprint changed(Imprint imprint, String member, Digest value) {
    return new Imprint(
        imprint.format(),
        imprint.kind(),
        member.equals("digest") ? value : imprint.digest(),
        member.equals("artifact") ? value : imprint.artifact(),
        member.equals("signer") ? value : imprint.signer(),
        imprint.parts(),
        imprint.facts());
  }

  @Test
  void refusesOneImprintAndSignsTheOthersOfTheBatch() {
    Imprint good = imprint(FILE);
    Imprint foreign = changed(good, "signer", Digest.sha256(Bytes.utf8("another leaf")));
    var request =
        HashRequest.unstamped(
            "build",
            SHA256,
            List.of(HashRequest.Item.of("bad", foreign), HashRequest.Item.of("good", good)));

    List<JsonValue.Obj> answered = items(api.hash(request));

    assertThat(answered.get(0).object("problem").flatMap(p -> p.text("code")))
        .contains(Code.SIGNER_CHANGED.wireName());
    assertThat(answered.get(1).object("block")).isPresent();
  }

  @Test
  void refusesImprintsTheFormatCannotHaveMade() {
    Imprint good = imprint(FILE);
    List<UnaryOperator<Imprint>> lies =
        List.of(
            i ->
                new Imprint(
                    "pades", i.kind(), i.digest(), i.artifact(), i.signer(), i.parts(), i.facts()),
            i ->
                new Imprint(
                    i.format(),
                    "mach-o",
                    i.digest(),
                    i.artifact(),
                    i.signer(),
                    i.parts(),
                    i.facts()),
            i ->
                new Imprint(
                    i.format(),
                    i.kind(),
                    i.digest(),
                    i.artifact(),
                    i.signer(),
                    List.of(new Imprint.NamedDigest("page_hashes", i.digest())),
                    i.facts()),
            i ->
                new Imprint(
                    i.format(),
                    i.kind(),
                    i.digest(),
                    i.artifact(),
                    i.signer(),
                    i.parts(),
                    new TreeMap<>(Map.of("publisher", "Somebody else"))),
            i -> changed(i, "digest", Digest.parse("sha512:" + "00".repeat(64))));

    for (var lie : lies) {
      refused(api.hash(one(HashRequest.Item.of("lie", lie.apply(good)))), Code.FIELD_INVALID);
    }
  }

  @Test
  void givesTheSameAnswerToTheSameKey() {
    HashRequest request = one(HashRequest.Item.of("a", imprint(FILE)).keyed("item-1"));

    JsonValue.Obj first = items(api.hash(request)).getFirst();
    JsonValue.Obj second = items(api.hash(request)).getFirst();

    assertThat(text(second, "data")).isEqualTo(text(first, "data"));
    assertThat(second.text("request_id")).isEqualTo(first.text("request_id"));
    assertThat(second.integer("log_index")).isEqualTo(first.integer("log_index"));
    Imprint other = imprint(Programs.numbered(2));
    refused(
        api.hash(one(HashRequest.Item.of("a", other).keyed("item-1"))), Code.IDEMPOTENCY_MISMATCH);
    Imprint sameFile = changed(imprint(FILE), "digest", Digest.parse("sha256:" + "00".repeat(32)));
    refused(
        api.hash(one(HashRequest.Item.of("a", sameFile).keyed("item-1"))),
        Code.IDEMPOTENCY_MISMATCH);
  }

  private static String text(JsonValue.Obj item, String member) {
    return item.object("block").orElseThrow().text(member).orElseThrow();
  }

  @Test
  void takesLaterAsksOfARequestInOrder() {
    var remote = new RemoteSigner(api, "dual", Optional.of("none"), DUAL);

    Bytes signed = remote.sign(FILE);

    JsonValue.Obj report = api.verify(signed).good();
    assertThat(report.items("signatures")).hasSize(2);
    JsonValue.Obj request = api.get("/api/v1/requests/" + remote.requestId().orElseThrow()).good();
    assertThat(request.items("asks")).hasSize(2);
    assertThat(request.text("status")).contains("completed");
  }

  private static HashRequest.Item later(String requestId, int ask, Imprint imprint) {
    return new HashRequest.Item("app.exe", Optional.empty(), ask, Optional.of(requestId), imprint);
  }

  @Test
  void refusesLaterAsksThatDoNotBelongToTheirRequest() {
    Imprint imprint = imprint(FILE);
    String id =
        items(api.hash(one(HashRequest.Item.of("a", imprint))))
            .getFirst()
            .text("request_id")
            .orElseThrow();

    refused(api.hash(one(later("req_of_nobody", 1, imprint))), Code.NOT_FOUND);
    refused(api.hash(one(later(id, 1, imprint(Programs.numbered(3))))), Code.IMPRINT_CHANGED);
    refused(api.hash(one(later(id, 99, imprint))), Code.FIELD_INVALID);
    Api other = api.with("X-API-Key", api.anonymous().admin().newKey("{\"name\": \"o\"}"));
    refused(other.hash(one(later(id, 1, imprint))), Code.NOT_FOUND);
    api.hash(one(new HashRequest.Item("a", Optional.empty(), 1, Optional.empty(), imprint)))
        .problem(Code.FIELD_INVALID);
    api.hash(one(later(id, 0, imprint))).problem(Code.FIELD_INVALID);
  }

  @Test
  void answersEveryOrdinalOfARequestOnce() {
    Imprint imprint = imprint(FILE);
    Imprint other = changed(imprint, "digest", Digest.sha256(Bytes.utf8("another image")));
    String id =
        items(api.hash(one(HashRequest.Item.of("a", imprint))))
            .getFirst()
            .text("request_id")
            .orElseThrow();
    assertThat(items(api.hash(one(later(id, 1, imprint)))).getFirst().object("block")).isPresent();

    refused(api.hash(one(later(id, 1, other))), Code.IMPRINT_CHANGED);
  }

  @Test
  void refusesWhatTheProviderMustSee() {
    SigningContext context = RemoteSigner.context(api, "build", "sha256");
    Imprint imprint = RemoteSigner.imprint(FILE, SHA256, context);

    Answer answer =
        api.hash(HashRequest.unstamped("seen", SHA256, List.of(HashRequest.Item.of("a", imprint))));

    answer.problem(Code.HASH_NOT_ALLOWED);
    assertThat(answer.string("hint")).contains("--no-prehash");
    assertThat(api.sign(FormData.of(FILE, "seen")).status()).isEqualTo(200);
  }

  @Test
  void refusesUnknownMembersWithASuggestion() {
    String json = one(HashRequest.Item.of("a", imprint(FILE))).json();

    Answer option =
        api.json("POST", Api.HASH, json.replace("\"hash\":\"sha256\"", "\"hasj\":\"sha256\""))
            .problem(Code.FIELD_UNKNOWN);
    assertThat(option.string("hint")).contains("\"hash\"");
    assertThat(api.json("POST", Api.HASH, json.replace("\"timestamp\"", "\"timestmp\"")).status())
        .isEqualTo(400);
    api.json("POST", Api.HASH, json.replace("\"timestamp\"", "\"project\""))
        .problem(Code.FEATURE_UNAVAILABLE);
    assertThat(api.json("POST", Api.HASH, json.replace("sha256:", "md5:")).status()).isEqualTo(400);
  }
}
