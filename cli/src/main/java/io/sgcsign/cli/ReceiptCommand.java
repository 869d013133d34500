// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.cli.outcome.ExitCode;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.cli.sign.Receipts;
import io.sgcsign.json.Json;
import io.sgcsign.log.Leaf;
import io.sgcsign.log.ProofException;
import io.sgcsign.log.Receipt;
import io.sgcsign.log.VerifierKey;
import io.sgcsign.pki.DigestAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code sgcsign receipt}: proofs that signatures are in the log. */
final class ReceiptCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec verify =
        Flags.command(
            "verify",
            "Checks receipts without a server: every given key signed the log's head, and the"
                + " event is in that log.",
            Flags.values(
                "VKEY",
                "Verifier key of the log (name+id+key); may stand several times, and each must have"
                    + " signed. Or SGCSIGN_LOG_VKEY, separated by commas.",
                "--log-key"),
            Flags.value("SIGNED", "The signed file the receipt has to be about.", "--file"),
            Flags.flag("Print one JSON object a receipt.", "--json"),
            Flags.flag("Print nothing if all is well.", "-q", "--quiet"));
    verify.addPositional(Flags.words("FILE.tlog-proof", "The receipts.", "1..*"));
    CommandSpec get =
        ServerAccess.addTo(
            Flags.command(
                "get",
                "Fetches the receipt of a request.",
                Flags.value(
                    "FILE", "Where it goes; left out: standard output.", "-o", "--output")));
    get.addPositional(Flags.words("REQUEST_ID", "The request.", "1"));
    CommandSpec spec = Flags.command("receipt", "Proofs that signatures are in the log.");
    spec.addSubcommand("verify", verify);
    spec.addSubcommand("get", get);
    return spec;
  }

  @Override
  public ExitCode run(ParseResult parsed, World world, Console console) {
    if (!parsed.hasSubcommand()) {
      throw Failure.usage(
              "receipt needs a word more",
              "it does two things",
              "Write sgcsign receipt verify or sgcsign receipt get.")
          .exception();
    }
    ParseResult part = parsed.subcommand();
    return part.commandSpec().name().equals("get")
        ? get(part, world, console)
        : verify(part, world, Console.of(world, part));
  }

  private static ExitCode get(ParseResult parsed, World world, Console console) {
    var api =
        new ServerAccess(parsed, world, console)
            .client(ServerAccess.Need.ANYBODY, ServerAccess.NONE);
    var receipts = new Receipts(api, world.temps());
    String id = Flags.words(parsed).getFirst();
    Flags.text(parsed, "--output")
        .ifPresentOrElse(
            file -> receipts.fetch(id, world.path(file)),
            () -> console.result(receipts.get(id).stripTrailing()));
    return ExitCode.OK;
  }

  private static ExitCode verify(ParseResult parsed, World world, Console console) {
    List<VerifierKey> keys = keys(parsed, world);
    List<String> files = Flags.words(parsed);
    var signed = Flags.text(parsed, "--file").map(world::path);
    if (signed.isPresent() && files.size() > 1) {
      throw Failure.usage(
              "--file goes with one receipt", "there are " + files.size(), "Check one at a time.")
          .exception();
    }
    boolean json = Flags.given(parsed, "--json");
    return ExitCode.of(
        files.stream()
            .map(name -> {
              try {
                Receipt.Proven proven = read(world.path(name)).verify(keys);
                signed.ifPresent(file -> belongs(proven.leaf(), file));
                tell(console, json, name, proven);
                return ExitCode.OK;
              } catch (ProofException e) {
                console.failure(notProven(name, String.valueOf(e.getMessage())).failure());
                return ExitCode.INVALID;
              }
            })
            .toList());
  }

  private static FailureException notProven(String name, String why) {
    return Failure.of(
            ExitCode.INVALID,
            name + " proves nothing",
            why,
            "Fetch it again (sgcsign receipt get), and check the key of the log.")
        .exception();
  }

  private static List<VerifierKey> keys(ParseResult parsed, World world) {
    List<String> given = Flags.texts(parsed, "--log-key");
    Stream<String> all =
        given.isEmpty() ? world.variable("SGCSIGN_LOG_VKEY").stream() : given.stream();
    try {
      List<VerifierKey> keys =
          all.flatMap(v -> Arrays.stream(v.split("[,\\s]+", -1)))
              .filter(v -> !v.isEmpty())
              .map(VerifierKey::parse)
              .toList();
      if (!keys.isEmpty()) {
        return keys;
      }
    } catch (ProofException e) {
      throw Failure.usage(
              "The verifier key cannot be used",
              String.valueOf(e.getMessage()),
              "Copy it whole; it looks like name+1a2b3c4d+AbC….")
          .exception();
    }
    throw Failure.usage(
            "No key of the log is given",
            "neither --log-key nor SGCSIGN_LOG_VKEY is set",
            "Ask the operator (sgcsign-server ledger vkeys), not the server that made the receipt.")
        .exception();
  }

  private static Receipt read(Path file) {
    try (var in = Files.newInputStream(file)) {
      return Receipt.parse(Bytes.wrap(in.readNBytes(Receipt.MAX_SIZE + 1)));
    } catch (IOException e) {
      throw Failure.of(
              ExitCode.NOT_SIGNABLE,
              file + " cannot be read",
              e.toString(),
              "Check the name and permissions.")
          .exception();
    }
  }

  /** The event names the whole file if the server saw it, else the signature blocks it made. */
  private static void belongs(Leaf leaf, Path file) {
    try (Artifact artifact = Artifact.open(file)) {
      String whole = artifact.digest(DigestAlgorithm.SHA256).toString();
      boolean same =
          leaf.pub()
              .findText("signed")
              .map(s -> whole.equals(s) || beside(leaf).equals(Optional.of(whole)))
              .orElseGet(() ->
                  SignedBlocks.digests(artifact).stream()
                      .anyMatch(SignedBlocks.made(leaf)::contains));
      if (!same) {
        throw new ProofException("The receipt is about another file than " + file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Digest of the file that goes beside the signed one. */
  private static Optional<String> beside(Leaf leaf) {
    return leaf.pub().object("beside").findText("digest");
  }

  private static void tell(Console console, boolean json, String name, Receipt.Proven proven) {
    Leaf leaf = proven.leaf();
    if (json) {
      console.result(
          Json.write(out -> {
            out.writeStartObject();
            out.writeStringProperty("name", name);
            out.writeBooleanProperty("valid", true);
            out.writeStringProperty("origin", proven.checkpoint().origin());
            out.writeNumberProperty("log_index", leaf.seq());
            out.writeNumberProperty("log_size", proven.checkpoint().size());
            out.writeStringProperty("time", leaf.time().toString());
            out.writeStringProperty("type", leaf.type());
            out.writeStringProperty("by", leaf.by());
            leaf.request().ifPresent(r -> out.writeStringProperty("request_id", r));
            leaf.pub().findText("signed").ifPresent(d -> out.writeStringProperty("signed", d));
            out.writeEndObject();
          }));
      return;
    }
    console.line(
        name
            + ": proven\n  log      "
            + proven.checkpoint().origin()
            + ", entry "
            + leaf.seq()
            + " of "
            + proven.checkpoint().size()
            + "\n  event    "
            + leaf.type()
            + " at "
            + leaf.time()
            + "\n  request  "
            + leaf.request().orElse("none")
            + "\n  signed   "
            + leaf.pub().findText("signed").orElse("by hash; the server did not see the file"));
  }
}
