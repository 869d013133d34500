// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sgcsign.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
  /** Leaves and roots of certificate-transparency's reference tree. */
  private static final List<String> CT_LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> CT_ROOTS =
      List.of(
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  /** Leaves of the exhaustive tests: past one full subtree of 128. */
  private static final int MAX = 130;

  private static final Forest FOREST = Forest.grow(MAX);

  /** Leaf hashes and the root of every prefix, made by the plain definition of RFC 6962 §2.1. */
  private record Forest(List<Bytes> leaves, List<Bytes> roots) implements MerkleTree.Subtrees {
    static Forest grow(int size) {
      var leaves = new ArrayList<Bytes>();
      var roots = new ArrayList<Bytes>();
      roots.add(MerkleTree.EMPTY_ROOT);
      for (int i = 0; i < size; i++) {
        leaves.add(MerkleTree.leafHash(Bytes.utf8("event " + i)));
        roots.add(definition(leaves));
      }
      return new Forest(leaves, roots);
    }

    private static Bytes definition(List<Bytes> leaves) {
      if (leaves.size() == 1) {
        return leaves.getFirst();
      }
      int k = Integer.highestOneBit(leaves.size() - 1);
      return MerkleTree.nodeHash(
          definition(leaves.subList(0, k)), definition(leaves.subList(k, leaves.size())));
    }

    @Override
    public Bytes root(int level, long index) {
      int width = 1 << level;
      int from = (int) index * width;
      return definition(leaves.subList(from, from + width));
    }
  }

  @Test
  void growsTheRootsOfCertificateTransparency() {
    var frontier = Frontier.empty();
    assertThat(frontier.root().toHex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (int i = 0; i < CT_LEAVES.size(); i++) {
      frontier.add(MerkleTree.leafHash(Bytes.fromHex(CT_LEAVES.get(i))));
      assertThat(frontier.root().toHex()).isEqualTo(CT_ROOTS.get(i));
      assertThat(Frontier.parse(frontier.toBytes()).root()).isEqualTo(frontier.root());
    }
  }

  @Test
  void provesEveryLeafOfEveryTreeAndRefusesEveryMutation() {
    long refused = 0;
    for (int size = 1; size <= MAX; size++) {
      assertThat(MerkleTree.root(size, FOREST)).isEqualTo(FOREST.roots().get(size));
      for (int index = 0; index < size; index++) {
        var path = MerkleTree.inclusionProof(index, size, FOREST);
        assertThat(included(index, size, path)).isTrue();
        for (var mutation : mutations(path)) {
          assertThat(included(index, size, mutation)).isFalse();
          refused++;
        }
        assertThat(size > 1 && included((index + 1) % size, index, size, path)).isFalse();
      }
    }
    assertThat(refused).isGreaterThan(50_000);
  }

  private static boolean included(int index, int size, List<Bytes> path) {
    return included(index, index, size, path);
  }

  private static boolean included(int claimed, int index, int size, List<Bytes> path) {
    var root = FOREST.roots().get(size);
    return MerkleTree.verifyInclusion(FOREST.leaves().get(index), claimed, size, path, root);
  }

  @Test
  void provesEveryPrefixOfEveryTreeAndRefusesEveryMutation() {
    for (int size = 0; size <= MAX; size++) {
      for (int earlier = 0; earlier <= size; earlier++) {
        var path = MerkleTree.consistencyProof(earlier, size, FOREST);
        assertThat(consistent(earlier, earlier, size, size, path)).isTrue();
        for (var mutation : mutations(path)) {
          assertThat(consistent(earlier, earlier, size, size, mutation)).isFalse();
        }
        if (earlier > 0) {
          assertThat(consistent(earlier, earlier - 1, size, size, path)).isFalse();
          assertThat(consistent(earlier, earlier, size, size - 1, path)).isFalse();
        }
      }
    }
  }

  private static boolean consistent(
      int earlier, int earlierRoot, int size, int root, List<Bytes> path) {
    return MerkleTree.verifyConsistency(
        earlier, FOREST.roots().get(earlierRoot), size, FOREST.roots().get(root), path);
  }

  /** The path with one bit flipped in each hash, one hash fewer, one more, and two swapped. */
  private static List<List<Bytes>> mutations(List<Bytes> path) {
    var all = new ArrayList<List<Bytes>>();
    for (int i = 0; i < path.size(); i++) {
      var flipped = new ArrayList<>(path);
      byte[] hash = path.get(i).toArray();
      hash[i % hash.length] ^= (byte) (1 << (i % 8));
      flipped.set(i, Bytes.wrap(hash));
      all.add(flipped);
      var shorter = new ArrayList<>(path);
      shorter.remove(i);
      all.add(shorter);
    }
    var longer = new ArrayList<>(path);
    longer.add(MerkleTree.EMPTY_ROOT);
    all.add(longer);
    if (path.size() > 1) {
      all.add(new ArrayList<>(path).reversed());
    }
    return all;
  }

  @Test
  void refusesSizesThatMakeNoSense() {
    var root = FOREST.roots().get(4);
    assertThat(MerkleTree.verifyInclusion(root, -1, 4, List.of(), root)).isFalse();
    assertThat(MerkleTree.verifyInclusion(root, 4, 4, List.of(), root)).isFalse();
    assertThat(MerkleTree.verifyInclusion(root, 0, 0, List.of(), root)).isFalse();
    assertThat(MerkleTree.verifyConsistency(5, root, 4, root, List.of())).isFalse();
    assertThat(MerkleTree.verifyConsistency(-1, root, 4, root, List.of())).isFalse();
    assertThatThrownBy(() -> MerkleTree.inclusionProof(4, 4, FOREST))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAFrontierOfAWrongLength() {
    var frontier = Frontier.empty();
    frontier.add(MerkleTree.EMPTY_ROOT);
    var bytes = frontier.toBytes();
    assertThatThrownBy(() -> Frontier.parse(bytes.slice(0, bytes.size() - 1)))
        .isInstanceOf(ProofException.class);
    assertThatThrownBy(() -> Frontier.parse(Bytes.EMPTY)).isInstanceOf(ProofException.class);
  }
}
