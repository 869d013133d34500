// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.cfb;

import io.sgcsign.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.poi.poifs.filesystem.DirectoryNode;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.apache.poi.poifs.filesystem.DocumentNode;
import org.apache.poi.poifs.filesystem.Entry;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** What Apache POI, which is not ours, finds in a compound file. */
final class PoiReader {
  private PoiReader() {}

  static Map<String, Bytes> streams(Bytes file) throws IOException {
    try (var poi = new POIFSFileSystem(new ByteArrayInputStream(file.toArray()))) {
      var out = new TreeMap<String, Bytes>();
      collect(poi.getRoot(), "", out);
      return out;
    }
  }

  private static void collect(DirectoryNode node, String path, Map<String, Bytes> out)
      throws IOException {
    for (Iterator<Entry> each = node.getEntries(); each.hasNext(); ) {
      Entry entry = each.next();
      String name = path + "/" + entry.getName();
      switch (entry) {
        case DirectoryNode folder -> collect(folder, name, out);
        case DocumentNode stream -> {
          try (var in = new DocumentInputStream(stream)) {
            out.put(name, Bytes.wrap(in.readAllBytes()));
          }
        }
        default -> throw new IllegalStateException("POI knows no such entry");
      }
    }
  }
}
