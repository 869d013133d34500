// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.api.PemFile;
import io.sgcsign.cli.files.Input;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.layout.pe.PeFile;
import io.sgcsign.layout.pe.VersionInfo;
import io.sgcsign.verify.CmsStructure;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationPolicy.StampTrust;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign wdac}: rules that let Windows run what a publisher signed. */
final class WdacCommand implements Command {
  private static final String APP_LOCKER = "applocker";
  private static final List<String> KINDS = List.of("policy", "rules", APP_LOCKER);
  private static final String PUBLISHER = "publisher";
  private static final String FILE_PUBLISHER = "filepublisher";
  private static final String UNSIGNED =
      "Sign it first, or give the certificate: --certificate FILE.pem.";
  private static final String NO_VERSION =
      "Rules for single programs need OriginalFilename and file version of their resources: use"
          + " --level publisher for it, or a hash rule.";
  private static final String GUID = "\\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\\}?";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Flags.command(
            "wdac",
            "Prints rules with which Windows' application control (WDAC) or AppLocker lets run what"
                + " was signed with a certificate.",
            FormatFlags.format(),
            Flags.choice(
                KINDS,
                "A supplemental policy (the default), its rules alone, or AppLocker's" + " rules.",
                "--as"),
            Flags.choice(
                List.of(PUBLISHER, FILE_PUBLISHER),
                "publisher (the default): whatever it signs. filepublisher: only the programs given,"
                    + " by name and version of their resources, from this version on.",
                "--level"),
            Flags.values(
                "FILE",
                "PEM file with the signer's certificate first and its issuer's behind it; may stand"
                    + " several times.",
                "--certificate"),
            Flags.value("GUID", "PolicyID of the base policy; a policy needs it.", "--base"),
            Flags.value(
                "GUID",
                "PolicyID of the new policy. Default: it follows from name and base.",
                "--id"),
            Flags.value("TEXT", "Name of the policy. Default: the publisher.", "--name"));
    FileFlags.addTo(spec);
    return spec.addPositional(
        Flags.words("FILES", "Signed files, or patterns such as 'dist/**/*.exe'.", "0..*"));
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    boolean single = level(parsed).equals(FILE_PUBLISHER);
    var rules = new LinkedHashMap<PublisherRule, List<ProgramRule>>();
    for (String file : Flags.texts(parsed, "--certificate")) {
      if (single) {
        throw Failure.usage(
                "--level filepublisher and --certificate contradict each other",
                "a certificate does not say which programs are meant",
                "Name the signed programs.")
            .exception();
      }
      List<X509Certificate> chain = PemFile.read(world.path(file), "--certificate");
      rules.put(PublisherRule.of(chain.getFirst(), chain), List.of());
    }
    if (rules.isEmpty() || !Flags.words(parsed).isEmpty()) {
      for (Input input : FileFlags.selection(parsed).find(world.folder(), world.in())) {
        add(
            rules,
            signers(parsed, world, input),
            single ? List.of(program(parsed, input)) : List.of());
      }
    }
    rules.keySet().stream()
        .filter(r -> !r.rsa())
        .forEach(r ->
            console.warning(
                r.publisher()
                    + " has no RSA key: application control takes RSA signatures only, up to 4096"
                    + " bits"));
    console.result(text(parsed, rules));
    return ExitCode.OK;
  }

  private static String kind(ParseResult parsed) {
    return Flags.text(parsed, "--as").orElse(KINDS.getFirst());
  }

  private static String level(ParseResult parsed) {
    String level = Flags.text(parsed, "--level").orElse(PUBLISHER);
    if (!level.equals(PUBLISHER) && !level.equals(FILE_PUBLISHER)) {
      throw Failure.usage(
              "--level \"" + level + "\" is unknown",
              "it takes " + PUBLISHER + ", " + FILE_PUBLISHER,
              "Leave it out for rules by publisher.")
          .exception();
    }
    return level;
  }

  private static void add(
      Map<PublisherRule, List<ProgramRule>> rules,
      List<PublisherRule> publishers,
      List<ProgramRule> programs) {
    for (PublisherRule publisher : publishers) {
      var all = new ArrayList<>(rules.getOrDefault(publisher, List.of()));
      all.addAll(programs);
      rules.put(publisher, all);
    }
  }

  /** What a file says of itself in a version resource. */
  private static ProgramRule program(ParseResult parsed, Input input) {
    try (Artifact artifact = Artifact.open(input.file())) {
      if (!PeFile.recognise(artifact)) {
        throw unusable(input, "it is no program, so it names no version", NO_VERSION);
      }
      VersionInfo info =
          PeFile.parse(artifact)
              .versionInfo()
              .orElseThrow(() -> unusable(input, "it has no version resource", NO_VERSION));
      ProgramRule rule =
          ProgramRule.of(info)
              .orElseThrow(() -> unusable(input, "its version resource has no name", NO_VERSION));
      // without it the rule would let run whatever the publisher signs
      if (rule.binary().isEmpty() && kind(parsed).equals(APP_LOCKER)) {
        throw unusable(input, "AppLocker knows programs by OriginalFilename alone", NO_VERSION);
      }
      return rule;
    } catch (ArtifactException | IOException e) {
      throw unusable(input, String.valueOf(e.getMessage()), NO_VERSION);
    }
  }

  private static String text(
      ParseResult parsed, SequencedMap<PublisherRule, List<ProgramRule>> rules) {
    var policy = new ControlPolicy(rules);
    String kind = kind(parsed);
    return switch (kind) {
      case "rules" -> policy.elements().stripTrailing();
      case APP_LOCKER -> policy.appLocker();
      case "policy" -> {
        String name = Flags.text(parsed, "--name").orElse(rules.firstEntry().getKey().publisher());
        String base =
            Flags.text(parsed, "--base")
                .map(g -> guid("--base", g))
                .orElseThrow(() ->
                    Failure.usage(
                            "A supplemental policy needs --base",
                            "it names the policy it adds to",
                            "Copy PolicyID of the base policy's XML, or use --as rules.")
                        .exception());
        String id =
            Flags.text(parsed, "--id")
                .map(g -> guid("--id", g))
                .orElseGet(() -> "{" + ControlPolicy.guid(base + "\n" + name) + "}");
        yield policy.supplemental(name, base, id);
      }
      default ->
          throw Failure.usage(
                  "--as \"" + kind + "\" is unknown",
                  "it takes " + String.join(", ", KINDS),
                  "Leave it out for a supplemental policy.")
              .exception();
    };
  }

  /** In braces and upper case, as Windows writes it. */
  private static String guid(String flag, String text) {
    if (!text.matches(GUID)) {
      throw Failure.usage(
              flag + " \"" + text + "\" is no GUID",
              "it looks like {2E07F7E4-194C-4D20-B7C9-6F44A6C5A234}",
              "Copy it from the policy's XML.")
          .exception();
    }
    return "{" + text.replaceAll("[{}]", "").toUpperCase(Locale.ROOT) + "}";
  }

  /** The signers of a file. Whether they are trusted is not asked, but nothing may be broken. */
  private static List<PublisherRule> signers(ParseResult parsed, World world, Input input) {
    try (Artifact artifact = Artifact.open(input.file())) {
      SignatureFormat format =
          FormatFlags.chosen(parsed)
              .orElseGet(() -> FormatFlags.recognise(artifact, input.shown()));
      var policy =
          new VerificationPolicy(
              List.of(),
              List.of(),
              world.clock().instant(),
              Set.of(),
              List.of(),
              StampTrust.OPTIONAL);
      VerificationReport report =
          format.verify(artifact, Options.named(format, artifact, input.shown()), policy);
      if (report.status() == Status.UNSIGNED || report.status() == Status.INVALID) {
        throw unusable(input, "it is " + report.status().wireName(), UNSIGNED);
      }
      List<X509Certificate> inside = certificates(format.blocks(artifact));
      return report.signatures().stream()
          .flatMap(s -> s.certificate().stream())
          .distinct()
          .map(c -> PublisherRule.of(c, inside))
          .toList();
    } catch (ArtifactException | IOException | CertificateException e) {
      throw unusable(input, String.valueOf(e.getMessage()), UNSIGNED);
    }
  }

  private static FailureException unusable(Input input, String why, String fix) {
    return Failure.of(
            ExitCode.NOT_SIGNABLE, input.shown() + ": no rule can be made of this file", why, fix)
        .exception();
  }

  private static List<X509Certificate> certificates(List<Bytes> blocks)
      throws CertificateException {
    var factory = CertificateFactory.getInstance("X.509");
    var out = new ArrayList<X509Certificate>();
    for (Bytes block : blocks) {
      for (Bytes der : CmsStructure.parse(block).certificates()) {
        out.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der.toArray())));
      }
    }
    return out;
  }
}
