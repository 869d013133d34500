// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables of docs/performance.md. */
final class Report {
  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void signing(List<SigningBench.Result> results) {
    out.println();
    out.println("### Signatures a CPU-second");
    row("key", "openssl", "raw ACCP", "ACCP + BC CMS + verify", "server, single", "batches of 100");
    row("---", "---", "---", "---", "---", "---");
    for (var r : results) {
      row(
          r.key(),
          count(r.openssl()),
          count(r.raw()),
          count(r.baseline()),
          count(r.single()),
          count(r.batch()));
    }
    out.println();
    row("ratio", "single", "batch", "goal single", "goal batch");
    row("---", "---", "---", "---", "---");
    for (var r : results) {
      boolean rsa = r.key().startsWith("RSA");
      row(
          r.key() + " ÷ openssl",
          ratio(r.single(), r.openssl()),
          ratio(r.batch(), r.openssl()),
          rsa ? "≥ 1.3" : "≥ 0.08",
          rsa ? "" : "≥ 0.10");
      row(
          r.key() + " ÷ raw ACCP",
          ratio(r.single(), r.raw()),
          ratio(r.batch(), r.raw()),
          rsa ? "≥ 0.80" : "",
          "");
      row(
          r.key() + ", CPU ÷ (ACCP + BC CMS + verify)",
          ratio(r.baseline(), r.single()),
          ratio(r.baseline(), r.batch()),
          rsa ? "" : "≤ 1.6",
          rsa ? "" : "≤ 1.25");
    }
  }

  void file(int mib, Map<FileBench.Row, Runs> results) {
    out.println();
    out.println("### A PE file of " + mib + " MiB, whole processes");
    row("command", "CPU s", "wall s", "peak RSS MiB", "CPU ÷ (cp + openssl dgst)", "goal");
    row("---", "---", "---", "---", "---", "---");
    Series floor = results.getOrDefault(FileBench.Row.FLOOR, new Runs()).cpu();
    results.forEach((what, runs) ->
        row(
            what.label(),
            "%.2f".formatted(runs.cpu().median()),
            "%.2f".formatted(runs.wall().median()),
            "%.0f".formatted(runs.peakMib().median()),
            ratio(runs.cpu(), floor),
            switch (what) {
              case OURS_SIGN -> "≤ 1.8";
              case OURS_CHECKED -> "≤ 2.6";
              default -> "";
            }));
  }

  void upload(int mib, UploadBench.Result result) {
    out.println();
    out.printf(
        "Upload of the same %d MiB to a server with `-Xmx64m`: %.1f s, %.2f s CPU of the server,"
            + " peak RSS %.0f MiB.%n",
        mib, result.wall(), result.cpu(), result.peakMib());
  }

  void formats(int mib, Map<LargeFile, FormatBench.Result> results) {
    out.println();
    out.println("### " + mib + " MiB of each kind, key beside it: CPU s");
    row(
        "kind",
        "sign (without digest of the file)",
        "sign, verify",
        "others",
        "sign ÷ fastest other",
        "sign, verify ÷ osslsigncode sign, verify",
        "peak RSS MiB");
    row("---", "---", "---", "---", "---", "---", "---");
    results.forEach((kind, r) -> {
      double alone = r.signing().median() - r.digest().median();
      String others =
          r.others().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(e -> "%s %.2f".formatted(e.getKey(), e.getValue().median()))
              .collect(Collectors.joining(", "));
      var fastest =
          r.others().entrySet().stream()
              .filter(e -> e.getKey().endsWith(" sign"))
              .mapToDouble(e -> e.getValue().median())
              .min();
      row(
          kind.extension(),
          "%.2f (%.2f)".formatted(r.signing().median(), alone),
          "%.2f".formatted(r.checked().median()),
          others,
          fastest.isPresent() ? "%.2f".formatted(alone / fastest.getAsDouble()) : "",
          Optional.ofNullable(r.others().get("osslsigncode sign, verify"))
              .map(s -> "%.2f".formatted(r.checked().median() / s.median()))
              .orElse(""),
          "%.0f".formatted(r.peakMib()));
    });
  }

  void many(FormatBench.Many many) {
    out.println();
    out.printf(
        "%d small files: %.0f a second in one call of sgcsign sign (CPU %.2f s, server %.2f s), %.0f"
            + " in a loop over osslsigncode (CPU %.2f s): %.1f times (goal: 5).%n",
        many.files(),
        many.files() / many.together().wall().median(),
        many.together().cpu().median(),
        many.server().median(),
        many.files() / many.loop().wall().median(),
        many.loop().cpu().median(),
        many.loop().wall().ratioTo(many.together().wall()));
  }

  void commands(Map<String, Runs> results) {
    out.println();
    out.println("### One small file, one command");
    row("command", "wall ms", "CPU ms", "peak RSS MiB");
    row("---", "---", "---", "---");
    results.forEach((what, runs) ->
        row(
            what,
            "%.0f".formatted(runs.wall().median() * 1000),
            "%.0f".formatted(runs.cpu().median() * 1000),
            "%.0f".formatted(runs.peakMib().median())));
  }

  void start(Series ready) {
    out.println();
    out.printf("Server ready after %.2f s (goal: 1 s; median of starts).%n", ready.median());
  }

  private void row(String... cells) {
    out.println("| " + String.join(" | ", cells) + " |");
  }

  private static String count(Series series) {
    return "%,.0f".formatted(series.median());
  }

  private static String ratio(Series series, Series other) {
    return "%.3f".formatted(series.ratioTo(other));
  }
}
