// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.bytes.Bytes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a package says about itself, for people: read with patterns, not as XML, since nothing
 * depends on it but names in reports.
 */
record Nuspec(String id, String version, boolean symbols) {
  /** Bytes. Those of packages with hundreds of dependencies have 200 KiB. */
  static final int MAX_SIZE = 1 << 20;

  private static final Pattern ID = Pattern.compile("<id>\\s*([\\w.-]{1,100})\\s*</id>");
  private static final Pattern VERSION =
      Pattern.compile("<version>\\s*([\\w.+-]{1,64})\\s*</version>");
  private static final Pattern SYMBOLS =
      Pattern.compile("<packageType\\s+name\\s*=\\s*[\"']SymbolsPackage[\"']");

  static Nuspec of(Bytes content) {
    String text = new String(content.toArray(), charset(content));
    return new Nuspec(first(ID, text), first(VERSION, text), SYMBOLS.matcher(text).find());
  }

  private static Charset charset(Bytes content) {
    int mark = content.size() < 2 ? 0 : (content.at(0) & 0xff) << 8 | (content.at(1) & 0xff);
    return mark == 0xfffe || mark == 0xfeff ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }

  private static String first(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? found.group(1) : "?";
  }
}
