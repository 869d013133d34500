// SPDX-License-Identifier: Apache-2.0
package io.sgcsign;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sgcsign.format.Formats;
import io.sgcsign.key.SigningKey;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Holds the arrows of docs/DESIGN between the rooms of the library. */
class ArchitectureTest {
  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sgcsign");

  /** Every room may use these two: values without behaviour of their own. */
  private static final List<String> GROUND = List.of("bytes", "pki");

  /**
   * The names of what goes wrong: they live in wire because clients read them, all may say them.
   */
  private static final DescribedPredicate<JavaClass> VOCABULARY =
      belongToAnyOf(Code.class, Problem.class);

  /** What each room may use besides the ground. */
  private static final Map<String, List<String>> ARROWS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("artifact", List.of()),
              Map.entry("layout", List.of("artifact")),
              Map.entry("format", List.of("artifact", "layout", "signature", "verify")),
              Map.entry("signature", List.of()),
              Map.entry("assembly", List.of("signature", "layout", "key", "timestamp", "crypto")),
              Map.entry("verify", List.of("artifact", "signature", "layout", "crypto")),
              Map.entry("key", List.of("net", "crypto")),
              Map.entry("crypto", List.of()),
              Map.entry("timestamp", List.of("net", "crypto", "verify")),
              Map.entry("net", List.of()),
              Map.entry("container", List.of("artifact", "layout", "format")),
              Map.entry("wire", List.of("signature", "verify")),
              Map.entry("log", List.of())));

  @Test
  void arrowsPointInward() {
    var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
    layers = layers.layer("bytes").definedBy("io.sgcsign.bytes..");
    layers = layers.layer("pki").definedBy("io.sgcsign.pki..");
    for (String room : ARROWS.keySet()) {
      layers = layers.optionalLayer(room).definedBy("io.sgcsign." + room + "..");
    }
    layers = layers.whereLayer("bytes").mayNotAccessAnyLayer();
    layers = layers.whereLayer("pki").mayOnlyAccessLayers("bytes");
    for (var arrow : ARROWS.entrySet()) {
      var may = new ArrayList<>(GROUND);
      may.addAll(arrow.getValue());
      layers = layers.whereLayer(arrow.getKey()).mayOnlyAccessLayers(may.toArray(String[]::new));
    }
    layers.ignoreDependency(alwaysTrue(), VOCABULARY).check(LIBRARY);
  }

  @Test
  void noRoomsFormACycle() {
    slices()
        .matching("io.sgcsign.(*)..")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(alwaysTrue(), VOCABULARY)
        .check(LIBRARY);
  }

  @Test
  void onlyTheAssemblerUsesAKey() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.sgcsign.assembly..", "io.sgcsign.key..")
        .should()
        .callMethodWhere(target(name("sign")).and(target(owner(assignableTo(SigningKey.class)))))
        .check(LIBRARY);
  }

  @Test
  void whatComputesKnowsNeitherClockNorChanceNorTheWorld() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.sgcsign.bytes..",
            "io.sgcsign.pki..",
            "io.sgcsign.layout..",
            "io.sgcsign.format..",
            "io.sgcsign.signature..",
            "io.sgcsign.log..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.net..")
                .and(not(nameStartingWith("java.net.URI"))) // a name is a value, not a connection
                .or(resideInAPackage("java.sql.."))
                .or(name("java.nio.file.Files")))
        .check(LIBRARY);
  }

  @Test
  void nobodyReadsTheClockBehindTheCallersBack() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .check(LIBRARY);
  }

  @Test
  void nobodyMakesItsOwnChance() {
    noClasses()
        .should()
        .callConstructor(Random.class)
        .orShould()
        .callConstructor(Random.class, long.class)
        .orShould()
        .callConstructor(SecureRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(LIBRARY);
  }

  @Test
  void dangerousPartsOfTheJdkHaveOneOwner() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sgcsign.layout.xml..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("javax.xml.parsers..")
                .or(resideInAPackage("javax.xml.stream.."))
                .or(resideInAPackage("javax.xml.transform.."))
                .or(resideInAPackage("javax.xml.validation.."))
                .or(resideInAPackage("javax.xml.xpath..")))
        .allowEmptyShould(true)
        .check(LIBRARY);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sgcsign.net..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.net.http..")
                .or(assignableTo(URLConnection.class))
                .or(assignableTo(URL.class))
                .or(assignableTo(Socket.class)))
        .check(LIBRARY);
    noClasses()
        .should()
        .callMethod(Runtime.class, "exec", String.class)
        .orShould()
        .callMethod(Runtime.class, "exec", String[].class)
        .orShould()
        .dependOnClassesThat(assignableTo(ProcessBuilder.class))
        .check(LIBRARY);
  }

  /** A new format is a package and a line of that list. */
  @Test
  void onlyTheListOfFormatsKnowsTheFormats() {
    noClasses()
        .that(not(resideInAPackage("io.sgcsign.format.*..")).and(not(assignableTo(Formats.class))))
        .should()
        .dependOnClassesThat(resideInAPackage("io.sgcsign.format.*.."))
        .check(LIBRARY);
  }
}
