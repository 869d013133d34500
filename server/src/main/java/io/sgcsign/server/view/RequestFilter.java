// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.view;

import io.sgcsign.server.ledger.event.BuildContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Picks requests by what they say of their build.
 *
 * @param terms all must match
 */
public record RequestFilter(List<Term> terms) {
  public static final RequestFilter ALL = new RequestFilter(List.of());

  /** The fields of a build context that can be asked for, besides {@code labels.<name>}. */
  public static final List<String> FIELDS =
      List.of("repository", "commit", "branch", "build_id", "version");

  private static final String LABEL = "labels.";

  public RequestFilter {
    terms = List.copyOf(terms);
  }

  /** A field of {@link #FIELDS} or {@code labels.<name>} with exactly this value. */
  public record Term(String field, String value) {
    /** Whether requests can be picked by a field of this name. */
    public static boolean knows(String field) {
      return FIELDS.contains(field) || (field.startsWith(LABEL) && field.length() > LABEL.length());
    }
  }

  /** This filter and one term more. */
  public RequestFilter and(String field, String value) {
    var all = new ArrayList<>(terms);
    all.add(new Term(field, value));
    return new RequestFilter(all);
  }

  boolean matches(BuildContext context) {
    var present = termsOf(context);
    return present.containsAll(terms);
  }

  /** Every term this context answers to. */
  static List<Term> termsOf(BuildContext context) {
    var terms = new ArrayList<Term>();
    add(terms, "repository", context.repository());
    add(terms, "commit", context.commit());
    add(terms, "branch", context.branch());
    add(terms, "build_id", context.buildId());
    add(terms, "version", context.version());
    context.labels().forEach((name, value) -> terms.add(new Term(LABEL + name, value)));
    return terms;
  }

  private static void add(List<Term> terms, String field, Optional<String> value) {
    value.ifPresent(v -> terms.add(new Term(field, v)));
  }
}
