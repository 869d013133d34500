// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.bench;

import io.sgcsign.pki.Issued;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Clients that send imprints as fast as they are answered. Every item has an idempotency key and a
 * file of its own, as the command line sends them.
 *
 * @param credential the header line of an API key
 * @param batch items of one request
 * @param connections kept open, one thread each
 */
record HashLoad(
    BenchServer server,
    String credential,
    String provider,
    Issued signer,
    int batch,
    int connections) {
  private static final String PATH = "/api/v1/sign/authenticode/hash";
  private static final String BLOCK = "\"block\":{\"type\":\"cms\"";

  /** Signatures a CPU-second of the server, measured for about {@code seconds}. */
  double signsPerCpuSecond(double seconds) throws IOException {
    double before = server.cpuSeconds();
    long signed = run(seconds);
    return signed / (server.cpuSeconds() - before);
  }

  /** Signs for about {@code seconds}; returns how often. */
  long run(double seconds) throws IOException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    var clients = new ArrayList<Callable<Long>>();
    for (int i = 0; i < connections; i++) {
      clients.add(() -> client(end));
    }
    try (var threads = Executors.newFixedThreadPool(connections)) {
      long signed = 0;
      for (var client : threads.invokeAll(clients)) {
        signed += client.get();
      }
      return signed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted under load", e);
    } catch (ExecutionException e) {
      throw new IOException("A client failed: " + e.getCause(), e);
    }
  }

  private long client(long end) throws IOException {
    String certificate = signer.chain().fingerprint().toString();
    long signed = 0;
    try (Connection connection = server.connect()) {
      while (System.nanoTime() < end) {
        Connection.Answer answer = connection.post(PATH, credential, body(certificate));
        if (answer.status() != 200 || blocks(answer.body()) != batch) {
          throw new IOException("Not signed: " + answer);
        }
        signed += batch;
      }
    }
    return signed;
  }

  private static int blocks(String body) {
    int count = 0;
    for (int at = body.indexOf(BLOCK); at >= 0; at = body.indexOf(BLOCK, at + 1)) {
      count++;
    }
    return count;
  }

  private String body(String certificate) {
    var body = new StringBuilder(batch * 512);
    body.append("{\"provider\":\"").append(provider).append("\",\"timestamp\":\"none\"");
    body.append(",\"options\":{\"hash\":\"sha256\"},\"items\":");
    String separator = "[";
    for (int i = 0; i < batch; i++) {
      body.append(separator).append("{\"name\":\"dist/program-").append(i).append(".exe\"");
      body.append(",\"key\":\"").append(hex());
      body.append(
          "\",\"imprint\":{\"format\":\"authenticode\",\"kind\":\"pe\",\"digest\":\"sha256:");
      body.append(hex()).append("\",\"artifact\":\"sha256:").append(hex());
      body.append("\",\"signer\":\"").append(certificate).append("\"}}");
      separator = ",";
    }
    return body.append("]}").toString();
  }

  private static String hex() {
    byte[] bytes = new byte[32];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
