// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.sign;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What the build says about itself: claims that the server records as unverified.
 *
 * @param facts {@code repository, commit, branch, build_url, build_id, version}
 * @param runId names the run, not the attempt: a job that is run again signs nothing twice; empty:
 *     this is no build known to us
 */
public record BuildFacts(
    SortedMap<String, String> facts, SortedMap<String, String> labels, Optional<String> runId) {
  /** Characters of one fact; the server takes no more. */
  private static final int MAX_FACT = 2048;

  public BuildFacts {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** The facts of the build whose environment this is, and the given labels. */
  public static BuildFacts of(Map<String, String> env, Map<String, String> labels) {
    Reader reader = new Reader(env);
    Optional<String> run =
        reader.is("GITHUB_ACTIONS")
            ? reader.gitHub()
            : reader.is("GITLAB_CI")
                ? reader.gitLab()
                : reader.is("TF_BUILD")
                    ? reader.azure()
                    : reader.is("BUILDKITE")
                        ? reader.buildkite()
                        : env.containsKey("JENKINS_URL") ? reader.jenkins() : Optional.empty();
    return new BuildFacts(reader.facts, new TreeMap<>(labels), run);
  }

  /** Reads one environment. */
  private static final class Reader {
    private final Map<String, String> env;
    private final SortedMap<String, String> facts = new TreeMap<>();

    Reader(Map<String, String> env) {
      this.env = env;
    }

    boolean is(String name) {
      return "true".equalsIgnoreCase(env.get(name));
    }

    private Optional<String> get(String name) {
      return Optional.ofNullable(env.get(name)).filter(v -> !v.isBlank());
    }

    private String text(String name) {
      return get(name).orElse("");
    }

    private void put(String fact, Optional<String> value) {
      value
          .map(BuildFacts::clean)
          .filter(v -> !v.isEmpty())
          .ifPresent(v -> facts.putIfAbsent(fact, v));
    }

    private Optional<String> run(String system, String... parts) {
      String joined = String.join("/", parts);
      return joined.replace("/", "").isEmpty() ? Optional.empty() : Optional.of(system + joined);
    }

    Optional<String> gitHub() {
      String repository = text("GITHUB_SERVER_URL") + "/" + text("GITHUB_REPOSITORY");
      String id = text("GITHUB_RUN_ID");
      boolean tag = text("GITHUB_REF_TYPE").equals("tag");
      put("repository", Optional.of(repository));
      put("commit", get("GITHUB_SHA"));
      put(tag ? "version" : "branch", get("GITHUB_HEAD_REF").or(() -> get("GITHUB_REF_NAME")));
      put("build_url", Optional.of(repository + "/actions/runs/" + id));
      put("build_id", Optional.of(id));
      return run("github/", repository, id);
    }

    Optional<String> gitLab() {
      put("repository", get("CI_PROJECT_URL"));
      put("commit", get("CI_COMMIT_SHA"));
      put("version", get("CI_COMMIT_TAG"));
      if (get("CI_COMMIT_TAG").isEmpty()) {
        put("branch", get("CI_COMMIT_BRANCH").or(() -> get("CI_COMMIT_REF_NAME")));
      }
      put("build_url", get("CI_JOB_URL").or(() -> get("CI_PIPELINE_URL")));
      put("build_id", get("CI_PIPELINE_ID"));
      return run("gitlab/", text("CI_SERVER_URL"), text("CI_PIPELINE_ID"));
    }

    Optional<String> azure() {
      String id = text("BUILD_BUILDID");
      String project = text("SYSTEM_COLLECTIONURI") + text("SYSTEM_TEAMPROJECT");
      String ref = text("BUILD_SOURCEBRANCH");
      put("repository", get("BUILD_REPOSITORY_URI"));
      put("commit", get("BUILD_SOURCEVERSION"));
      put(
          ref.startsWith("refs/tags/") ? "version" : "branch",
          Optional.of(ref.replaceFirst("^refs/(heads|tags)/", "")));
      put("build_url", Optional.of(project + "/_build/results?buildId=" + id));
      put("build_id", Optional.of(id));
      return run("azure/", project, id);
    }

    Optional<String> jenkins() {
      UnaryOperator<String> local = name -> name.replaceFirst("^origin/", "");
      put("repository", get("GIT_URL"));
      put("commit", get("GIT_COMMIT"));
      put("branch", get("BRANCH_NAME").or(() -> get("GIT_BRANCH")).map(local));
      put("version", get("TAG_NAME"));
      put("build_url", get("BUILD_URL"));
      put("build_id", get("BUILD_TAG").or(() -> get("BUILD_ID")));
      return run("jenkins/", text("BUILD_URL"), text("BUILD_TAG"));
    }

    Optional<String> buildkite() {
      put("repository", get("BUILDKITE_REPO"));
      put("commit", get("BUILDKITE_COMMIT"));
      put("version", get("BUILDKITE_TAG"));
      put("branch", get("BUILDKITE_BRANCH"));
      put("build_url", get("BUILDKITE_BUILD_URL"));
      put("build_id", get("BUILDKITE_BUILD_ID"));
      return run("buildkite/", text("BUILDKITE_BUILD_ID"));
    }
  }

  /** Without credentials in URLs and control characters, and not too long. */
  private static String clean(String value) {
    String plain =
        value.replaceAll("[\\p{Cntrl}]", " ").replaceFirst("(?i)^([a-z+.-]+://)[^/@]*@", "$1");
    return plain.strip().substring(0, Math.min(plain.strip().length(), MAX_FACT));
  }
}
