// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger.event;

import io.sgcsign.log.Json;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a file says it comes from. The caller claims it and nobody checked: it is stored under
 * {@code unverified}.
 */
public record BuildContext(
    Optional<String> description,
    Optional<String> repository,
    Optional<String> commit,
    Optional<String> branch,
    Optional<String> buildUrl,
    Optional<String> buildId,
    Optional<String> version,
    SortedMap<String, String> labels) {
  public static final BuildContext NONE = read(Json.Obj.EMPTY);

  public BuildContext {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** Reads what {@link #toJson} wrote. */
  public static BuildContext read(Json.Obj json) {
    return new BuildContext(
        json.findText("description"),
        json.findText("repository"),
        json.findText("commit"),
        json.findText("branch"),
        json.findText("build_url"),
        json.findText("build_id"),
        json.findText("version"),
        json.textMap("labels"));
  }

  public Json.Obj toJson() {
    var json =
        Json.object()
            .putIfPresent("description", description)
            .putIfPresent("repository", repository)
            .putIfPresent("commit", commit)
            .putIfPresent("branch", branch)
            .putIfPresent("build_url", buildUrl)
            .putIfPresent("build_id", buildId)
            .putIfPresent("version", version);
    if (!labels.isEmpty()) {
      json.put("labels", labels);
    }
    return json.build();
  }
}
