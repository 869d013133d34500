// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.Samples.refusals;
import static org.assertj.core.api.Assertions.assertThat;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.zip.NewEntry;
import io.sgcsign.layout.zip.ZipEntry;
import io.sgcsign.layout.zip.ZipFile;
import io.sgcsign.pki.Issued;
import io.sgcsign.verify.CheckName;
import io.sgcsign.verify.VerificationReport;
import io.sgcsign.verify.VerificationReport.Status;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.junit.jupiter.api.Test;

/**
 * Extensions signed by the JDK's XML signatures, in the way .NET's packages are: relationships go
 * through the transform of ECMA-376-2 §13.2.4.24, whose outcome is written down here by hand.
 */
final class ForeignExtensionsTest {
  private static final Samples SAMPLES = new Samples(Instant.parse("2026-11-21T12:00:00Z"));
  private static final Issued SIGNER = ExtensionSamples.signer(SAMPLES);
  private static final String REL = "http://schemas.openxmlformats.org/package/2006/relationships";
  private static final String OPC = "http://schemas.openxmlformats.org/package/2006/";
  private static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";

  /** What the transform leaves of _rels/.rels: the one that is chosen, with its mode. */
  private static final String CHOSEN =
      "<Relationships xmlns=\""
          + REL
          + "\"><Relationship Id=\"R1\" Target=\"/extension.vsixmanifest\""
          + " TargetMode=\"Internal\" Type=\"http://acme.test/type\"></Relationship></Relationships>";

  private static final String BY_ID =
      "<o:RelationshipReference xmlns:o=\"" + OPC + "digital-signature\" SourceId=\"R1\"/>";
  private static final String BY_TYPE =
      "<o:RelationshipsGroupReference xmlns:o=\""
          + OPC
          + "digital-signature\" SourceType=\"http://acme.test/type\"/>";

  private static String sha256(byte[] content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String reference(String uri, String transforms, String digest) {
    return "<Reference URI=\""
        + uri
        + "\">"
        + transforms
        + "<DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
        + "<DigestValue>"
        + digest
        + "</DigestValue></Reference>";
  }

  /** The list of parts our format made, but with a transform of the root's relationships. */
  private static String manifest(String xml, String choice) {
    String list = xml.substring(xml.indexOf("<Manifest>"), xml.indexOf("</Manifest>") + 11);
    int at = list.indexOf("<Reference URI=\"/_rels/.rels");
    int end = list.indexOf("</Reference>", at) + "</Reference>".length();
    String uri = list.substring(at + 16, list.indexOf('"', at + 16));
    String transforms =
        "<Transforms><Transform Algorithm=\""
            + OPC
            + "RelationshipTransform\">"
            + choice
            + "</Transform><Transform Algorithm=\""
            + CanonicalizationMethod.INCLUSIVE
            + "\"/></Transforms>";
    String own = reference(uri, transforms, sha256(CHOSEN.getBytes(StandardCharsets.UTF_8)));
    return list.substring(0, at) + own + list.substring(end);
  }

  private static String sign(String manifest) throws Exception {
    var builders = DocumentBuilderFactory.newDefaultNSInstance();
    String object = "<x xmlns=\"" + DSIG + "\">" + manifest + "</x>";
    var source =
        builders
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(object.getBytes(StandardCharsets.UTF_8)));
    var target = builders.newDocumentBuilder().newDocument();
    var xml = XMLSignatureFactory.getInstance("DOM");
    XMLObject signed =
        xml.newXMLObject(
            List.of(new DOMStructure(source.getDocumentElement().getFirstChild())),
            "idPackageObject",
            null,
            null);
    var c14n = xml.newTransform(CanonicalizationMethod.INCLUSIVE, (TransformParameterSpec) null);
    var reference =
        xml.newReference(
            "#idPackageObject",
            xml.newDigestMethod("http://www.w3.org/2001/04/xmlenc#sha256", null),
            List.of(c14n),
            DSIG + "Object",
            null);
    var info =
        xml.newSignedInfo(
            xml.newCanonicalizationMethod(
                CanonicalizationMethod.INCLUSIVE, (C14NMethodParameterSpec) null),
            xml.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", null),
            List.of(reference));
    var keys = xml.getKeyInfoFactory();
    var certificates = keys.newX509Data(SIGNER.chain().certificates());
    XMLSignature signature =
        xml.newXMLSignature(
            info, keys.newKeyInfo(List.of(certificates)), List.of(signed), null, null);
    signature.sign(new DOMSignContext(SIGNER.keys().getPrivate(), target));
    var out = new StringWriter();
    TransformerFactory.newDefaultInstance()
        .newTransformer()
        .transform(new DOMSource(target), new StreamResult(out));
    return out.toString();
  }

  private static VerificationReport foreign(String choice, Optional<Bytes> relationships)
      throws Exception {
    Bytes ours =
        ExtensionSamples.sign(
            ExtensionSamples.withRelationships(), Map.of(), SIGNER, Optional.empty());
    var artifact = Artifact.of(ours);
    ZipFile zip = ZipFile.parse(artifact);
    ZipEntry part =
        zip.entries().stream().filter(e -> e.name().endsWith(".psdsxs")).findFirst().orElseThrow();
    String theirs = sign(manifest(zip.read(part, 1 << 20).toUtf8(), choice));
    var edit = zip.edit().remove(part.name());
    edit.putLast(NewEntry.deflated(part.name(), Bytes.utf8(theirs), SAMPLES.now));
    relationships.ifPresent(
        r -> edit.remove("_rels/.rels").putLast(NewEntry.deflated("_rels/.rels", r, SAMPLES.now)));
    var out = artifact.with(edit.patch());
    return ExtensionSamples.verify(out.read(0, (int) out.size()), SAMPLES.policy());
  }

  private static Bytes relationships(String more) {
    return Bytes.utf8(
        "<Relationships xmlns=\""
            + REL
            + "\">"
            + more
            + "<Relationship Target=\"/package/services/digital-signature/origin.psdor\" Id=\"O\" Type=\""
            + REL
            + "/digital-signature/origin\"/></Relationships>");
  }

  private static final String FIRST =
      "<Relationship Type=\"http://acme.test/type\" Id=\"R1\" Target=\"/extension.vsixmanifest\" TargetMode=\"Internal\"/>";

  @Test
  void relationshipsAreChosenByIdAndByType() throws Exception {
    for (String choice : List.of(BY_ID, BY_TYPE, BY_ID + BY_TYPE)) {
      VerificationReport report = foreign(choice, Optional.empty());
      assertThat(report.status()).as("%s %s", choice, report).isEqualTo(Status.VALID);
    }
  }

  @Test
  void spellingAndOrderOfRelationshipsAreNotSigned() throws Exception {
    VerificationReport report = foreign(BY_ID, Optional.of(relationships(FIRST)));
    assertThat(report.status()).as("%s", report).isEqualTo(Status.VALID);
  }

  @Test
  void otherTargetsAndRelationshipsNobodyChoseAreNoticed() throws Exception {
    String other = FIRST.replace("extension.vsixmanifest", "Acme.Tools.dll");
    String more = FIRST + FIRST.replace("R1", "R2").replace("type", "other");
    for (String changed : List.of(other, more, "", FIRST.replace("Internal", "External"))) {
      VerificationReport report = foreign(BY_ID, Optional.of(relationships(changed)));
      assertThat(refusals(report)).as(changed).containsExactly(CheckName.CONTENT_DIGEST);
    }
  }

  @Test
  void unknownTransformsAreRefused() throws Exception {
    VerificationReport report = foreign("<x/>", Optional.empty());
    assertThat(report.status()).isEqualTo(Status.INVALID);
  }
}
