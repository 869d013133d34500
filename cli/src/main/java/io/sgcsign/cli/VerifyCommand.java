// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.artifact.ArtifactException;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Call;
import io.sgcsign.cli.api.Multipart;
import io.sgcsign.cli.files.Input;
import io.sgcsign.cli.files.Neighbour;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.json.Json;
import io.sgcsign.json.JsonValue;
import io.sgcsign.verify.VerificationPolicy;
import io.sgcsign.wire.Code;
import io.sgcsign.wire.Problem;
import io.sgcsign.wire.ReportJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign verify}. */
final class VerifyCommand implements Command {
  private static final List<String> REMOTE_TRUST = List.of("server", "system", "none");

  /** Bytes of chance in a boundary: no file contains it. */
  private static final int BOUNDARY = 24; // 55 characters; 70 are allowed (RFC 2046 §5.1.1)

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Flags.command(
            "verify",
            "Verifies signed files here, trusting the certificates of the server's providers. An APK's"
                + " .idsig is taken from beside it.",
            FormatFlags.format(),
            trust(),
            at(),
            Flags.flag("Upload the files: the server verifies and records it.", "--remote"));
    FileFlags.addTo(spec);
    spec.addOption(Flags.flag("Print one JSON object.", "--json"));
    ServerAccess.addTo(spec);
    return spec.addPositional(
        Flags.words("FILES", "Files, or patterns such as 'dist/**/*.exe'.", "0..*"));
  }

  static OptionSpec trust() {
    return Flags.values(
        "server|system|FILE",
        "Whom to trust: the server's providers (the default if a server is set), this"
            + " system's authorities, or the certificates of a PEM file. May stand several"
            + " times. SGCSIGN_ROOT_FILE is always added.",
        "--trust");
  }

  static OptionSpec at() {
    return Flags.value("DATE", "Answer for another day, for example 2030-01-31.", "--at");
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    List<Input> inputs = FileFlags.selection(parsed).find(world.folder(), world.in());
    Optional<SignatureFormat> format = FormatFlags.chosen(parsed);
    Optional<Instant> at = Flags.text(parsed, "--at").map(t -> Durations.day("--at", t));
    var access = new ServerAccess(parsed, world, console);
    List<String> trust = Flags.texts(parsed, "--trust");
    Function<Input, JsonValue.Obj> judge =
        Flags.given(parsed, "--remote")
            ? remote(access, world, format, trust, at)
            : local(access, world, console, format, trust, at);
    var results = new ArrayList<VerifyReport.Judged>();
    for (Input input : inputs) {
      results.add(judged(input, judge));
      console.progress(results.size(), inputs.size());
    }
    return new VerifyReport(console).print(results, Flags.given(parsed, "--json"));
  }

  private static VerifyReport.Judged judged(Input input, Function<Input, JsonValue.Obj> judge) {
    try {
      return VerifyReport.Judged.report(input.shown(), judge.apply(input));
    } catch (ArtifactException e) {
      var problem =
          Problem.of(
              Code.byWireName(e.code()).orElse(Code.ARTIFACT_MALFORMED),
              String.valueOf(e.getMessage()),
              e.hint());
      return VerifyReport.Judged.failure(input.shown(), Failure.of(problem));
    } catch (UncheckedIOException e) {
      return VerifyReport.Judged.failure(
          input.shown(),
          Failure.of(
              ExitCode.NOT_SIGNABLE,
              "The file cannot be read",
              String.valueOf(e.getCause()),
              "Check the disk and permissions."));
    } catch (FailureException e) {
      if (e.failure().exit() != ExitCode.NOT_SIGNABLE) {
        throw e; // the server or the command, not this file
      }
      return VerifyReport.Judged.failure(input.shown(), e.failure());
    }
  }

  private static Function<Input, JsonValue.Obj> local(
      ServerAccess access,
      World world,
      Console console,
      Optional<SignatureFormat> format,
      List<String> trust,
      Optional<Instant> at) {
    VerificationPolicy policy =
        new Trust(access, world, console).policy(trust, at.orElseGet(world.clock()::instant));
    return input -> {
      try (Artifact artifact = Artifact.open(input.file())) {
        var chosen = format.orElseGet(() -> FormatFlags.recognise(artifact, input.shown()));
        var options = Options.named(chosen, artifact, input.shown());
        try (Neighbour beside = Neighbour.of(chosen, input.file())) {
          var report = chosen.verify(artifact, beside.artifact(), options, policy);
          return object(Json.write(json -> ReportJson.write(json, report)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static Neighbour neighbour(Optional<SignatureFormat> format, Input input)
      throws IOException {
    return format.isPresent()
        ? Neighbour.of(format.get(), input.file())
        : new Neighbour(Optional.empty());
  }

  private static JsonValue.Obj object(String json) {
    return switch (Json.parse(json)) {
      case JsonValue.Obj object -> object;
      default -> throw new IllegalStateException("A report is an object");
    };
  }

  private static Function<Input, JsonValue.Obj> remote(
      ServerAccess access,
      World world,
      Optional<SignatureFormat> format,
      List<String> trust,
      Optional<Instant> at) {
    if (trust.size() > 1 || !REMOTE_TRUST.containsAll(trust)) {
      throw Failure.usage(
              "--remote and --trust " + String.join(", ", trust) + " do not fit",
              "the server knows " + String.join(", ", REMOTE_TRUST),
              "Leave --remote out: certificates of a file are used here.")
          .exception();
    }
    ApiClient api = access.client(ServerAccess.Need.ANYBODY, ServerAccess.LONG);
    var fields = new TreeMap<String, String>();
    format.ifPresent(f -> fields.put("format", f.descriptor().name()));
    trust.forEach(t -> fields.put("trust", t));
    at.ifPresent(t -> fields.put("time", t.toString()));
    return input -> {
      byte[] chance = new byte[BOUNDARY];
      world.random().nextBytes(chance);
      String boundary = "sgcsign" + Bytes.wrap(chance).toHex();
      try (Artifact artifact = Artifact.open(input.file())) {
        Optional<SignatureFormat> known =
            format.or(() -> FormatFlags.recognised(artifact, input.shown()));
        try (Neighbour beside = neighbour(known, input)) {
          var form = new Multipart(boundary, fields, input.shown(), artifact, beside.artifact());
          return api.json(Call.post("/api/v1/verify", form));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
