// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.timestamp;

import com.sun.net.httpserver.HttpExchange;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.pki.Issued;
import io.sgcsign.tool.HttpStub;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * A time-stamp authority of Authenticode's old protocol, written after Microsoft's "Time Stamping
 * Authenticode Signatures" with Bouncy Castle, which the code under test does not use for it. It
 * takes nothing that the document does not describe, and misbehaves if it is told to.
 */
public final class FakeLegacyTsa implements AutoCloseable {
  private static final String OCTETS = "application/octet-stream";
  private static final String DATA = "1.2.840.113549.1.7.1";

  private final HttpStub http;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<Bytes> stamped = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour;

  /**
   * What it does.
   *
   * @param by whose key and certificate signs
   * @param algorithm of the signature, as {@code SHA256withRSA}
   * @param content what it signs instead of what it was sent
   * @param detached leaves the content out
   * @param answer what it sends for the DER of the right answer
   */
  public record Behaviour(
      Issued by,
      String algorithm,
      Supplier<Instant> clock,
      UnaryOperator<byte[]> content,
      boolean detached,
      boolean timed,
      boolean decorated,
      String contentType,
      int status,
      UnaryOperator<byte[]> answer) {

    public static Behaviour good(Issued by) {
      return new Behaviour(
          by,
          "SHA256with" + (by.keys().getPublic().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA"),
          Instant::now,
          c -> c,
          false,
          true,
          false,
          OCTETS,
          200,
          Base64.getMimeEncoder()::encode);
    }

    public Behaviour algorithm(String other) {
      return new Behaviour(
          by, other, clock, content, detached, timed, decorated, contentType, status, answer);
    }

    Behaviour clock(Supplier<Instant> other) {
      return new Behaviour(
          by, algorithm, other, content, detached, timed, decorated, contentType, status, answer);
    }

    Behaviour content(UnaryOperator<byte[]> other) {
      return new Behaviour(
          by, algorithm, clock, other, detached, timed, decorated, contentType, status, answer);
    }

    Behaviour without(boolean content, boolean time) {
      return new Behaviour(
          by,
          algorithm,
          clock,
          this.content,
          content,
          !time,
          decorated,
          contentType,
          status,
          answer);
    }

    Behaviour withUnsignedAttribute() {
      return new Behaviour(
          by, algorithm, clock, content, detached, timed, true, contentType, status, answer);
    }

    public Behaviour answering(int code, String type, UnaryOperator<byte[]> other) {
      return new Behaviour(
          by, algorithm, clock, content, detached, timed, decorated, type, code, other);
    }
  }

  public FakeLegacyTsa(Behaviour behaviour) {
    this.behaviour = behaviour;
    this.http = HttpStub.handling(this::handle);
  }

  public void behave(Behaviour other) {
    this.behaviour = other;
  }

  public URI uri() {
    return http.uri();
  }

  /** What was wrong with requests. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** The signature values it was sent. */
  public List<Bytes> stamped() {
    return List.copyOf(stamped);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    try {
      Bytes value = value(exchange, body);
      stamped.add(value);
      Behaviour now = behaviour;
      byte[] der = now.answer().apply(signed(now, now.content().apply(value.toArray())));
      send(exchange, now.status(), now.contentType(), der);
    } catch (IllegalArgumentException | DerException e) {
      complaints.add(String.valueOf(e.getMessage()));
      send(exchange, 400, "text/plain", Bytes.utf8("bad request").toArray());
    } catch (GeneralSecurityException | OperatorCreationException | CMSException e) {
      complaints.add("bug: " + e);
      send(exchange, 500, "text/plain", new byte[0]);
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** The request, field by field. */
  private static Bytes value(HttpExchange exchange, byte[] body) {
    insist(exchange.getRequestMethod().equals("POST"), "the method is no POST");
    insist(OCTETS.equals(exchange.getRequestHeaders().getFirst("Content-Type")), "content type");
    String accepted = exchange.getRequestHeaders().getFirst("Accept"); // osslsigncode says nothing
    insist(accepted == null || accepted.equals(OCTETS), "accepted types");
    String text = new String(body, StandardCharsets.US_ASCII).replaceAll("\\r?\\n", "");
    Der whole = Der.of(Bytes.wrap(Base64.getDecoder().decode(text)));
    DerCursor request = whole.sequence();
    insist(request.next(Der.OID).oid().equals("1.3.6.1.4.1.311.3.2.1"), "type of the request");
    // no attributes are described, so a SEQUENCE comes next
    DerCursor info = request.next(Der.SEQUENCE).children();
    request.end();
    insist(info.next(Der.OID).oid().equals(DATA), "type of the content");
    Bytes value = info.next(0xa0).only().octets();
    info.end();
    insist(value.size() >= 64, "length of the signature value: " + value.size());
    return value;
  }

  private static void insist(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("The request is wrong: " + what);
    }
  }

  private static byte[] signed(Behaviour how, byte[] content)
      throws GeneralSecurityException, OperatorCreationException, CMSException, IOException {
    var generator = new CMSSignedDataGenerator();
    var builder =
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
    var time = new DERSet(new Time(Date.from(how.clock().get())));
    var attributes = new ASN1EncodableVector();
    attributes.add(new Attribute(CMSAttributes.signingTime, time));
    var usual = new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes));
    builder.setSignedAttributeGenerator(parameters -> {
      AttributeTable all = usual.getAttributes(parameters);
      return how.timed() ? all : all.remove(CMSAttributes.signingTime);
    });
    if (how.decorated()) {
      var oid = new ASN1ObjectIdentifier("2.999.1");
      var extra = new Attribute(oid, new DERSet(new ASN1ObjectIdentifier("2.999.2")));
      builder.setUnsignedAttributeGenerator(_ -> new AttributeTable(extra));
    }
    var signer = new JcaContentSignerBuilder(how.algorithm()).build(how.by().keys().getPrivate());
    generator.addSignerInfoGenerator(builder.build(signer, how.by().certificate()));
    generator.addCertificates(new JcaCertStore(how.by().chain().certificates()));
    var signedData = generator.generate(new CMSProcessableByteArray(content), !how.detached());
    return signedData.toASN1Structure().getEncoded("DER");
  }

  @Override
  public void close() {
    http.close();
  }
}
