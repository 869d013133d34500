// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import io.sgcsign.cli.api.ApiClient;
import io.sgcsign.cli.api.Providers;
import io.sgcsign.cli.outcome.Failure;
import io.sgcsign.cli.outcome.FailureException;
import io.sgcsign.cli.outcome.Suggestion;
import io.sgcsign.format.FormatDescriptor;
import io.sgcsign.format.OptionException;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.wire.Code;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The lanes of a run; each is opened when the first file needs it. Thread-safe. */
public final class Lanes {
  /** Behind a format's name: its files that are never signed by hash. */
  private static final String UPLOADED = "/upload";

  private final ApiClient api;
  private final Providers providers;
  private final Order order;
  private final boolean prehash;
  private final InstantSource clock;
  private final Consumer<String> notice;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, FailureException> failed = new HashMap<>();

  /**
   * @param prehash whether imprints are sent where format and server allow it
   * @param notice gets a line of text when files are uploaded after all
   */
  public Lanes(
      ApiClient api, Order order, boolean prehash, InstantSource clock, Consumer<String> notice) {
    this.api = api;
    this.providers = new Providers(api);
    this.order = order;
    this.prehash = prehash;
    this.clock = clock;
    this.notice = notice;
  }

  Order order() {
    return order;
  }

  ApiClient api() {
    return api;
  }

  /**
   * The lane of files; what failed once fails again without asking.
   *
   * @param kind of the file, if it is known: some kinds are uploaded whatever was asked for
   */
  synchronized Lane lane(SignatureFormat format, Optional<FormatDescriptor.Kind> kind) {
    String name = format.descriptor().name();
    if (kind.isPresent() && !kind.get().byHash()) {
      return lanes.computeIfAbsent(name + UPLOADED, _ -> uploadLane(format, options(format)));
    }
    FailureException known = failed.get(name);
    if (known != null) {
      throw known;
    }
    Lane lane = lanes.get(name);
    if (lane == null) {
      try {
        lane = open(format);
      } catch (FailureException e) {
        failed.put(name, e);
        throw e;
      }
      lanes.put(name, lane);
    }
    return lane;
  }

  /** After the signing certificate changed: a lane with the new one. */
  synchronized void renew(Lane old) {
    lanes.remove(old.format().descriptor().name(), old);
  }

  /** After the server refused hashes. */
  synchronized void upload(Lane old) {
    String name = old.format().descriptor().name();
    if (old.equals(lanes.get(name))) {
      lanes.put(name, uploadLane(old.format(), old.options()));
    }
  }

  private Lane open(SignatureFormat format) {
    Options options = options(format);
    try {
      if (!prehash || !format.descriptor().byHash()) {
        return uploadLane(format, options);
      }
      SigningContext context =
          providers.context(order.provider(), format.descriptor().name(), options.text("hash"));
      var call = new HashCall(api, order, format, options);
      return new Lane(
          format,
          options,
          new Lane.Way.Hash(context, new HashQueue(call, api.retry())),
          Duration.between(clock.instant(), context.time()));
    } catch (FailureException e) {
      Optional<Code> code = e.failure().code();
      if (code.equals(Optional.of(Code.HASH_NOT_ALLOWED))) {
        notice.accept(
            "The provider " + order.provider() + " signs no hashes: uploading the files.");
        return uploadLane(format, options);
      }
      throw code.equals(Optional.of(Code.NOT_FOUND)) ? unknownProvider(e) : e;
    }
  }

  private Options options(SignatureFormat format) {
    try {
      return order.optionsFor(format);
    } catch (OptionException e) {
      throw Failure.usage(
              "--" + e.option().replace('_', '-') + " does not fit " + format.descriptor().name(),
              String.valueOf(e.getMessage()),
              "See: sgcsign sign --help.")
          .exception();
    }
  }

  private Lane uploadLane(SignatureFormat format, Options options) {
    return new Lane(
        format, options, new Lane.Way.Upload(providers.chain(order.provider())), Duration.ZERO);
  }

  private FailureException unknownProvider(FailureException e) {
    Failure failure = e.failure();
    var names = providers.list().stream().map(Providers.Provider::name).toList();
    return new Failure(
            failure.exit(),
            failure.what(),
            failure.why(),
            names.isEmpty()
                ? "This API key may use no provider: ask an administrator."
                : Suggestion.hint(order.provider(), names),
            failure.code(),
            failure.requestId())
        .exception();
  }
}
