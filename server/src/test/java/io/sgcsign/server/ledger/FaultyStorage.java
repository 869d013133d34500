// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.ledger;

import io.sgcsign.bytes.Bytes;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A real database whose commits fail or wait when a test wants them to. */
final class FaultyStorage implements Storage {
  final AtomicReference<@Nullable String> commitFault = new AtomicReference<>();
  final AtomicReference<@Nullable CountDownLatch> gate = new AtomicReference<>();
  final AtomicLong space = new AtomicLong(Long.MAX_VALUE);
  private final Storage real;

  FaultyStorage(Storage real) {
    this.real = real;
  }

  @Override
  public EventStore open(boolean create) {
    var store = real.open(create);
    return new EventStore() {
      @Override
      public StoreTransaction begin() {
        return new FaultyTransaction(store.begin(), FaultyStorage.this);
      }

      @Override
      public <T> T read(Function<Snapshot, T> query) {
        return store.read(query);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  void beforeCommit() {
    var latch = gate.get();
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new StoreException("interrupted", e);
      }
    }
    var fault = commitFault.get();
    if (fault != null) {
      throw new StoreException(fault);
    }
  }

  @Override
  public EventStore openForReading() {
    return real.openForReading();
  }

  @Override
  public EventStore openScratch() {
    return real.openScratch();
  }

  @Override
  public long usableSpace() {
    return space.get();
  }

  @Override
  public Optional<Bytes> readFile(String name) {
    return real.readFile(name);
  }

  @Override
  public void writeFile(String name, Bytes content) {
    real.writeFile(name, content);
  }
}
