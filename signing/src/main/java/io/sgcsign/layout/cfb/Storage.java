// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import java.util.List;

/**
 * A storage or stream and, of a storage, what it holds.
 *
 * @param children in the order of their tree
 */
public record Storage(DirectoryEntry entry, List<Storage> children) {
  public Storage {
    children = List.copyOf(children);
  }
}
