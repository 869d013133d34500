// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.cli;

import io.sgcsign.bytes.Bytes;
import io.sgcsign.pki.Digest;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes publisher rules as Windows reads them. Equal rules give equal texts. */
final class ControlPolicy {
  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

  /** Of every policy that Windows' own tools make. */
  private static final String PLATFORM = "{2E07F7E4-194C-4D20-B7C9-6F44A6C5A234}";

  /** The rule collections that files with an Authenticode signature fall under. */
  private static final List<String> COLLECTIONS = List.of("Exe", "Dll", "Msi", "Script");

  private final List<PublisherRule> rules;

  ControlPolicy(List<PublisherRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** The {@code Signer} elements alone, for a policy that is there already. */
  String signers() {
    return each(i -> {
      PublisherRule rule = rules.get(i);
      return """
          <Signer ID="ID_SIGNER_S_%d" Name="%s">
            <CertRoot Type="TBS" Value="%s" />
            <CertPublisher Value="%s" />
          </Signer>
      """
          .formatted(
              i + 1, XmlText.escape(rule.issuer()), rule.root(), XmlText.escape(rule.publisher()));
    });
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
          <FileRules />
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
            .formatted(PLATFORM, signers(), allowed, user, XmlText.escape(name), base, id);
  }

  /** Rules for AppLocker. They turn nothing on: whether rules are enforced stays as it is. */
  String appLocker() {
    List<String> publishers = rules.stream().map(PublisherRule::appLocker).distinct().toList();
    var out = new StringBuilder(HEAD).append("<AppLockerPolicy Version=\"1\">\n");
    for (String collection : COLLECTIONS) {
      out.append(
          "  <RuleCollection Type=\"%s\" EnforcementMode=\"NotConfigured\">\n"
              .formatted(collection));
      publishers.forEach(p -> out.append(rule(collection, p)));
      out.append("  </RuleCollection>\n");
    }
    return out.append("</AppLockerPolicy>").toString();
  }

  private static String rule(String collection, String publisher) {
    String id = guid(collection + "\n" + publisher).toLowerCase(Locale.ROOT);
    String name = XmlText.escape(publisher);
    return """
        <FilePublisherRule Id="%s" Name="Signed by %s" Description="" UserOrGroupSid="S-1-1-0" Action="Allow">
          <Conditions>
            <FilePublisherCondition PublisherName="%s" ProductName="*" BinaryName="*">
              <BinaryVersionRange LowSection="*" HighSection="*" />
            </FilePublisherCondition>
          </Conditions>
        </FilePublisherRule>
    """
        .formatted(id, name, name);
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
