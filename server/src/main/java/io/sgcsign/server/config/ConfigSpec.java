// SPDX-License-Identifier: Apache-2.0
package io.sgcsign.server.config;

import static io.sgcsign.server.config.Spec.block;
import static io.sgcsign.server.config.Spec.choice;
import static io.sgcsign.server.config.Spec.flag;
import static io.sgcsign.server.config.Spec.integer;
import static io.sgcsign.server.config.Spec.items;
import static io.sgcsign.server.config.Spec.key;
import static io.sgcsign.server.config.Spec.path;
import static io.sgcsign.server.config.Spec.required;
import static io.sgcsign.server.config.Spec.secret;
import static io.sgcsign.server.config.Spec.text;

import java.util.Optional;

/** Every key of the configuration file, its default and its meaning. */
final class ConfigSpec {
  /** Names a provider may have: they stand in URLs, logs and command lines. */
  static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /** An object identifier whose arcs fit a long. */
  static final String OID_PATTERN =
      "(?:[01]\\.(?:[0-9]|[1-3][0-9])|2\\.(?:0|[1-9][0-9]{0,16}))(?:\\.(?:0|[1-9][0-9]{0,16})){0,30}";

  private static final Spec.Block TLS =
      block(
          key("enabled", flag(true), "Serve HTTPS (TLS 1.2 and 1.3)."),
          key("cert_file", path(), "PEM file with the server's certificate and its chain."),
          key("key_file", path(), "PEM file with the private key (PKCS#8)."),
          key("key_password", secret(), "Password of an encrypted private key."));

  private static final Spec.Block FIREWALL =
      block(
          key("enabled", flag(true), "Turn the built-in firewall on."),
          key("whitelist", items(text()), "CIDR ranges that may connect; empty: everybody."),
          key("blacklist", items(text()), "CIDR ranges that may not connect."),
          key(
              "brute_force",
              block(
                  key("enabled", flag(true), "Ban addresses after failed log-ins."),
                  key("max_attempts", integer(5, 1, 1000), "Failures until the ban."),
                  key(
                      "ban_duration_sec",
                      integer(900, 1, 604_800),
                      "Length of the ban in seconds.")),
              "Brute-force lock."),
          key(
              "rate_limit",
              block(
                  key("enabled", flag(true), "Limit new connections of one address."),
                  key(
                      "max_connections_per_ip",
                      integer(30, 1, 1_000_000),
                      "New connections in a window."),
                  key(
                      "time_window_sec",
                      integer(60, 1, 86_400),
                      "Length of the window in seconds.")),
              "Connection rate limit."));

  private static final Spec.Block SERVER =
      block(
          key("listen", text("127.0.0.1"), "Address to bind."),
          key("port", integer(8443, 0, 65_535), "Port to bind; 0 takes any free one."),
          key("tls", TLS, "Transport security."),
          key(
              "max_upload_mb",
              integer(512, 1, 16_384),
              "Largest file that may be uploaded, in MiB."),
          key("firewall", FIREWALL, "Built-in firewall."),
          key(
              "public",
              items(text()),
              "Paths under /api/v1 that need no credential, for example health or openapi.json."),
          key(
              "log",
              block(
                  key(
                      "level",
                      choice(
                          "info", "none", "fatal", "error", "warning", "info", "debug", "verbose"),
                      "How much is logged.")),
              "Logging."),
          key("node", text("n1"), "Name of this node in the ledger."),
          key(
              "log_origin",
              text("sgcsign.local/log/1"),
              "Origin line of the ledger's checkpoints: a name you own, fixed for its life."));

  private static final Spec.Block RULES =
      block(
          key(
              "formats",
              items(text()),
              "Formats this provider may sign; left out: all but apk, which stands alone."),
          key("allow_sha1", flag(false), "Allow SHA-1 signatures."),
          key(
              "timestamp",
              choice("", "none", "optional", "required"),
              "Left out: required unless the certificate is self-signed."),
          key("allow_hash_only", flag(true), "Allow pre-hash mode, where the file is not seen."));

  private static final Spec.Block PROVIDER =
      block(
          required("name", text(), "The name callers use."),
          required("type", text(), "PFX or PEM."),
          key("params", new Spec.ProviderParams(), "Parameters of the type."),
          key("rules", RULES, "What this provider may sign."),
          key("tsa_url", text(), "Time-stamp authority of this provider."),
          key(
              "required",
              new Spec.Flag(Optional.empty()),
              "Whether the server may run without it; left out: files yes, services no."));

  private static final Spec.Block TIMESTAMPING =
      block(
          key(
              "authorities",
              items(
                  block(
                      required("url", text(), "URL of a time-stamp authority."),
                      key(
                          "protocol",
                          choice("rfc3161", "rfc3161", "authenticode"),
                          "authenticode: it is asked only for PKCS#9 counter-signatures"
                              + " (timestamp_protocol=authenticode), and nobody else is."),
                      key(
                          "anchors_file",
                          path(),
                          "PEM file with the certificates its tokens must lead to."),
                      key(
                          "policy_oid",
                          text(),
                          "OID of the policy its tokens must be under; left out: any."),
                      key(
                          "max_per_minute",
                          integer(0, 0, 100_000),
                          "Requests it gets in any minute; 0: no limit."))),
              "Authorities, asked in this order."),
          key(
              "hedge",
              flag(true),
              "Ask the next authority too while one is slower than 95 of 100 of its answers."),
          key(
              "allowed",
              items(text()),
              "URLs a caller may name in tsa_url; left out: the well-known public ones. RFC 3161 only."));

  private static final Spec.Block TEST_AUTHORITY =
      block(
          required("port", integer(0, 1, 65_535), "Loopback port of the plain HTTP listener."),
          required("tsa_file", path(), "PKCS#12 file of the test time-stamp authority."),
          required("tsa_password", secret(), "Its password."),
          required("root_file", path(), "PEM file of the test root: what its tokens lead to."),
          required(
              "folder",
              path(),
              "Folder with the files that the TEST certificates' CRL and AIA locations name."));

  static final Spec.Block ROOT =
      block(
          key("server", SERVER, "Where and how the server listens."),
          key(
              "storage",
              block(
                  key(
                      "sqlite_path",
                      path("data/sgcsignserver.db"),
                      "The database: ledger, users, keys.")),
              "Storage."),
          key(
              "admin",
              block(
                  key("initial_user", text("admin"), "Name of the first administrator."),
                  key(
                      "initial_password_env",
                      text("SGCSIGN_ADMIN_INIT_PW"),
                      "Variable with the first password; read once, while there is no user."),
                  key(
                      "session_timeout_minutes",
                      integer(60, 1, 1440),
                      "Life of an administrator's token in minutes.")),
              "Administration."),
          key(
              "audit",
              block(
                  key(
                      "retention_days",
                      integer(365, 0, 36_500),
                      "Days personal details are kept; 0: for ever. The proof always stays.")),
              "Audit."),
          key("providers", items(PROVIDER), "Named handles to signing keys."),
          key("timestamping", TIMESTAMPING, "Time stamps."),
          key(
              "trust",
              block(
                  key(
                      "anchors_file",
                      path(),
                      "PEM file with further trusted certificates for verify.")),
              "Whom verify trusts besides the server's own providers."),
          key(
              "test_authority",
              TEST_AUTHORITY,
              "The quickstart's TEST certificate and time-stamp authority; loopback only."));

  private ConfigSpec() {}
}
