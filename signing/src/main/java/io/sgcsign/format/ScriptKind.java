// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.format;

import static io.sgcsign.format.ImprintCheck.require;

import io.sgcsign.artifact.Artifact;
import io.sgcsign.bytes.Bytes;
import io.sgcsign.layout.script.ScriptFile;
import io.sgcsign.layout.script.ScriptSniff;
import io.sgcsign.layout.script.ScriptStyle;
import io.sgcsign.signature.Imprint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Scripts, which carry their signature in comments. Most are told by nothing but name or option:
 * content speaks only where there is a signature, or an XML root that is known.
 */
final class ScriptKind implements AuthenticodeKind {
  private static final SipInfo POWERSHELL_SIP =
      new SipInfo(65536, Bytes.fromHex("1fcc3b60594b084eb724d2c6297ef351"));
  private static final SipInfo VBSCRIPT_SIP =
      new SipInfo(1, Bytes.fromHex("4ef029169927b54d8fe5ace10f17ebab"));
  private static final SipInfo JSCRIPT_SIP =
      new SipInfo(1, Bytes.fromHex("10e0c906ce38d411a2a300104bd35090"));
  private static final SipInfo WSF_SIP =
      new SipInfo(1, Bytes.fromHex("7005611ace38d411a2a300104bd35090"));

  static final ScriptKind POWERSHELL =
      new ScriptKind(
          List.of(
              new Script(ScriptStyle.HASH, POWERSHELL_SIP, "ps1", "PowerShell scripts"),
              new Script(ScriptStyle.HASH, POWERSHELL_SIP, "psm1", "PowerShell modules"),
              new Script(ScriptStyle.HASH, POWERSHELL_SIP, "psd1", "PowerShell module manifests"),
              new Script(ScriptStyle.XML, POWERSHELL_SIP, "ps1xml", "PowerShell formats and types"),
              new Script(ScriptStyle.XML, POWERSHELL_SIP, "psc1", "PowerShell consoles"),
              new Script(ScriptStyle.XML, POWERSHELL_SIP, "cdxml", "PowerShell cmdlets over CIM"),
              new Script(ScriptStyle.MOF, POWERSHELL_SIP, "mof", "Managed Object Format")));

  static final ScriptKind SCRIPT_HOST =
      new ScriptKind(
          List.of(
              new Script(ScriptStyle.VBSCRIPT, VBSCRIPT_SIP, "vbs", "VBScript"),
              new Script(ScriptStyle.JSCRIPT, JSCRIPT_SIP, "js", "JScript"),
              new Script(ScriptStyle.WSF, WSF_SIP, "wsf", "Windows script files")));

  private final List<Script> scripts;

  private ScriptKind(List<Script> scripts) {
    this.scripts = List.copyOf(scripts);
  }

  /** A kind of script; its name is what its file names end in. */
  record Script(ScriptStyle style, SipInfo sip, FormatDescriptor.Kind kind) {
    Script(ScriptStyle style, SipInfo sip, String name, String description) {
      this(style, sip, new FormatDescriptor.Kind(name, List.of(name), description));
    }
  }

  @Override
  public List<FormatDescriptor.Kind> kinds() {
    return scripts.stream().map(Script::kind).toList();
  }

  @Override
  public Optional<FormatDescriptor.Kind> recognise(Artifact artifact, String nameHint) {
    if (!ScriptSniff.text(artifact)) {
      return Optional.empty();
    }
    String extension = nameHint.substring(nameHint.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    Optional<Script> named =
        scripts.stream().filter(s -> s.kind().extensions().contains(extension)).findFirst();
    Optional<ScriptStyle> style = ScriptSniff.style(artifact);
    if (style.isEmpty()) {
      return named.map(Script::kind);
    }
    return named
        .filter(s -> s.style() == style.get())
        .or(() -> scripts.stream().filter(s -> s.style() == style.get()).findFirst())
        .map(Script::kind);
  }

  /** Text begins like any other. */
  @Override
  public boolean begins(Artifact artifact) {
    return false;
  }

  @Override
  public AuthenticodeSubject open(Artifact artifact, FormatDescriptor.Kind kind) {
    Script script = script(kind.name()).orElseThrow();
    return new ScriptSubject(script, ScriptFile.parse(artifact, script.style()));
  }

  private Optional<Script> script(String kind) {
    return scripts.stream().filter(s -> s.kind().name().equals(kind)).findFirst();
  }

  @Override
  public Content content(Imprint imprint, Options options) {
    require(
        imprint.facts().isEmpty() && imprint.parts().isEmpty(),
        "The imprint of a script has no parts and no facts");
    SipInfo sip = script(imprint.kind()).orElseThrow().sip();
    return Content.indirect(SpcIndirectData.body(sip.data(), imprint.digest()));
  }
}
