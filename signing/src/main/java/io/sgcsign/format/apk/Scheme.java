// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.apk;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A way to sign an APK (source.android.com, "APK signing"), the strongest last. */
enum Scheme {
  V1,
  V2,
  V3,
  /** In a file of its own beside the APK. */
  V4;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Scheme> byWireName(String name) {
    return Arrays.stream(values()).filter(s -> s.wireName().equals(name)).findFirst();
  }
}
