// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.apk;

import static org.assertj.core.api.Assertions.assertThat;

import com.android.apksig.internal.util.VerityTreeBuilder;
import com.android.apksig.util.DataSources;
import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our hash tree is the one that apksig makes. */
final class VerityTreeTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        1,
        4095,
        4096,
        4097,
        65_536,
        65_537,
        524_288,
        524_289,
        3_000_000,
        67_108_864,
        67_108_865
      })
  void isTheTreeThatApksigMakes(int size) throws IOException, NoSuchAlgorithmException {
    byte[] file = new byte[size];
    new Random(size).nextBytes(file);
    try (var builder = new VerityTreeBuilder(null)) {
      var source = DataSources.asDataSource(ByteBuffer.wrap(file));
      ByteBuffer theirs = builder.generateVerityTree(source);
      byte[] expected = new byte[theirs.remaining()];
      theirs.get(expected);
      byte[] root = builder.generateVerityTreeRootHash(source);

      VerityTree tree = VerityTree.of(Artifact.of(Bytes.wrap(file)));

      assertThat(tree.bytes()).isEqualTo(Bytes.wrap(expected));
      assertThat(tree.root()).isEqualTo(Bytes.wrap(root));
      assertThat(VerityTree.size(size)).isEqualTo(expected.length);
    }
  }
}
