// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.cli.sign.BuildFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class BuildFactsTest {
  private static final String COMMIT = "0123456789012345678901234567890123456789";

  static List<Arguments> systems() {
    return List.of(
        Arguments.of(
            Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_SERVER_URL", "https://git.example",
                "GITHUB_REPOSITORY", "acme/app",
                "GITHUB_SHA", COMMIT,
                "GITHUB_REF_TYPE", "branch",
                "GITHUB_REF_NAME", "main",
                "GITHUB_RUN_ID", "7"),
            "https://git.example/acme/app",
            "https://git.example/acme/app/actions/runs/7"),
        Arguments.of(
            Map.of(
                "GITLAB_CI", "true",
                "CI_SERVER_URL", "https://lab.example",
                "CI_PROJECT_URL", "https://lab.example/acme/app",
                "CI_COMMIT_SHA", COMMIT,
                "CI_COMMIT_BRANCH", "main",
                "CI_JOB_URL", "https://lab.example/acme/app/-/jobs/7",
                "CI_PIPELINE_ID", "7"),
            "https://lab.example/acme/app",
            "https://lab.example/acme/app/-/jobs/7"),
        Arguments.of(
            Map.of(
                "TF_BUILD", "True",
                "SYSTEM_COLLECTIONURI", "https://dev.example/acme/",
                "SYSTEM_TEAMPROJECT", "app",
                "BUILD_REPOSITORY_URI", "https://dev.example/acme/_git/app",
                "BUILD_SOURCEVERSION", COMMIT,
                "BUILD_SOURCEBRANCH", "refs/heads/main",
                "BUILD_BUILDID", "7"),
            "https://dev.example/acme/_git/app",
            "https://dev.example/acme/app/_build/results?buildId=7"),
        Arguments.of(
            Map.of(
                "JENKINS_URL", "https://ci.example/",
                "GIT_URL", "https://user:secret@git.example/acme/app",
                "GIT_COMMIT", COMMIT,
                "GIT_BRANCH", "origin/main",
                "BUILD_URL", "https://ci.example/job/app/7/",
                "BUILD_TAG", "7"),
            "https://git.example/acme/app",
            "https://ci.example/job/app/7/"),
        Arguments.of(
            Map.of(
                "BUILDKITE", "true",
                "BUILDKITE_REPO", "https://git.example/acme/app",
                "BUILDKITE_COMMIT", COMMIT,
                "BUILDKITE_BRANCH", "main",
                "BUILDKITE_BUILD_URL", "https://kite.example/acme/app/builds/7",
                "BUILDKITE_BUILD_ID", "7"),
            "https://git.example/acme/app",
            "https://kite.example/acme/app/builds/7"));
  }

  @ParameterizedTest
  @MethodSource("systems")
  void readsWhatEveryBuildSystemSays(Map<String, String> env, String repository, String url) {
    BuildFacts facts = BuildFacts.of(env, Map.of("team", "a"));

    assertThat(facts.facts())
        .containsEntry("repository", repository)
        .containsEntry("commit", COMMIT)
        .containsEntry("branch", "main")
        .containsEntry("build_url", url)
        .containsEntry("build_id", "7");
    assertThat(facts.labels()).containsExactly(Map.entry("team", "a"));
    assertThat(facts.runId()).isPresent();
  }

  @ParameterizedTest
  @MethodSource("systems")
  void namesTheRunNotTheAttempt(Map<String, String> env, String repository, String url) {
    var again = new TreeMap<>(env);
    again.put("GITHUB_RUN_ATTEMPT", "2");
    again.put("SYSTEM_JOBATTEMPT", "2");
    again.put("BUILDKITE_RETRY_COUNT", "1");

    assertThat(BuildFacts.of(again, Map.of()).runId())
        .as(repository + " " + url)
        .isEqualTo(BuildFacts.of(env, Map.of()).runId());
  }

  @Test
  void knowsNothingElsewhere() {
    BuildFacts facts = BuildFacts.of(Map.of("CI", "true", "BUILD_URL", "x"), Map.of());

    assertThat(facts.facts()).isEmpty();
    assertThat(facts.runId()).isEqualTo(Optional.empty());
  }
}
