// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.cli.GateVerdict.Kind;
import io.sgcsign.cli.GateVerdict.Reason;
import io.sgcsign.cli.files.Input;
import io.sgcsign.cli.files.Neighbour;
import io.sgcsign.cli.files.TempSpool;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.container.NestedFiles;
import io.sgcsign.container.Spool;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.pki.DigestAlgorithm;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.verify.VerificationReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign gate}: whether files may be released. */
final class GateCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Flags.command(
            "gate",
            "Fails with exit code "
                + ExitCode.REFUSED.number()
                + " if a file is unsigned, invalid, not time-stamped or signed by somebody else."
                + " The last step before a release.",
            FormatFlags.format(),
            VerifyCommand.trust(),
            VerifyCommand.at(),
            Flags.values(
                "NAME",
                "Every signature must be by this subject: the whole name or the common name. May"
                    + " stand several times.",
                "--subject"),
            Flags.values(
                "HEX",
                "Every signature must be by this certificate: SHA-1 or SHA-256. May stand several"
                    + " times.",
                "--thumbprint"),
            Flags.flag("Let signatures without a time stamp pass.", "--no-timestamp"),
            Flags.value(
                "FILE",
                "Report of sgcsign sign --report: every file must have the bytes that were signed,"
                    + " none may be new or missing.",
                "--from"),
            Flags.flag(
                "Ask the server: every file must hold a signature it has completed.", "--recorded"),
            Flags.flag(
                "Look for programs inside too (zip, nupkg, vsix, msix, jar, msi, cab; by content):"
                    + " none may be unsigned or broken.",
                "--deep"),
            Flags.value("FILE", "Write JUnit's XML, which CI systems show.", "--report"));
    FileFlags.addTo(spec);
    spec.addOption(Flags.flag("Print one JSON object.", "--json"));
    ServerAccess.addTo(spec);
    return spec.addPositional(
        Flags.words("FILES", "Files, or patterns such as 'dist/**/*.exe'.", "0..*"));
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    GateRules rules = GateRules.of(parsed);
    List<Input> inputs = FileFlags.selection(parsed).find(world.folder(), world.in());
    Optional<SignatureFormat> format = FormatFlags.chosen(parsed);
    Optional<SignedList> signed =
        Flags.text(parsed, "--from").map(f -> SignedList.read(world.path(f)));
    var access = new ServerAccess(parsed, world, console);
    var at = Flags.text(parsed, "--at").map(t -> Durations.day("--at", t));
    VerificationPolicy policy =
        new Trust(access, world, console)
            .policy(Flags.texts(parsed, "--trust"), at.orElseGet(world.clock()::instant));
    Optional<RecordedSignatures> recorded =
        Flags.given(parsed, "--recorded")
            ? Optional.of(new RecordedSignatures(access))
            : Optional.empty();
    Optional<Spool> spool =
        Flags.given(parsed, "--deep")
            ? Optional.of(new TempSpool(world.temporary(), world.temps()))
            : Optional.empty();
    var gate = new Gate(format, policy, rules, signed, recorded, spool);
    var verdicts = new ArrayList<GateVerdict>();
    for (Input input : inputs) {
      verdicts.addAll(gate.judge(input));
      console.progress(verdicts.size(), inputs.size());
    }
    signed.ifPresent(s -> verdicts.addAll(s.missing()));
    return new GateReport(world, console)
        .print(verdicts, Flags.text(parsed, "--report"), Flags.given(parsed, "--json"));
  }

  /** What a file has to meet. */
  private record Gate(
      Optional<SignatureFormat> format,
      VerificationPolicy policy,
      GateRules rules,
      Optional<SignedList> signed,
      Optional<RecordedSignatures> recorded,
      Optional<Spool> spool) {

    List<GateVerdict> judge(Input input) {
      var reasons = new ArrayList<Reason>();
      var verdicts = new ArrayList<GateVerdict>();
      Optional<VerificationReport> report = Optional.empty();
      try (Artifact artifact = Artifact.open(input.file())) {
        if (signed.isPresent()) {
          String sha256 = artifact.digest(DigestAlgorithm.SHA256).value().toHex();
          signed.get().objection(input.shown(), sha256).ifPresent(reasons::add);
        }
        report = verify(artifact, input, reasons);
        spool.ifPresent(
            s -> verdicts.addAll(GateInside.verdicts(artifact, input.shown(), policy, s)));
      } catch (ArtifactException e) {
        reasons.add(new Reason(Kind.UNREADABLE, String.valueOf(e.getMessage())));
      } catch (IOException | UncheckedIOException e) {
        reasons.add(new Reason(Kind.UNREADABLE, e.toString()));
      }
      verdicts.addFirst(new GateVerdict(input.shown(), reasons, report));
      return verdicts;
    }

    /** Judges the file itself; a plain archive needs no signature if one looks inside. */
    private Optional<VerificationReport> verify(
        Artifact artifact, Input input, List<Reason> reasons) throws IOException {
      String name = input.shown();
      SignatureFormat chosen;
      try {
        chosen = format.orElseGet(() -> FormatFlags.recognise(artifact, name));
      } catch (FailureException e) {
        if (e.failure().exit() != ExitCode.NOT_SIGNABLE) {
          throw e; // the server or the command, not this file
        }
        if (spool.isEmpty() || !NestedFiles.has(artifact)) {
          reasons.add(new Reason(Kind.UNREADABLE, e.failure().why()));
        }
        return Optional.empty();
      }
      var options = Options.named(chosen, artifact, name);
      VerificationReport report;
      try (Neighbour beside = Neighbour.of(chosen, input.file())) {
        report = chosen.verify(artifact, beside.artifact(), options, policy);
      }
      reasons.addAll(rules.objections(report));
      if (!report.signatures().isEmpty()) {
        recorded.flatMap(r -> r.objection(chosen, artifact)).ifPresent(reasons::add);
      }
      return Optional.of(report);
    }
  }
}
