// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.e2e;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.format.Formats;
import io.sgcsign.format.Options;
import io.sgcsign.format.SignatureFormat;
import io.sgcsign.format.Signed;
import io.sgcsign.json.JsonValue;
import io.sgcsign.signature.Imprint;
import io.sgcsign.signature.SignatureBlock;
import io.sgcsign.signature.Signer;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.wire.BlockJson;
import io.sgcsign.wire.ContextJson;
import io.sgcsign.wire.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pre-hash mode without our command line: the format runs here, the key stays there. */
final class RemoteSigner implements Signer {
  static final SignatureFormat FORMAT = Formats.byName("authenticode").orElseThrow();

  private final Api api;
  private final String provider;
  private final Optional<String> timestamp;
  private final Map<String, String> options;
  private final SigningContext context;
  private final List<Imprint> asked = new ArrayList<>();
  private Optional<String> requestId = Optional.empty();

  RemoteSigner(Api api, String provider, Optional<String> timestamp, Map<String, String> options) {
    this.api = api;
    this.provider = provider;
    this.timestamp = timestamp;
    this.options = Map.copyOf(options);
    this.context = context(api, provider, options.getOrDefault("hash", "sha256"));
  }

  static SigningContext context(Api api, String provider, String hash) {
    Answer answer =
        api.get("/api/v1/providers/" + provider + "/context?format=authenticode&hash=" + hash);
    return ContextJson.read(new Members(answer.good(), ""));
  }

  @Override
  public SigningContext context() {
    return context;
  }

  @Override
  public SignatureBlock sign(Imprint imprint) {
    var item =
        new HashRequest.Item(
            "app.exe",
            Optional.empty(),
            asked.size(),
            asked.isEmpty() ? Optional.empty() : requestId,
            imprint);
    asked.add(imprint);
    JsonValue.Obj answer =
        api.hash(new HashRequest(provider, timestamp, options, List.of(item))).good();
    Members first = new Members(answer, "").objects("items").getFirst();
    requestId = Optional.of(first.text("request_id"));
    return BlockJson.read(first.object("block"));
  }

  Optional<String> requestId() {
    return requestId;
  }

  /** Signs a whole file. */
  Bytes sign(Bytes file) {
    return sign(file, options, this);
  }

  private static Bytes sign(Bytes file, Map<String, String> options, Signer signer) {
    Artifact artifact = Artifact.of(file);
    Options checked = Options.of(FORMAT.descriptor(), options);
    if (FORMAT.sign(artifact, checked, signer) instanceof Signed.Patched patched) {
      Artifact signed = artifact.with(patched.patch());
      return signed.read(0, (int) signed.size());
    }
    throw new AssertionError("Authenticode patches");
  }

  /** The imprints a file needs in a context; nothing is signed. */
  static Imprint imprint(Bytes file, Map<String, String> options, SigningContext context) {
    var stop = new Stop(context);
    try {
      var _ = sign(file, options, stop);
    } catch (Stop.Stopped e) {
      return e.imprint;
    }
    throw new AssertionError("The format asked for nothing");
  }

  /** A signer that only looks. */
  private record Stop(SigningContext context) implements Signer {
    @Override
    public SignatureBlock sign(Imprint imprint) {
      throw new Stopped(imprint);
    }

    /** Carries what was asked. */
    private static final class Stopped extends RuntimeException {
      @java.io.Serial private static final long serialVersionUID = 1;
      private final transient Imprint imprint;

      Stopped(Imprint imprint) {
        this.imprint = imprint;
      }
    }
  }
}
