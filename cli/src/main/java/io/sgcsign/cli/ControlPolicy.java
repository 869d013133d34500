// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes publisher rules as Windows reads them, for all that a publisher signs or for single
 * programs. Equal rules give equal texts.
 */
final class ControlPolicy {
  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

  /** Of every policy that Windows' own tools make. */
  private static final String PLATFORM = "{2E07F7E4-194C-4D20-B7C9-6F44A6C5A234}";

  /** The rule collections that files with an Authenticode signature fall under. */
  private static final List<String> COLLECTIONS = List.of("Exe", "Dll", "Msi", "Script");

  /** Those of them that hold programs, which alone have a version resource. */
  private static final List<String> PROGRAMS = List.of("Exe", "Dll");

  private final List<PublisherRule> rules;
  private final List<List<ProgramRule>> programs;

  /** Every program there is a rule for, once: whose place in the list is its number. */
  private final List<ProgramRule> attributes;

  /**
   * Rules.
   *
   * @param rules publishers, each with the programs it is trusted for; none: with all it signs
   */
  ControlPolicy(Map<PublisherRule, List<ProgramRule>> rules) {
    this.rules = List.copyOf(rules.keySet());
    this.programs = rules.values().stream().map(ProgramRule::merged).toList();
    this.attributes = programs.stream().flatMap(List::stream).distinct().toList();
  }

  /** The elements of a policy that is there already: {@code FileAttrib}, then {@code Signer}. */
  String elements() {
    return fileAttributes() + signers();
  }

  private String fileAttributes() {
    return IntStream.range(0, attributes.size())
        .mapToObj(i -> {
          ProgramRule program = attributes.get(i);
          String name = XmlText.escape(program.name());
          return """
              <FileAttrib ID="ID_FILEATTRIB_F_%d" FriendlyName="%s" %s="%s" MinimumFileVersion="%s" />
          """
              .formatted(i + 1, name, program.attribute(), name, program.version());
        })
        .collect(Collectors.joining());
  }

  /** The schema wants the references behind everything else. */
  private String signers() {
    return each(i -> {
      PublisherRule rule = rules.get(i);
      return """
          <Signer ID="ID_SIGNER_S_%d" Name="%s">
            <CertRoot Type="TBS" Value="%s" />
            <CertPublisher Value="%s" />
      %s    </Signer>
      """
          .formatted(
              i + 1,
              XmlText.escape(rule.issuer()),
              rule.root(),
              XmlText.escape(rule.publisher()),
              references(programs.get(i)));
    });
  }

  private String references(List<ProgramRule> wanted) {
    return wanted.stream()
        .map(p ->
            "      <FileAttribRef RuleID=\"ID_FILEATTRIB_F_%d\" />\n"
                .formatted(attributes.indexOf(p) + 1))
        .collect(Collectors.joining());
  }

  private String fileRules() {
    return attributes.isEmpty()
        ? "  <FileRules />"
        : "  <FileRules>\n" + fileAttributes() + "  </FileRules>";
  }

  private String each(IntFunction<String> text) {
    return IntStream.range(0, rules.size()).mapToObj(text).collect(Collectors.joining());
  }

  /**
   * A supplemental policy, in the order of elements that Windows' schema wants.
   *
   * @param base id of the policy it supplements
   * @param id its own; a policy with the same id takes its place
   */
  String supplemental(String name, String base, String id) {
    String allowed =
        each(i -> "          <AllowedSigner SignerId=\"ID_SIGNER_S_" + (i + 1) + "\" />\n");
    String user = each(i -> "    <CiSigner SignerId=\"ID_SIGNER_S_" + (i + 1) + "\" />\n");
    return HEAD
        + """
        <SiPolicy xmlns="urn:schemas-microsoft-com:sipolicy" PolicyType="Supplemental Policy">
          <VersionEx>10.0.0.0</VersionEx>
          <PlatformID>%s</PlatformID>
          <Rules>
            <Rule>
              <Option>Enabled:Unsigned System Integrity Policy</Option>
            </Rule>
          </Rules>
          <EKUs />
        %s
          <Signers>
        %s  </Signers>
          <SigningScenarios>
            <SigningScenario Value="131" ID="ID_SIGNINGSCENARIO_DRIVERS_1" FriendlyName="Drivers">
              <ProductSigners />
            </SigningScenario>
            <SigningScenario Value="12" ID="ID_SIGNINGSCENARIO_WINDOWS" FriendlyName="User mode">
              <ProductSigners>
                <AllowedSigners>
        %s        </AllowedSigners>
              </ProductSigners>
            </SigningScenario>
          </SigningScenarios>
          <UpdatePolicySigners />
          <CiSigners>
        %s  </CiSigners>
          <HvciOptions>0</HvciOptions>
          <Settings>
            <Setting Provider="PolicyInfo" Key="Information" ValueName="Name">
              <Value>
                <String>%s</String>
              </Value>
            </Setting>
          </Settings>
          <BasePolicyID>%s</BasePolicyID>
          <PolicyID>%s</PolicyID>
        </SiPolicy>\
        """
            .formatted(
                PLATFORM, fileRules(), signers(), allowed, user, XmlText.escape(name), base, id);
  }

  /** Rules for AppLocker. They turn nothing on: whether rules are enforced stays as it is. */
  String appLocker() {
    List<String> conditions =
        IntStream.range(0, rules.size()).mapToObj(this::conditions).flatMap(List::stream).toList();
    var out = new StringBuilder(HEAD).append("<AppLockerPolicy Version=\"1\">\n");
    for (String collection : attributes.isEmpty() ? COLLECTIONS : PROGRAMS) {
      out.append(
          "  <RuleCollection Type=\"%s\" EnforcementMode=\"NotConfigured\">\n"
              .formatted(collection));
      conditions.stream().distinct().forEach(c -> out.append(rule(collection, c)));
      out.append("  </RuleCollection>\n");
    }
    return out.append("</AppLockerPolicy>").toString();
  }

  /** A publisher, or a publisher, product, binary and version, in lines. */
  private List<String> conditions(int index) {
    String publisher = rules.get(index).appLocker();
    return programs.get(index).isEmpty()
        ? List.of(String.join("\n", publisher, "*", "*", "*"))
        : programs.get(index).stream()
            .map(p ->
                String.join(
                    "\n",
                    publisher,
                    p.product().orElse("*").toUpperCase(Locale.ROOT),
                    p.binary().orElse("*").toUpperCase(Locale.ROOT),
                    p.version()))
            .toList();
  }

  private static String rule(String collection, String condition) {
    List<String> parts = condition.lines().map(XmlText::escape).toList();
    boolean all = condition.endsWith("\n*\n*\n*");
    String text = all ? condition.lines().findFirst().orElseThrow() : condition;
    String name =
        (all ? "Signed" : parts.get(2) + " from " + parts.get(3) + " on, signed")
            + " by "
            + parts.getFirst();
    return """
        <FilePublisherRule Id="%s" Name="%s" Description="" UserOrGroupSid="S-1-1-0" Action="Allow">
          <Conditions>
            <FilePublisherCondition PublisherName="%s" ProductName="%s" BinaryName="%s">
              <BinaryVersionRange LowSection="%s" HighSection="*" />
            </FilePublisherCondition>
          </Conditions>
        </FilePublisherRule>
    """
        .formatted(
            guid(collection + "\n" + text).toLowerCase(Locale.ROOT),
            name,
            parts.get(0),
            parts.get(1),
            parts.get(2),
            parts.get(3));
  }

  /** A GUID that follows from a text (RFC 9562 §5.8). */
  static String guid(String text) {
    byte[] bytes = Digest.sha256(Bytes.utf8(text)).value().slice(0, 16).toArray();
    bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x80);
    bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
    String hex = Bytes.wrap(bytes).toHex().toUpperCase(Locale.ROOT);
    return hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }
}
