// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format.vsix;

/** Names of Open Packaging signatures (ECMA-376-2 §13 and Annex F). */
final class Opc {
  static final String TYPES_PART = "[Content_Types].xml";
  static final String ROOT_RELATIONSHIPS = "_rels/.rels";
  static final String SIGNATURES = "package/services/digital-signature/";
  static final String ORIGIN = SIGNATURES + "origin.psdor";
  static final String ORIGIN_RELATIONSHIPS = SIGNATURES + "_rels/origin.psdor.rels";
  static final String SIGNATURE_FOLDER = SIGNATURES + "xml-signature/";
  static final String CERTIFICATE_FOLDER = SIGNATURES + "certificate/";

  static final String TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types";
  static final String RELATIONSHIPS_NS =
      "http://schemas.openxmlformats.org/package/2006/relationships";
  static final String SIGNATURE_NS =
      "http://schemas.openxmlformats.org/package/2006/digital-signature";
  static final String RELATIONSHIP_TRANSFORM =
      "http://schemas.openxmlformats.org/package/2006/RelationshipTransform";

  private static final String SIGNATURE_TYPE = RELATIONSHIPS_NS + "/digital-signature/";
  static final String ORIGIN_TYPE = SIGNATURE_TYPE + "origin";
  static final String SIGNATURE_PART_TYPE = SIGNATURE_TYPE + "signature";

  private static final String CONTENT_TYPE = "application/vnd.openxmlformats-package.";
  static final String ORIGIN_CONTENT = CONTENT_TYPE + "digital-signature-origin";
  static final String SIGNATURE_CONTENT = CONTENT_TYPE + "digital-signature-xmlsignature+xml";
  static final String RELATIONSHIPS_CONTENT = CONTENT_TYPE + "relationships+xml";

  private Opc() {}
}
