// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.appx;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.xml.XmlElement;
import io.sgcsign.layout.xml.XmlWalk;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a package or a bundle says about itself: its Identity and, of a bundle, its packages.
 *
 * @param publisher as it stands there
 * @param architecture of a package; empty: any
 * @param members by file name, in their order
 */
public record AppxManifest(
    String name,
    String publisher,
    String version,
    Optional<String> architecture,
    Map<String, Member> members) {
  static final String PACKAGE_ENTRY = "AppxManifest.xml";
  static final String BUNDLE_ENTRY = "AppxMetadata/AppxBundleManifest.xml";

  /** Bytes. Those of large suites have 500 KiB. */
  static final int MAX_SIZE = 4 << 20;

  private static final String NAMESPACES = "http://schemas.microsoft.com/appx/";

  /** Characters. The schema allows 8,192. */
  private static final int MAX_PUBLISHER = 8192;

  private static final Pattern NAME = Pattern.compile("[-.A-Za-z0-9]{3,50}");
  private static final Pattern VERSION = Pattern.compile("\\d{1,5}(\\.\\d{1,5}){3}");
  private static final Pattern ARCHITECTURE = Pattern.compile("[A-Za-z0-9]{1,16}");

  public AppxManifest {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /**
   * A package that a bundle lists.
   *
   * @param offset where its bytes begin in the bundle; negative: it is not in it
   */
  record Member(String fileName, long offset, long size) {}

  static AppxManifest ofPackage(Bytes document) {
    return parse(document, PACKAGE_ENTRY, "/Package");
  }

  static AppxManifest ofBundle(Bytes document) {
    return parse(document, BUNDLE_ENTRY, "/Bundle");
  }

  private static AppxManifest parse(Bytes document, String entry, String root) {
    var reading = new Reading(entry, root);
    XmlWalk.of(document, entry, reading::start);
    return reading.end();
  }

  /** The running state. */
  private static final class Reading {
    private final String entry;
    private final String root;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private @Nullable XmlElement identity;

    Reading(String entry, String root) {
      this.entry = entry;
      this.root = root;
    }

    void start(XmlElement element) {
      String path = element.path();
      if (!path.startsWith(root)
          || (path.equals(root) && !element.namespace().startsWith(NAMESPACES))) {
        throw AppxFault.malformed(entry + " is no manifest: it has the element " + path);
      }
      if (path.equals(root + "/Identity")) {
        if (identity != null) {
          throw AppxFault.malformed(entry + " has two identities");
        }
        identity = element;
      } else if (path.equals("/Bundle/Packages/Package")) {
        long offset = element.attribute("Offset").map(o -> number(o, element)).orElse(-1L);
        long size = element.attribute("Size").map(s -> number(s, element)).orElse(-1L);
        String name = element.attribute("FileName").orElse("");
        if (members.put(name, new Member(name, offset, size)) != null) {
          throw AppxFault.malformed(entry + " lists " + name + " twice");
        }
      }
    }

    private long number(String text, XmlElement element) {
      if (!text.matches("\\d{1,18}")) {
        throw AppxFault.malformed(
            "%s has no number in Offset or Size of %s"
                .formatted(entry, element.attribute("FileName").orElse("a package")));
      }
      return Long.parseLong(text);
    }

    AppxManifest end() {
      if (identity == null) {
        throw AppxFault.malformed(entry + " has no Identity");
      }
      String publisher = identity.attribute("Publisher").orElse("");
      if (publisher.isEmpty() || publisher.length() > MAX_PUBLISHER) {
        throw AppxFault.malformed(entry + " has an Identity without a Publisher");
      }
      return new AppxManifest(
          attribute(identity, "Name", NAME),
          publisher,
          attribute(identity, "Version", VERSION),
          identity
              .attribute("ProcessorArchitecture")
              .filter(a -> ARCHITECTURE.matcher(a).matches()),
          members);
    }

    private String attribute(XmlElement element, String name, Pattern pattern) {
      return element
          .attribute(name)
          .filter(v -> pattern.matcher(v).matches())
          .orElseThrow(
              () -> AppxFault.malformed(entry + " has an Identity without a proper " + name));
    }
  }
}
