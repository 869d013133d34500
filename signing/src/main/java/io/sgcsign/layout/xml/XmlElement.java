// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.xml;

import java.util.Map;
import java.util.Optional;

/**
 * A start tag.
 *
 * @param path local names from the root on, as in {@code /BlockMap/File}; those of another
 *     namespace than the root's have a question mark before them
 * @param namespace its own; empty: none
 * @param attributes those that have no namespace
 */
public record XmlElement(String path, String namespace, Map<String, String> attributes) {
  public XmlElement {
    attributes = Map.copyOf(attributes);
  }

  public Optional<String> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }
}
