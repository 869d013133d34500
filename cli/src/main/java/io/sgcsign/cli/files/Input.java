// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli.files;

import java.nio.file.Path;

/**
 * A file to work on.
 *
 * @param file the file itself: links are followed
 * @param shown as the user knows it, with slashes
 * @param relative where it goes below an output folder: below the fixed part of its pattern, or
 *     just its name
 */
public record Input(Path file, String shown, Path relative) {}
