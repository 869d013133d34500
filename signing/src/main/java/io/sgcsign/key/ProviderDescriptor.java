// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.key;

import java.util.List;

/**
 * A provider type describes itself once: config schema, docs and console derive from it.
 *
 * @param type as in {@code "type": "PFX"}
 * @param title one line for people
 * @param local keys are files of this machine: failing to open stops the start
 * @param freeProbe a test signature costs nothing
 */
public record ProviderDescriptor(
    String type, String title, boolean local, boolean freeProbe, List<Param> params) {
  public ProviderDescriptor {
    params = List.copyOf(params);
  }

  /**
   * A parameter.
   *
   * @param secret may be given as {@code NAME_file} or {@code NAME_cred}, never printed
   * @param path is a path relative to the configuration file
   */
  public record Param(String name, boolean required, boolean secret, boolean path, String help) {}
}
