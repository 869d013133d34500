// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.PemFile;
import io.sgcsign.cli.api.Providers;
import io.sgcsign.cli.files.Input;
import io.sgcsign.cli.files.Selection;
import io.sgcsign.cli.files.Targets;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.cli.outcome.Suggestion;
import io.sgcsign.cli.sign.BuildFacts;
import io.sgcsign.cli.sign.Crew;
import io.sgcsign.cli.sign.FileResult;
import io.sgcsign.cli.sign.FileSigner;
import io.sgcsign.cli.sign.IfSigned;
import io.sgcsign.cli.sign.Lanes;
import io.sgcsign.cli.sign.Order;
import io.sgcsign.cli.sign.Receipts;
import io.sgcsign.cli.sign.Turns;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign sign}. */
final class SignCommand implements Command {
  private static final List<String> STAMPING = List.of("none", "optional", "required");

  /** Bytes of chance in the id of a run that no build system names. */
  private static final int RUN_ID = 16;

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Flags.command(
            "sign",
            "Signs files with a key of the server. Only hashes travel, unless --no-prehash says"
                + " otherwise; every signed file is read again from disk and verified before it"
                + " takes its place.",
            FormatFlags.format(),
            Flags.value(
                "NAME", "The provider whose key signs. Or SGCSIGN_PROVIDER.", "-p", "--provider"),
            Flags.value(
                "FILE|DIR",
                "Where the result goes: a file for one, a folder for many. Left out: in place.",
                "-o",
                "--output"),
            Flags.value("URL", "The time-stamp authority to ask.", "--tsa"),
            Flags.choice(
                STAMPING,
                "Whether a time stamp is needed; within the provider's rules.",
                "--timestamp"),
            Flags.flag("Sign twice, SHA-1 and SHA-256: --hash sha1,sha256.", "--dual"),
            Flags.choice(
                IfSigned.names(),
                "What to do with a signed file; skip only if the signature is good and this key's."
                    + " Default: replace.",
                "--if-signed"),
            Flags.flag("Send hashes only; the default.", "--prehash"),
            Flags.flag("Upload the files.", "--no-prehash"));
    FormatFlags.specs().forEach(spec::addOption);
    FileFlags.addTo(spec);
    spec.addOption(
        Flags.value("N", "Files to work on at a time. Default: processors.", "-j", "--jobs"));
    spec.addOption(Flags.flag("Say what would be signed; ask no server.", "--dry-run"));
    spec.addOption(Flags.value("DIR", RECEIPT_HELP, Receipt.FLAG));
    spec.addOption(Flags.values("NAME=VALUE", "A label for the record.", "--label"));
    spec.addOption(Flags.flag("Print one JSON object.", "--json"));
    spec.addOption(Flags.value("FILE", "Write the same JSON object to a file.", "--report"));
    ServerAccess.addTo(spec);
    return spec.addPositional(
        Flags.words("FILES", "Files, or patterns such as 'dist/**/*.exe'.", "0..*"));
  }

  private static final String RECEIPT_HELP =
      "Keep the proof that the signature is in the log, as FILE.tlog-proof beside the result or, with"
          + " =DIR, in a folder.";

  /** {@code --receipt} with and without a value. */
  static final class Receipt {
    static final String FLAG = "--receipt";

    /** Stands for no value: picocli would take the next file name for one. */
    static final String BESIDE = "";

    private Receipt() {}
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    Selection selection = FileFlags.selection(parsed);
    List<Input> inputs = selection.find(world.folder(), world.in());
    List<Path> targets =
        Targets.plan(
            inputs,
            Flags.text(parsed, "--output"),
            selection.plural(world.folder()),
            world.folder());
    Optional<SignatureFormat> chosen = FormatFlags.chosen(parsed);
    BiFunction<Artifact, String, SignatureFormat> formats =
        (artifact, name) -> chosen.orElseGet(() -> FormatFlags.recognise(artifact, name));
    var report = new SignReport(parsed, world, console);
    if (Flags.given(parsed, "--dry-run")) {
      return report.print(
          new DryRun(formats, FormatFlags.given(parsed).containsKey(Options.KIND))
              .plan(inputs, targets));
    }
    return report.print(sign(parsed, world, console, inputs, targets, formats));
  }

  private static List<FileResult> sign(
      ParseResult parsed,
      World world,
      Console console,
      List<Input> inputs,
      List<Path> targets,
      BiFunction<Artifact, String, SignatureFormat> formats) {
    ApiClient api =
        new ServerAccess(parsed, world, console)
            .client(ServerAccess.Need.API_KEY, ServerAccess.LONG);
    Order order = order(parsed, world, () -> new Providers(api).list());
    var lanes = new Lanes(api, order, prehash(parsed), world.clock(), console::note);
    var signer =
        new FileSigner(
            lanes,
            new Turns(jobs(parsed)),
            world.temps(),
            formats,
            anchors(world),
            world.clock(),
            SignReport.wantsDigests(parsed));
    var receipts = receipts(parsed, world, api);
    var done = new AtomicInteger();
    var crew =
        new Crew(
            (input, target) -> receipts.apply(input, signer.sign(input, target)),
            _ -> console.progress(done.incrementAndGet(), inputs.size()));
    return crew.run(inputs, targets);
  }

  private static BiFunction<Input, FileResult, FileResult> receipts(
      ParseResult parsed, World world, ApiClient api) {
    Optional<String> where = Flags.text(parsed, Receipt.FLAG);
    if (where.isEmpty()) {
      return (_, result) -> result;
    }
    Optional<Path> folder = where.filter(w -> !w.equals(Receipt.BESIDE)).map(world::path);
    var receipts = new Receipts(api, world.temps());
    return (input, result) -> receipts.keep(result, folder.map(f -> f.resolve(input.relative())));
  }

  private static boolean prehash(ParseResult parsed) {
    boolean upload = Flags.given(parsed, "--no-prehash");
    if (upload && Flags.given(parsed, "--prehash")) {
      throw Failure.usage(
              "--prehash and --no-prehash contradict each other",
              "a file is uploaded or it is not",
              "Leave one out.")
          .exception();
    }
    return !upload;
  }

  private static int jobs(ParseResult parsed) {
    int processors = Runtime.getRuntime().availableProcessors();
    return Flags.text(parsed, "--jobs").map(t -> FileFlags.count("--jobs", t)).orElse(processors);
  }

  private static List<X509Certificate> anchors(World world) {
    return world
        .variable("SGCSIGN_ROOT_FILE")
        .map(f -> PemFile.read(world.path(f), "SGCSIGN_ROOT_FILE"))
        .orElse(List.of());
  }

  private static Order order(
      ParseResult parsed, World world, Supplier<List<Providers.Provider>> providers) {
    String provider =
        Flags.text(parsed, "--provider")
            .or(() -> world.variable("SGCSIGN_PROVIDER"))
            .orElseThrow(() -> noProvider(providers.get()));
    BuildFacts build = BuildFacts.of(world.env(), labels(parsed));
    return new Order(
        build.runId().orElseGet(() -> chance(world)),
        provider,
        options(parsed),
        Flags.text(parsed, "--tsa"),
        oneOf(parsed, "--timestamp", STAMPING),
        oneOf(parsed, "--if-signed", IfSigned.names())
            .flatMap(IfSigned::byWireName)
            .orElse(IfSigned.REPLACE),
        build);
  }

  private static String chance(World world) {
    byte[] id = new byte[RUN_ID];
    world.random().nextBytes(id);
    return Bytes.wrap(id).toHex();
  }

  private static FailureException noProvider(List<Providers.Provider> known) {
    return Failure.usage(
            "No provider is named",
            "neither -p nor SGCSIGN_PROVIDER is set",
            known.isEmpty()
                ? "This API key may use no provider: ask an administrator."
                : "This API key may use: "
                    + String.join(", ", known.stream().map(Providers.Provider::name).toList())
                    + ".")
        .exception();
  }

  private static Map<String, String> labels(ParseResult parsed) {
    var labels = new TreeMap<String, String>();
    for (String label : Flags.texts(parsed, "--label")) {
      int equals = label.indexOf('=');
      if (equals <= 0) {
        throw Failure.usage(
                "--label takes NAME=VALUE, not \"" + label + "\"",
                "there is no name or no equals sign",
                "Write --label release=2026.6.")
            .exception();
      }
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return labels;
  }

  private static SortedMap<String, String> options(ParseResult parsed) {
    var options = new TreeMap<>(FormatFlags.given(parsed));
    if (Flags.given(parsed, "--dual")) {
      String before = options.put("hash", "sha1,sha256");
      if (before != null) {
        throw Failure.usage(
                "--dual and --hash contradict each other",
                "--dual means --hash sha1,sha256",
                "Leave one out.")
            .exception();
      }
    }
    return options;
  }

  private static Optional<String> oneOf(ParseResult parsed, String flag, List<String> values) {
    Optional<String> given = Flags.text(parsed, flag);
    if (given.isPresent() && !values.contains(given.get())) {
      throw Failure.usage(
              flag + " is " + String.join(", ", values) + ", not \"" + given.get() + "\"",
              "there is no such value",
              Suggestion.hint(given.get(), values))
          .exception();
    }
    return given;
  }
}
