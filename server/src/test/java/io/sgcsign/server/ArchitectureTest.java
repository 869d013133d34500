// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sgcsign.key.SigningKey;
import java.net.URLConnection;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Holds the arrows of docs/DESIGN between the rooms of the server; a room may still be empty. */
class ArchitectureTest {
  private static final JavaClasses SERVER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sgcsign.server");

  /** What may be called from outside. Until projects come, the configured rules are the policy. */
  private static final List<String> DESKS =
      List.of(
          "account",
          "certificate",
          "config",
          "guard",
          "identity",
          "ledger",
          "ops",
          "request",
          "view");

  /** What each room may use; main wires them all and is used by none. */
  private static final Map<String, List<String>> ARROWS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("config", List.of()),
              Map.entry("guard", List.of("config")),
              Map.entry("ledger", List.of()),
              Map.entry("view", List.of("ledger")),
              Map.entry("store", List.of("ledger", "view")),
              Map.entry("identity", List.of("view", "ledger")),
              Map.entry("account", List.of("identity", "view", "ledger")),
              Map.entry("project", List.of()),
              Map.entry("policy", List.of("project", "identity", "config")),
              Map.entry(
                  "request", List.of("policy", "project", "identity", "config", "ledger", "view")),
              Map.entry("certificate", List.of("identity", "config", "ledger", "view")),
              Map.entry("notify", List.of("ledger", "view")),
              Map.entry("ops", List.of("ledger", "view")),
              Map.entry("http", DESKS),
              Map.entry("console", DESKS)));

  @Test
  void arrowsPointInward() {
    var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
    layers = layers.optionalLayer("main").definedBy("io.sgcsign.server");
    for (String room : ARROWS.keySet()) {
      layers = layers.optionalLayer(room).definedBy("io.sgcsign.server." + room + "..");
    }
    layers = layers.whereLayer("main").mayNotBeAccessedByAnyLayer();
    for (var arrow : ARROWS.entrySet()) {
      layers =
          arrow.getValue().isEmpty()
              ? layers.whereLayer(arrow.getKey()).mayNotAccessAnyLayer()
              : layers
                  .whereLayer(arrow.getKey())
                  .mayOnlyAccessLayers(arrow.getValue().toArray(String[]::new));
    }
    layers.check(SERVER);
  }

  @Test
  void noRoomsFormACycle() {
    slices().matching("io.sgcsign.server.(*)..").should().beFreeOfCycles().check(SERVER);
  }

  @Test
  void onlyTheStoreSpeaksSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sgcsign.server.store..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.sql..")
                .or(resideInAPackage("javax.sql.."))
                .or(resideInAPackage("org.sqlite..")))
        .check(SERVER);
  }

  @Test
  void onlyMainReadsTheClock() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.sgcsign.server.Main")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(SERVER);
  }

  @Test
  void onlyMainMakesChance() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.sgcsign.server.Main")
        .should()
        .callConstructor(SecureRandom.class)
        .orShould()
        .callMethod(SecureRandom.class, "getInstanceStrong")
        .orShould()
        .callConstructor(Random.class)
        .orShould()
        .callConstructor(Random.class, long.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(SERVER);
  }

  @Test
  void theServerUsesNoKeyItself() {
    noClasses()
        .should()
        .callMethodWhere(target(name("sign")).and(target(owner(assignableTo(SigningKey.class)))))
        .check(SERVER);
  }

  @Test
  void theServerParsesNoXmlAndOpensNoConnectionItself() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("javax.xml..")
                .or(resideInAPackage("java.net.http.."))
                .or(assignableTo(URLConnection.class))
                .or(assignableTo(ProcessBuilder.class)))
        .check(SERVER);
  }
}
