// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.cli.files.Input;
import io.sgcsign.cli.files.Selection;
import io.sgcsign.cli.files.Targets;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.sign.Crew;
import io.sgcsign.cli.sign.FileRemover;
import io.sgcsign.verify.VerificationPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign remove}: takes signatures off; asks no server. */
final class RemoveCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Flags.command(
            "remove",
            "Takes all signatures off files. Most formats give back the very bytes from before;"
                + " asks no server.",
            FormatFlags.format(),
            Flags.value(
                "FILE|DIR",
                "Where the result goes: a file for one, a folder for many. Left out: in place.",
                "-o",
                "--output"));
    FileFlags.addTo(spec);
    spec.addOption(Flags.flag("Print one JSON object.", "--json"));
    spec.addOption(Flags.value("FILE", "Write the same JSON object to a file.", "--report"));
    return spec.addPositional(
        Flags.words("FILES", "Files, or patterns such as 'dist/**/*.exe'.", "0..*"));
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
    var chosen = FormatFlags.chosen(parsed);
    var remover =
        new FileRemover(
            world.temps(),
            (artifact, name) -> chosen.orElseGet(() -> FormatFlags.recognise(artifact, name)),
            VerificationPolicy.of(List.of(), world.clock().instant(), Set.of()));
    var done = new AtomicInteger();
    var crew =
        new Crew(remover::remove, _ -> console.progress(done.incrementAndGet(), inputs.size()));
    return new SignReport(parsed, world, console).print(crew.run(inputs, targets));
  }
}
