// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.layout.script;

/**
 * How a script's language writes the signature, and what its subject interface package (SIP)
 * digests. PowerShell's digests the byte order mark too; that of the Windows Script Host does not,
 * but digests the position of the signature behind the text.
 */
public enum ScriptStyle {
  /** PowerShell. */
  HASH(
      "# SIG # Begin signature block",
      "# SIG # End signature block",
      "# ",
      "",
      Sip.POWERSHELL,
      Default.UTF_8),
  /** PowerShell's XML files. */
  XML(
      "<!-- SIG # Begin signature block -->",
      "<!-- SIG # End signature block -->",
      "<!-- ",
      " -->",
      Sip.POWERSHELL,
      Default.ANSI),
  /** Managed Object Format. */
  MOF(
      "/* SIG # Begin signature block */",
      "/* SIG # End signature block */",
      "/* ",
      " */",
      Sip.POWERSHELL,
      Default.UTF_8),
  VBSCRIPT(
      "'' SIG '' Begin signature block",
      "'' SIG '' End signature block",
      "'' SIG '' ",
      "",
      Sip.SCRIPT_HOST,
      Default.ANSI),
  JSCRIPT(
      "// SIG // Begin signature block",
      "// SIG // End signature block",
      "// SIG // ",
      "",
      Sip.SCRIPT_HOST,
      Default.ANSI),
  /** Windows script files: the signature is an element at the end of the last job. */
  WSF("<signature>", "</signature>", "** SIG ** ", "", Sip.SCRIPT_HOST, Default.UTF_8);

  /** What follows the signature of a Windows script file. */
  static final String JOB_END = "</job>";

  private final String first;
  private final String last;
  private final String open;
  private final String close;
  private final Sip sip;
  private final Default encoding;

  ScriptStyle(String first, String last, String open, String close, Sip sip, Default encoding) {
    this.first = first;
    this.last = last;
    this.open = open;
    this.close = close;
    this.sip = sip;
    this.encoding = encoding;
  }

  private enum Sip {
    POWERSHELL,
    SCRIPT_HOST
  }

  /** How Windows reads a text without a byte order mark. */
  private enum Default {
    /** As UTF-8 if it is that, else in the code page of Western Windows. */
    UTF_8,
    /** In the code page of Windows, even if it is UTF-8. */
    ANSI
  }

  /** The block's first line. */
  String first() {
    return first;
  }

  /** The block's last line. */
  String last() {
    return last;
  }

  /** What begins a line of base64. */
  String open() {
    return open;
  }

  /** What ends a line of base64. */
  String close() {
    return close;
  }

  boolean markSigned() {
    return sip == Sip.POWERSHELL;
  }

  boolean positionSigned() {
    return sip == Sip.SCRIPT_HOST;
  }

  boolean detectsUtf8() {
    return encoding == Default.UTF_8;
  }

  /** Whether text follows the signature by rule. */
  boolean inside() {
    return this == WSF;
  }
}
