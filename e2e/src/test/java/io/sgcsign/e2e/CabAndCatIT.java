// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.json.JsonValue;
import io.sgcsign.layout.cab.CabBuilder;
import io.sgcsign.layout.cat.CatalogBuilder;
import io.sgcsign.wire.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cabinets and catalogs, signed through the packaged server and command line, judged by
 * osslsigncode.
 */
final class CabAndCatIT {
  private static final Bytes FILE = CabBuilder.of(40_000, 12).build();
  private static final Bytes CATALOG = CatalogBuilder.of(40);
  @TempDir private static Path folder;
  private static Judges judges;
  private static Workplace place;
  private static Api api;

  @BeforeAll
  static void start() {
    var pki = TestPki.rsa();
    judges = Judges.of(folder, pki);
    place = Workplace.start(folder, pki, "{ \"timestamp\": \"optional\" }");
    api = place.api();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static FormData form(Bytes file) {
    return new FormData().file(file, "driver.bin").field("provider", "release");
  }

  private static void good(Bytes signed, int signatures) throws IOException {
    JsonValue.Obj report = api.post(Api.VERIFY, new FormData().file(signed, "no-name")).good();
    assertThat(report.flag("valid")).as("%s", report).isTrue();
    assertThat(judges.osslsigncode(signed, "cab"))
        .contains("Number of verified signatures: " + signatures);
  }

  @Test
  void signsTheSameBytesByUploadAndByHash() throws IOException {
    Path path = Files.write(folder.resolve("same.cab"), FILE.toArray());

    Bytes uploaded = api.sign(form(FILE).field("timestamp", "none")).signed();
    Packaged.Run run =
        place.sgcsign("sign", "-p", "release", "--timestamp", "none", path.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(uploaded);
    good(uploaded, 1);
  }

  @Test
  void stampsAndAddsASecondSignature() throws IOException {
    Bytes stamped = api.sign(form(FILE).field("description", "A driver")).signed();
    Bytes twice = api.sign(form(stamped).field("if_signed", "append")).signed();

    good(stamped, 1);
    good(twice, 2);
    assertThat(api.sign(form(twice)).signed().size()).isLessThan(twice.size());
    api.sign(form(stamped).field("if_signed", "fail")).problem(Code.ALREADY_SIGNED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cab", "cat"})
  void givesTheFileBackAfterFiveRounds(String kind) throws IOException {
    Bytes file = kind.equals("cab") ? FILE : CATALOG;
    Path path = Files.write(folder.resolve("five." + kind), file.toArray());
    for (int i = 0; i < 5; i++) {
      String rule = i % 2 == 0 ? "replace" : "append";
      Packaged.Run run =
          place.sgcsign("sign", "-p", "release", "--if-signed", rule, path.toString());
      assertThat(run.exit()).as(run.output()).isZero();
      good(Bytes.wrap(Files.readAllBytes(path)), 1 + i % 2);
    }
    Packaged.Run removed = place.sgcsign("remove", path.toString());
    assertThat(removed.exit()).as(removed.output()).isZero();
    assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(file);
  }

  @Test
  void refusesCabinetsItCannotSignWhole() {
    api.sign(form(CabBuilder.of(9).reserving(100).build())).problem(Code.ARTIFACT_MALFORMED);
    api.sign(form(Bytes.concat(FILE, Bytes.utf8("more")))).problem(Code.ARTIFACT_HIDDEN_DATA);
    api.sign(form(FILE.slice(0, 200))).problem(Code.ARTIFACT_TRUNCATED);
  }

  @Test
  void uploadsACatalogWhateverIsAskedFor() throws IOException {
    Path path = Files.write(folder.resolve("files.cat"), CATALOG.toArray());
    Bytes uploaded = api.sign(form(CATALOG).field("timestamp", "none")).signed();

    Packaged.Run run =
        place.sgcsign("sign", "-p", "release", "--timestamp", "none", path.toString());

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(Bytes.wrap(Files.readAllBytes(path))).isEqualTo(uploaded);
    good(uploaded, 1);
    good(api.sign(form(uploaded).field("if_signed", "append")).signed(), 2);
  }

  @Test
  void signsNoCatalogItHasNotSeenAndNoOtherList() {
    var imprint =
        RemoteSigner.imprint(CATALOG, Map.of(), RemoteSigner.context(api, "release", "sha256"));
    var item = new HashRequest.Item("x.cat", Optional.empty(), 0, Optional.empty(), imprint);
    var answer =
        api.hash(new HashRequest("release", Optional.of("none"), Map.of(), List.of(item))).good();
    assertThat(answer.toString())
        .contains(Code.HASH_NOT_ALLOWED.wireName(), "The server must see files of kind cat");
    Bytes roots = CatalogBuilder.of(3, "1.3.6.1.4.1.311.10.3.9");
    api.sign(form(roots)).problem(Code.ARTIFACT_MALFORMED);
  }

  private static void pageWorks(String page, Path work) throws IOException {
    var run = new HowToPage(page).run(place.environment(), work);

    assertThat(run.exit()).as(run.output()).isZero();
  }

  @Test
  void theHowToPagesWork() throws IOException {
    Path work = Files.createDirectories(folder.resolve("how-to"));
    Files.write(work.resolve("driver.cab"), FILE.toArray());
    Files.write(work.resolve("update.cab"), FILE.toArray());
    Files.write(work.resolve("driver.cat"), CATALOG.toArray());

    pageWorks("sign-cabinets", work);
    pageWorks("sign-catalogs", work);

    good(Bytes.wrap(Files.readAllBytes(work.resolve("driver.cab"))), 1);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("update-signed.cab"))), 1);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("driver.cat"))), 1);
    good(Bytes.wrap(Files.readAllBytes(work.resolve("driver-signed.cat"))), 1);
  }
}
