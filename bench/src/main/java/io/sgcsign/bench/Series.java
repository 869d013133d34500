// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * What the rounds of a run measured, in order: round by round two series were measured within
 * seconds of each other, so that a ratio holds on a machine whose speed drifts.
 */
final class Series {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The median of the rounds' ratios. */
  double ratioTo(Series other) {
    return combine(other, (a, b) -> a / b).median();
  }

  Series plus(Series other) {
    return combine(other, Double::sum);
  }

  private Series combine(Series other, DoubleBinaryOperator operator) {
    var out = new Series();
    for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
      out.add(operator.applyAsDouble(values.get(i), other.values.get(i)));
    }
    return out;
  }
}
