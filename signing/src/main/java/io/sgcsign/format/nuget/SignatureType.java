// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.nuget;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.bytes.Der;
import io.sgcsign.bytes.DerCursor;
import io.sgcsign.bytes.DerException;
import io.sgcsign.bytes.DerWriter;
import io.sgcsign.layout.cms.AttributeValues;
import io.sgcsign.signature.SigningContext;
import io.sgcsign.signature.ToBeSigned.Attribute;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.CmsStructure.SignerInfo;
import io.sgcsign.verify.VerificationReport.Check;
import io.sgcsign.verify.VerificationReport.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who signs a package: its author, or a repository (commitment-type-indication). */
enum SignatureType {
  AUTHOR("1.2.840.113549.1.9.16.6.1"), // proofOfOrigin
  REPOSITORY("1.2.840.113549.1.9.16.6.2"); // proofOfReceipt

  /** nuget-v3-service-index-url: an IA5String. */
  private static final String SERVICE_INDEX = "1.3.6.1.4.1.311.84.2.1.1.1";

  /** nuget-package-owners: a SEQUENCE OF UTF8String. */
  private static final String OWNERS = "1.3.6.1.4.1.311.84.2.1.1.2";

  private static final int UTF8_STRING = 0x0c;
  private static final int IA5_STRING = 0x16;

  /** Characters of owners a report tells. */
  private static final int MAX_SHOWN = 500;

  private final String commitment;

  SignatureType(String commitment) {
    this.commitment = commitment;
  }

  /** SIGNED_ATTRIBUTES: those the specification demands, with what they say. */
  static Check check(SignerInfo signer, List<SignatureType> allowed) {
    try {
      SignatureType type = of(signer);
      if (!allowed.contains(type)) {
        return failed(
            "A " + type.name().toLowerCase(Locale.ROOT) + " signature is not one of here");
      }
      if (signer.signed(AttributeValues.SIGNING_CERTIFICATE_V2).size() != 1) {
        return failed("It does not say which certificate signed it (signing-certificate-v2)");
      }
      if (signer.signed(AttributeValues.SIGNING_TIME).size() != 1) {
        return failed("It does not say when it was made (signing-time)");
      }
      String said = type == AUTHOR ? "author signature" : repository(signer);
      return new Check(CheckName.SIGNED_ATTRIBUTES, Outcome.PASSED, true, said);
    } catch (DerException e) {
      return failed(String.valueOf(e.getMessage()));
    }
  }

  /** Whether a signature says that it is of this type, whatever else is wrong with it. */
  static boolean is(SignerInfo signer, SignatureType type) {
    try {
      return of(signer) == type;
    } catch (DerException _) {
      return false; // the question was only whether
    }
  }

  /** The signed attributes besides content-type and message-digest. */
  static List<Attribute> attributes(SigningContext context, Optional<Repository> repository) {
    SignatureType type = repository.isPresent() ? REPOSITORY : AUTHOR;
    var all = new ArrayList<Attribute>();
    all.add(attribute(AttributeValues.SIGNING_TIME, AttributeValues.signingTime(context.time())));
    all.add(
        attribute(
            AttributeValues.COMMITMENT_TYPE, AttributeValues.commitmentType(type.commitment)));
    all.add(
        attribute(
            AttributeValues.SIGNING_CERTIFICATE_V2,
            AttributeValues.signingCertificateV2(context.chain().leaf())));
    if (repository.isPresent()) {
      all.add(attribute(SERVICE_INDEX, string(IA5_STRING, repository.get().serviceIndex())));
      Bytes[] owners =
          repository.get().owners().stream().map(o -> string(UTF8_STRING, o)).toArray(Bytes[]::new);
      if (owners.length > 0) {
        all.add(attribute(OWNERS, DerWriter.sequence(owners)));
      }
    }
    return all;
  }

  private static Bytes string(int tag, String text) {
    return DerWriter.element(tag, Bytes.utf8(text));
  }

  private static Attribute attribute(String oid, Bytes value) {
    return new Attribute(oid, List.of(value));
  }

  private static Check failed(String detail) {
    return Check.failed(CheckName.SIGNED_ATTRIBUTES, detail);
  }

  private static SignatureType of(SignerInfo signer) {
    List<Bytes> values = signer.signed(AttributeValues.COMMITMENT_TYPE);
    SignatureType found = null;
    for (Bytes value : values) {
      String oid = Der.of(value).sequence().next(Der.OID).oid();
      for (SignatureType type : values()) {
        if (type.commitment.equals(oid)) {
          if (found != null) {
            throw new DerException("It is an author's and a repository's signature at once");
          }
          found = type;
        }
      }
    }
    if (found == null) {
      throw new DerException("It is neither an author's nor a repository's signature");
    }
    return found;
  }

  private static String repository(SignerInfo signer) {
    List<Bytes> urls = signer.signed(SERVICE_INDEX);
    if (urls.size() != 1) {
      throw new DerException("The repository's signature does not name its service index");
    }
    String url = text(Der.of(urls.getFirst()).expect(IA5_STRING));
    if (!url.startsWith("https://")) {
      throw new DerException("The service index of the repository is not at an https address");
    }
    var owners = new ArrayList<String>();
    for (Bytes list : signer.signed(OWNERS)) {
      for (DerCursor each = Der.of(list).sequence(); each.hasNext(); ) {
        owners.add(text(each.next(UTF8_STRING)));
      }
    }
    String said = "repository signature of " + url;
    String all = owners.isEmpty() ? said : said + ", owners: " + String.join(", ", owners);
    return all.substring(0, Math.min(MAX_SHOWN, all.length()));
  }

  private static String text(Der string) {
    String text = new String(string.content().toArray(), StandardCharsets.UTF_8);
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new DerException("A name in the signature has control characters");
    }
    return text;
  }
}
