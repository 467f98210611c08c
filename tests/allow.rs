//! Suppressions: which findings they allow, in each language, and what is said of them.

use gluelint::allow::{Date, Wording, additions};
use gluelint::diag::Finding;
use gluelint::lint::{FileReport, Options, lint, lint_unit};
use gluelint::report::{Style, renderer, summary};
use gluelint::spec::Severity;
use gluelint::text::{Edits, Source, Unit};

const OPTIONS: Options = Options {
    least: Severity::Info,
    today: Date::parse("2026-11-24"),
    ..Options::DEFAULT
};

fn report(name: &str, text: &str) -> FileReport {
    lint(Source::new(name, text), &OPTIONS)
}

/// What is reported and what is allowed: rules, each with the line it is found on.
fn told(report: &FileReport) -> (Vec<String>, Vec<String>) {
    let line = |finding: &gluelint::diag::Finding| {
        let lines = &report.document.lines;
        let at = lines.index_of(finding.place.span.start) + 1;
        format!("{at} {}", finding.rule.name)
    };
    (
        report.findings.iter().map(line).collect(),
        report.allowed.iter().map(|it| line(&it.finding)).collect(),
    )
}

/// Asserts that in a document these rules are reported, and these allowed.
#[track_caller]
fn expect(name: &str, text: &str, reported: &[&str], allowed: &[&str]) {
    let text = text.trim_start_matches('\n');
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let report = report(name, &text);
        let (is_reported, is_allowed) = told(&report);
        assert_eq!(
            (is_reported, is_allowed),
            (owned(reported), owned(allowed)),
            "{text}"
        );
    }
}

fn owned(rules: &[&str]) -> Vec<String> {
    rules.iter().map(|&rule| rule.to_owned()).collect()
}

// ---- YAML ------------------------------------------------------------------------------------

#[test]
fn a_comment_above_governs_the_entry_below() {
    let text = "
Name: orders
ConnectionType: JDBC
ConnectionProperties:
  JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders
  # gluelint: allow(tls-not-enforced) it is private
  # Another comment.

  JDBC_ENFORCE_SSL: \"false\"
  USERNAME: etl
  PASSWORD: hunter2hunter2
";
    expect(
        "a.yaml",
        text,
        &["10 plaintext-password"],
        &["8 tls-not-enforced"],
    );
    // All that is in the entry.
    let text = "
Name: orders
ConnectionType: JDBC
# gluelint: allow(tls-not-enforced, plaintext-password)
ConnectionProperties:
  JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders
  JDBC_ENFORCE_SSL: \"false\"
  USERNAME: etl
  PASSWORD: hunter2hunter2
";
    let all = ["6 tls-not-enforced", "8 plaintext-password"];
    expect("a.yaml", text, &[], &all);
    let behind = text.replace("\n# gluelint", "\n#").replace(
        "ConnectionProperties:",
        "ConnectionProperties:  # gluelint: allow(tls-not-enforced, plaintext-password)",
    );
    expect("a.yaml", &behind, &[], &all);
    // At the top, the document; in any case, the file.
    let rest = text.replace(
        "# gluelint: allow(tls-not-enforced, plaintext-password)\n",
        "",
    );
    let rest = rest.trim_start();
    let all = ["6 tls-not-enforced", "8 plaintext-password"];
    for word in ["allow", "allow-file"] {
        let top = format!("# gluelint: {word}(tls-not-enforced, plaintext-password)\n{rest}");
        expect("a.yaml", &top, &[], &all);
    }
    let end = format!("{rest}# gluelint: allow-file(tls-not-enforced, plaintext-password)\n");
    expect(
        "a.yaml",
        &end,
        &[],
        &["5 tls-not-enforced", "7 plaintext-password"],
    );
}

#[test]
fn a_comment_behind_governs_what_begins_on_its_line() {
    let text = "
ConnectionList:
- Name: a # gluelint: allow(tls-not-enforced) of the name only
  ConnectionType: JDBC
  ConnectionProperties:
    JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders
    JDBC_ENFORCE_SSL: \"false\" # a note # gluelint: allow(tls-not-enforced)
    SECRET_ID: orders/etl
";
    let text = text.replace("ConnectionList:\n-", "ConnectionInput:\n ");
    expect(
        "a.yaml",
        &text,
        &["2 unused-suppression"],
        &["6 tls-not-enforced"],
    );
}

#[test]
fn a_comment_above_an_item_governs_the_item() {
    let text = "
- hosts: all
  tasks:
    # gluelint: allow(plaintext-password, tls-not-enforced)
    - community.aws.aws_glue_connection:
        name: a
        connection_properties: &x
          JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders
          JDBC_ENFORCE_SSL: \"true\"
          USERNAME: etl
          PASSWORD: hunter2hunter2
    - community.aws.aws_glue_connection:
        name: b
        connection_properties:
          JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders
          JDBC_ENFORCE_SSL: \"true\"
          USERNAME: etl
          PASSWORD: hunter2hunter2
";
    let reported = ["3 unused-suppression", "17 plaintext-password"];
    expect("a.yaml", text, &reported, &["10 plaintext-password"]);
}

#[test]
fn flow_style_is_governed_line_by_line() {
    let text = "
Name: orders
ConnectionType: JDBC
ConnectionProperties: {
  JDBC_CONNECTION_URL: \"jdbc:postgresql://db.example.org:5432/orders\", JDBC_ENFORCE_SSL: \"false\", # gluelint: allow(tls-not-enforced)
  USERNAME: etl,
  # gluelint: allow(plaintext-password)
  PASSWORD: hunter2hunter2 }
";
    expect(
        "a.yaml",
        text,
        &[],
        &["4 tls-not-enforced", "7 plaintext-password"],
    );
    let text = "
Name: orders
ConnectionType: JDBC
ConnectionProperties: {
  JDBC_CONNECTION_URL: \"jdbc:postgresql://db.example.org:5432/orders\", JDBC_ENFORCE_SSL: \"false\",
  SECRET_ID: orders/etl
  } # gluelint: allow(tls-not-enforced)
";
    expect("a.yaml", text, &[], &["4 tls-not-enforced"]);
}

#[test]
fn what_only_looks_like_a_comment_allows_nothing() {
    let text = "
Name: orders
Description: |
  # gluelint: allow(tls-not-enforced)
  and more
ConnectionType: JDBC
ConnectionProperties:
  JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders
  JDBC_ENFORCE_SSL: \"false\"
  SECRET_ID: \"orders # gluelint: allow(tls-not-enforced)\"
  CUSTOM_JDBC_CERT_STRING: 'a
    # gluelint: alow(x)
    b'
# See gluelint: it knows more.
";
    let (reported, allowed) = told(&report("a.yaml", text.trim_start()));
    assert!(
        reported.contains(&"8 tls-not-enforced".to_owned()),
        "{reported:?}"
    );
    assert!(
        !reported.iter().any(|it| it.contains("suppression")),
        "{reported:?}"
    );
    assert!(allowed.is_empty());
}

#[test]
fn a_comment_behind_a_header_or_a_last_line_governs_the_entry() {
    for url in [
        ">- # gluelint: allow(tls-weakened-by-url)\n    jdbc:postgresql://db.example.org:5432/orders?sslmode=disable",
        "\"jdbc:postgresql://db.example.org:5432/orders\\\n    ?sslmode=disable\" # gluelint: allow(tls-weakened-by-url)",
    ] {
        let text = format!(
            "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  JDBC_ENFORCE_SSL: \"true\"\n  \
             SECRET_ID: orders/etl\n  JDBC_CONNECTION_URL: {url}\n"
        );
        let report = report("a.yaml", &text);
        let (reported, allowed) = told(&report);
        assert_eq!(reported, [""; 0], "{text}");
        assert_eq!(allowed.len(), 1, "{text}");
    }
}

#[test]
fn a_comment_at_the_default_of_a_parameter_allows_what_comes_from_there() {
    let text = "
Parameters:
  DbPort:
    Type: String
    Default: \"80\" # gluelint: allow(port-out-of-range)
Resources:
  # gluelint: allow(tls-not-enforced) the whole resource
  Orders:
    Type: AWS::Glue::Connection
    Properties:
      CatalogId: !Ref AWS::AccountId
      ConnectionInput:
        Name: orders
        ConnectionType: JDBC
        ConnectionProperties:
          HOST: db.example.org
          PORT: !Ref DbPort
          JDBC_ENGINE: mysql
          SECRET_ID: orders/etl
          JDBC_ENFORCE_SSL: \"false\"
";
    let (reported, allowed) = told(&report("a.yaml", text.trim_start()));
    assert!(
        allowed.iter().any(|it| it.ends_with("port-out-of-range")),
        "{reported:?}"
    );
    assert!(
        allowed.iter().any(|it| it.ends_with("tls-not-enforced")),
        "{reported:?}"
    );
    assert!(
        !reported.iter().any(|it| it.ends_with("suppression")),
        "{reported:?}"
    );
}

// ---- HCL -------------------------------------------------------------------------------------

const HCL: &str = "
resource \"aws_glue_connection\" \"orders\" {
  name = \"orders\"
  connection_properties = {
    JDBC_CONNECTION_URL = \"jdbc:postgresql://db.example.org:5432/orders\"
    JDBC_ENFORCE_SSL    = \"false\"
    USERNAME            = \"etl\"
    PASSWORD            = \"hunter2hunter2\"
  }
}
";

#[test]
fn comments_of_hcl_govern_arguments_and_blocks() {
    let allowed = |from: &str, to: &str| {
        let text = HCL.trim_start().replace(from, to);
        let (reported, allowed) = told(&report("main.tf", &text));
        let names = |list: Vec<String>| -> Vec<String> {
            list.iter()
                .map(|it| it.split(' ').nth(1).unwrap().to_owned())
                .collect()
        };
        (names(reported), names(allowed))
    };
    let both = || owned(&["tls-not-enforced", "plaintext-password"]);
    let words = "gluelint: allow(tls-not-enforced, plaintext-password) x";
    for (from, to) in [
        ("resource", format!("# {words}\nresource")),
        ("resource", format!("/* {words} */\n\nresource")),
        ("\"orders\" {", format!("\"orders\" {{ // {words}")),
        (
            "  connection_properties",
            format!("  // {words}\n  connection_properties"),
        ),
        ("\n  }\n", format!("\n  }} # {words}\n")),
        ("  }\n}\n", format!("  }}\n}} # {words}\n")),
    ] {
        assert_eq!(allowed(from, &to), (vec![], both()), "{to}");
    }
    let one = || owned(&["tls-not-enforced"]);
    let rest = || owned(&["plaintext-password"]);
    for (from, to) in [
        ("\"false\"", "\"false\" # gluelint: allow(tls-not-enforced)"),
        (
            "    JDBC_ENFORCE_SSL",
            "    /* gluelint: allow(tls-not-enforced) */ JDBC_ENFORCE_SSL",
        ),
        (
            "    JDBC_ENFORCE_SSL",
            "    #gluelint:allow(tls-not-enforced)\n    JDBC_ENFORCE_SSL",
        ),
    ] {
        assert_eq!(allowed(from, to), (rest(), one()), "{to}");
    }
    for (from, to) in [
        ("\"orders\"\n", "\"or # gluelint: allow(x)\"\n"),
        (
            "\"orders\"\n",
            "<<EOT\n# gluelint: allow(tls-not-enforced)\nEOT\n",
        ),
        ("\"orders\"\n", "\"${var.x /* gluelint: allow(x) */}\"\n"),
    ] {
        let (reported, allowed) = allowed(from, to);
        assert!(
            allowed.is_empty() && !reported.iter().any(|it| it.contains("rule")),
            "{reported:?}"
        );
    }
}

#[test]
fn a_module_is_judged_as_a_whole() {
    let unit = |vars: &str, asked: bool| {
        let mut unit = Unit::default();
        let main = HCL.replace("    USERNAME", "    PORT = var.port\n    USERNAME");
        unit.push(Source::new("main.tf", main), true);
        unit.push(Source::new("vars.tf", vars), asked);
        lint_unit(&unit, &OPTIONS)
    };
    let vars = "
variable \"port\" {
  # gluelint: allow(port-out-of-range) of a test
  default = \"80\"
}
# gluelint: allow(tls-not-enforced)
variable \"other\" {}
";
    for asked in [true, false] {
        let reports = unit(vars, asked);
        let told: Vec<_> = reports.iter().map(told).collect();
        let is_allowed =
            |(_, allowed): &(_, Vec<String>)| allowed.contains(&"7 port-out-of-range".to_owned());
        assert!(told.iter().any(is_allowed), "{told:?}");
        let unused = told
            .iter()
            .flat_map(|it| &it.0)
            .filter(|it| it.contains("unused"));
        // Of a file that nobody asked for, not all is known.
        assert_eq!(unused.count(), usize::from(asked), "{told:?}");
    }
}

// ---- data ------------------------------------------------------------------------------------

fn template(metadata: &str, resource: &str) -> String {
    format!(
        r#"{{
  "Metadata": {{{metadata}}},
  "Resources": {{
    "Orders": {{
      "Type": "AWS::Glue::Connection",
      "Metadata": {{"aws:cdk:path": "a/b"{resource}}},
      "Properties": {{
        "CatalogId": {{"Ref": "AWS::AccountId"}},
        "ConnectionInput": {{
          "Name": "orders",
          "ConnectionType": "JDBC",
          "ConnectionProperties": {{
            "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/orders",
            "JDBC_ENFORCE_SSL": "false",
            "SECRET_ID": "orders/etl"
          }}
        }}
      }}
    }}
  }}
}}"#
    )
}

#[test]
fn metadata_of_templates_allows() {
    let allowed: &[&str] = &["14 tls-not-enforced"];
    for allow in [
        r#""gluelint": {"allow": ["tls-not-enforced"]}"#,
        r#""gluelint": {"allow": "tls-not-enforced"}"#,
        r#""gluelint": {"allow": [{"rule": "tls-not-enforced", "reason": "x", "until": "2026-11-24"}]}"#,
        r#""gluelint": {"allow": [{"rule": "tls-not-enforced", "path": "JDBC_ENFORCE_SSL"}]}"#,
        r#""gluelint": {"allow": {"rule": "tls-not-enforced", "path": "ConnectionProperties.JDBC_ENFORCE_SSL"}}"#,
    ] {
        expect("t.json", &template(allow, ""), &[], allowed);
        expect("t.json", &template("", &format!(", {allow}")), &[], allowed);
    }
    for (allow, line) in [
        (
            r#""gluelint": {"allow": [{"rule": "tls-not-enforced", "path": "PORT"}]}"#,
            "2 unused-suppression",
        ),
        (
            r#""gluelint": {"allow": [{"rule": "tls-not-enforced", "until": "2026-11-23"}]}"#,
            "2 expired-suppression",
        ),
        (
            r#""gluelint": {"allow": [{"rule": "tls-not-enforced", "until": "soon"}]}"#,
            "2 malformed-suppression",
        ),
        (
            r#""gluelint": {"allow": [{"reason": "x"}]}"#,
            "2 malformed-suppression",
        ),
        (
            r#""gluelint": {"ignore": ["tls-not-enforced"]}"#,
            "2 malformed-suppression",
        ),
        (
            r#""gluelint": ["tls-not-enforced"]"#,
            "2 malformed-suppression",
        ),
        (
            r#""gluelint": {"allow": ["tls-not-enforcd"]}"#,
            "2 unknown-rule",
        ),
    ] {
        expect(
            "t.json",
            &template(allow, ""),
            &[line, "14 tls-not-enforced"],
            &[],
        );
    }
}

#[test]
fn comments_of_terraforms_json_allow() {
    let text = |comment: &str| {
        format!(
            r#"{{"resource": {{"aws_glue_connection": {{"orders": {{
  "//": {comment},
  "name": "orders",
  "connection_properties": {{
    "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/orders",
    "JDBC_ENFORCE_SSL": "false",
    "SECRET_ID": "orders/etl"
  }}
}}}}}}}}"#
        )
    };
    let allowed: &[&str] = &["6 tls-not-enforced"];
    let comment = r#""gluelint: allow(tls-not-enforced) until=2026-11-24 it is private""#;
    expect("main.tf.json", &text(comment), &[], allowed);
    expect(
        "main.tf.json",
        &text(&format!("[\"a note\", {comment}]")),
        &[],
        allowed,
    );
    let said = ["2 malformed-suppression", "6 tls-not-enforced"];
    expect("main.tf.json", &text(r#""gluelint: alow(x)""#), &said, &[]);
    expect(
        "main.tf.json",
        &text(r#""see gluelint: x""#),
        &said[1..],
        &[],
    );
}

// ---- what is said of suppressions ------------------------------------------------------------

fn with_comment(comment: &str) -> String {
    format!(
        "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  \
         JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\n  \
         JDBC_ENFORCE_SSL: \"false\" {comment}\n  SECRET_ID: orders/etl\n"
    )
}

#[test]
fn the_last_day_counts() {
    let text = with_comment("# gluelint: allow(tls-not-enforced) until=2026-11-24 x");
    let on = |today: Option<Date>| {
        let options = Options { today, ..OPTIONS };
        told(&lint(Source::new("a.yaml", &*text), &options))
    };
    let allowed = (vec![], owned(&["5 tls-not-enforced"]));
    assert_eq!(on(Date::parse("2026-11-24")), allowed);
    assert_eq!(on(None), allowed, "who has no clock lets none run out");
    let (reported, allowed) = on(Date::parse("2026-11-25"));
    assert_eq!(reported, ["5 tls-not-enforced", "5 expired-suppression"]);
    assert!(allowed.is_empty());
}

#[test]
fn what_is_used_does_not_depend_on_what_is_shown() {
    let text = with_comment("# gluelint: allow(tls-not-enforced)");
    for least in Severity::ALL {
        let options = Options { least, ..OPTIONS };
        let report = lint(Source::new("a.yaml", &*text), &options);
        assert!(report.findings.is_empty(), "{least}");
        // What would not be shown is not counted.
        assert_eq!(report.allowed.len(), usize::from(least == Severity::Info));
    }
}

#[test]
fn nothing_is_unused_where_something_was_not_read() {
    let text = with_comment("# gluelint: allow(port-out-of-range)") + "---\na: [\n";
    let (reported, _) = told(&report("a.yaml", &text));
    assert!(reported.iter().any(|it| it.ends_with("invalid-syntax")));
    assert!(
        !reported.iter().any(|it| it.ends_with("suppression")),
        "{reported:?}"
    );
    // Nor is a broken file allowed to be broken.
    let text = format!("# gluelint: allow-file(invalid-syntax)\n{text}");
    let (reported, allowed) = told(&report("a.yaml", &text));
    assert!(reported.iter().any(|it| it.ends_with("invalid-syntax")));
    assert!(allowed.is_empty());
}

#[test]
fn suppressions_cannot_allow_findings_about_suppressions() {
    let text = with_comment("# gluelint: allow(tls-not-enforced, unused-suppression, empty-value)");
    let (reported, allowed) = told(&report("a.yaml", &text));
    assert_eq!(reported, ["5 unused-suppression", "5 unused-suppression"]);
    assert_eq!(allowed, ["5 tls-not-enforced"]);
}

#[test]
fn a_secret_in_a_comment_is_not_shown() {
    let text = with_comment("# gluelint: allow(tls-not-enforced) password=hunter2hunter2 is old")
        + "# gluelint: allow-file(password=hunter2hunter2)\n";
    let report = report("a.yaml", &text);
    assert!(!format!("{report:?}").contains("hunter2"), "{report:?}");
}

#[test]
fn outputs_tell_of_what_is_allowed() {
    let text = with_comment("# gluelint: allow(tls-not-enforced) it is \"private\"");
    let mut all = gluelint::lint::Report::default();
    all.add(report("a.yaml", &text));
    assert_eq!(
        summary(&all),
        "No problems in 1 file (1 connection); 1 allowed"
    );
    let written = |name: &str| {
        let mut out = Vec::new();
        (renderer(name).unwrap().render)(&all, &Style::default(), &mut out).unwrap();
        serde_json::from_slice::<serde_json::Value>(&out).unwrap()
    };
    let sarif = written("sarif");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "tls-not-enforced");
    assert_eq!(result["suppressions"][0]["kind"], "inSource");
    assert_eq!(
        result["suppressions"][0]["justification"],
        "it is \"private\""
    );
    let json = written("json");
    assert_eq!(json["summary"]["allowed"], 1);
    assert_eq!(json["findings"].as_array().unwrap().len(), 0);
}

// ---- suppressions that are written ------------------------------------------------------------

/// A document with suppressions for these of its findings, and how many have none.
fn with_additions(source: &Source, findings: &[Finding], wording: Wording<'_>) -> (Source, usize) {
    let additions = additions(source, findings, wording);
    let mut edits = Edits::default();
    for (_, fix) in &additions.fixes {
        assert!(edits.add(&fix.edits), "{:?}", fix.edits);
    }
    let text = edits.apply(&source.text);
    (
        Source::new(source.name.as_str(), text),
        additions.refused.len() + additions.elsewhere.len(),
    )
}

#[test]
fn what_is_written_looks_as_people_write_it() {
    let written = |name: &str, text: &str| {
        let source = Source::new(name, text.trim_start_matches('\n'));
        let findings = lint(source.clone(), &OPTIONS).findings;
        let wording = Wording {
            reason: "a \"test\"",
            until: Date::parse("2027-01-31"),
        };
        let (written, refused) = with_additions(&source, &findings, wording);
        let report = lint(written.clone(), &OPTIONS);
        assert_eq!((told(&report).0, refused), (vec![], 0), "{}", written.text);
        // A second time, there is nothing left to do.
        assert_eq!(
            with_additions(&written, &report.findings, wording).0.text,
            written.text
        );
        written.text
    };
    let text = "
ConnectionInput:
  Name: orders
  ConnectionType: JDBC
  ConnectionProperties:
    JDBC_CONNECTION_URL: >-
      jdbc:postgresql://db.example.org:5432/orders
    JDBC_ENFORCE_SSL: \"false\"
    USERNAME: etl
    PASSWORD: hunter2hunter2
";
    let words = |rule: &str| format!("# gluelint: allow({rule}) until=2027-01-31 a \"test\"");
    let (tls, password) = (words("tls-not-enforced"), words("plaintext-password"));
    assert_eq!(
        written("a.yaml", text),
        text.trim_start()
            .replace("    JDBC_ENFORCE", &format!("    {tls}\n    JDBC_ENFORCE"))
            .replace("    PASSWORD", &format!("    {password}\n    PASSWORD"))
    );
    assert_eq!(
        written("a.yaml", &text.trim_start().replace('\n', "\r\n")),
        written("a.yaml", text).replace('\n', "\r\n")
    );
    assert_eq!(
        written("main.tf", HCL),
        HCL.trim_start()
            .replace("    JDBC_ENFORCE", &format!("    {tls}\n    JDBC_ENFORCE"))
            .replace("    PASSWORD", &format!("    {password}\n    PASSWORD"))
    );
    // In the first column, too.
    let flat = "Name: orders\nPhysicalConnectionRequirements: {}\nConnectionType: NETWORK\n\
                ConnectionProperties: {}\n";
    let text = written("a.yaml", flat);
    assert!(
        text.contains("\n# gluelint") || text.starts_with("# gluelint"),
        "{text}"
    );
    // What cannot stand above without governing more stands behind.
    let flow = "{Name: orders, ConnectionType: JDBC, ConnectionProperties: {SECRET_ID: a/b,\n  \
                JDBC_CONNECTION_URL: 'jdbc:postgresql://db.example.org:5432/o', JDBC_ENFORCE_SSL: 'false'}}\n";
    assert_eq!(
        written("a.yaml", flow),
        flow.replace("}}\n", &format!("}}}} {tls}\n"))
    );
    // One comment for several rules, and none twice.
    let one = "
Name: orders
ConnectionType: JDBC
ConnectionProperties:
  JDBC_CONNECTION_URL: jdbc:postgresql://etl:hunter2hunter2@db.example.org/orders?sslmode=disable
  JDBC_ENFORCE_SSL: \"true\"
";
    let text = written("a.yaml", one);
    assert_eq!(text.matches("gluelint").count(), 1, "{text}");
    let json = r#"{"resource": {"aws_glue_connection": {"orders": {
  "name": "orders",
  "connection_properties": {
    "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/orders",
    "JDBC_ENFORCE_SSL": "false",
    "SECRET_ID": "orders/etl"
  }
}}}}
"#;
    let comment = r#""//": "gluelint: allow(tls-not-enforced) until=2027-01-31 a \"test\"","#;
    assert_eq!(
        written("main.tf.json", json),
        json.replace("  \"name\"", &format!("  {comment}\n  \"name\""))
    );
}

#[test]
fn a_rule_joins_a_comment_of_the_same_words() {
    let text = "
Name: orders
ConnectionType: JDBC
ConnectionProperties:
  # gluelint: allow(password-in-url) x
  JDBC_CONNECTION_URL: jdbc:postgresql://etl:hunter2hunter2@db.example.org/orders?sslmode=disable
  JDBC_ENFORCE_SSL: \"true\"
";
    let source = Source::new("a.yaml", text.trim_start());
    let findings = lint(source.clone(), &OPTIONS).findings;
    let wording = |reason| Wording {
        reason,
        until: None,
    };
    let (same, _) = with_additions(&source, &findings, wording("x"));
    assert!(
        same.text.contains("# gluelint: allow(password-in-url, "),
        "{}",
        same.text
    );
    assert_eq!(same.text.matches("gluelint").count(), 1);
    let (other, _) = with_additions(&source, &findings, wording("y"));
    assert_eq!(other.text.matches("gluelint").count(), 2);
    for source in [same, other] {
        assert_eq!(told(&lint(source, &OPTIONS)).0, [""; 0]);
    }
}

#[test]
fn a_suppression_changes_no_other_finding() {
    let said = |finding: &Finding| {
        (
            finding.rule.name,
            finding.path.clone(),
            finding.message.clone(),
        )
    };
    let mut count = 0;
    for rule in gluelint::check::rules() {
        for example in rule.page.examples() {
            let is_mark = |line: &&str| line.trim_start_matches([' ', '#', '\t']).starts_with('^');
            let text: String = (example.text.split_inclusive('\n'))
                .filter(|line| !is_mark(line))
                .collect();
            let name = format!("example.{}", example.language.replace("hcl", "tf"));
            let source = Source::new(name, text);
            let before = lint(source.clone(), &OPTIONS);
            for finding in &before.findings {
                let one = std::slice::from_ref(finding);
                let (written, refused) = with_additions(&source, one, Wording::default());
                if refused > 0 {
                    let elsewhere = Wording::default().permission(finding);
                    assert!(
                        gluelint::check::cannot_be_allowed(finding.rule.name)
                            || source.name.ends_with("json") && elsewhere.covers(finding, None),
                        "{elsewhere}: {finding:?}"
                    );
                    continue;
                }
                count += 1;
                let after = lint(written.clone(), &OPTIONS);
                let left: Vec<_> = after.findings.iter().map(said).collect();
                // Others of its rule may stand in the same entry.
                let mut expected: Vec<_> = before.findings.iter().map(said).collect();
                let all: Vec<_> = left
                    .iter()
                    .cloned()
                    .chain(after.allowed.iter().map(|it| said(&it.finding)))
                    .collect();
                let sorted = |mut list: Vec<_>| {
                    list.sort();
                    list
                };
                expected.extend(before.allowed.iter().map(|it| said(&it.finding)));
                assert_eq!(sorted(all), sorted(expected), "{}", written.text);
                assert!(
                    after.allowed.len() > before.allowed.len()
                        && after.allowed.iter().skip(before.allowed.len()).all(|it| {
                            it.finding.rule == finding.rule
                                || before
                                    .allowed
                                    .iter()
                                    .any(|old| old.finding.rule == it.finding.rule)
                        }),
                    "{}: {:?}\n{}",
                    rule.name,
                    said(finding),
                    written.text
                );
            }
        }
    }
    assert!(count > 200, "{count}");
}

/// What `--add-allow` makes of a document, which has findings then that it allows, and no others.
#[track_caller]
fn allowing(name: &str, text: &str, reason: &str) -> String {
    let source = Source::new(name, text);
    let findings = lint(source.clone(), &OPTIONS).findings;
    assert!(!findings.is_empty(), "{text}");
    let wording = Wording {
        reason,
        until: None,
    };
    let (written, refused) = with_additions(&source, &findings, wording);
    let report = lint(written.clone(), &OPTIONS);
    assert_eq!((told(&report).0, refused), (vec![], 0), "{}", written.text);
    written.text
}

#[test]
fn metadata_is_written_in_the_layout_of_the_template() {
    let text = template("", "").replace(r#"  "Metadata": {},"#, r#"  "Description": "x","#);
    let item = |indent: usize| {
        let blanks = " ".repeat(indent);
        format!(
            "{blanks}{{\n{blanks}  \"rule\": \"tls-not-enforced\",\n{blanks}  \"path\": \
             \"ConnectionProperties.JDBC_ENFORCE_SSL\",\n{blanks}  \"reason\": \"it \\\"is\\\" \
             private\"\n{blanks}}}"
        )
    };
    let reason = "it \"is\" private";
    // Metadata that is there, on one line.
    let flat = r#"{"rule": "tls-not-enforced", "path": "ConnectionProperties.JDBC_ENFORCE_SSL", "reason": "it \"is\" private"}"#;
    let there = r#"{"aws:cdk:path": "a/b"}"#;
    let with = format!(r#"{{"aws:cdk:path": "a/b", "gluelint": {{"allow": [{flat}]}}}}"#);
    assert_eq!(
        allowing("t.json", &text, reason),
        text.replace(there, &with)
    );
    // None at all.
    let bare = text.replace("      \"Metadata\": {\"aws:cdk:path\": \"a/b\"},\n", "");
    let metadata = format!(
        "      \"Metadata\": {{\n        \"gluelint\": {{\n          \"allow\": [\n{}\n          \
         ]\n        }}\n      }},\n      \"Properties\"",
        item(12)
    );
    let wanted = bare.replace("      \"Properties\"", &metadata);
    assert_eq!(allowing("t.json", &bare, reason), wanted);
    let windows = bare.replace('\n', "\r\n");
    assert_eq!(
        allowing("t.json", &windows, reason),
        wanted.replace('\n', "\r\n")
    );
    // Nothing in it.
    let empty = text.replace(there, "{}");
    assert_eq!(
        allowing("t.json", &empty, reason),
        wanted,
        "as if there were none"
    );
    // An entry of ours, in each of its shapes.
    for (ours, then) in [
        ("{}", format!(r#"{{"allow": [{flat}]}}"#)),
        (r#"{"allow": []}"#, format!(r#"{{"allow": [{flat}]}}"#)),
        (
            r#"{"allow": ["empty-value"]}"#,
            format!(r#"{{"allow": ["empty-value", {flat}]}}"#),
        ),
        (
            r#"{"allow": "empty-value"}"#,
            format!(r#"{{"allow": ["empty-value", {flat}]}}"#),
        ),
        (
            r#"{"allow": {"rule": "empty-value"}}"#,
            format!(r#"{{"allow": [{{"rule": "empty-value"}}, {flat}]}}"#),
        ),
    ] {
        let metadata = |ours: &str| format!(r#"{{"a": 1, "gluelint": {ours}}}"#);
        let text = text.replace(there, &metadata(ours));
        // What is there may be of no use, and that is told once more.
        let source = Source::new("t.json", &*text);
        let findings = lint(source.clone(), &OPTIONS).findings;
        let tls: Vec<_> = (findings.into_iter())
            .filter(|it| it.rule.name == "tls-not-enforced")
            .collect();
        let wording = Wording {
            reason,
            until: None,
        };
        let (written, _) = with_additions(&source, &tls, wording);
        let wanted = text.replace(&metadata(ours), &metadata(&then));
        assert_eq!(written.text, wanted);
        assert_eq!(told(&lint(written, &OPTIONS)).1, ["14 tls-not-enforced"]);
    }
    // Beside the properties, the name of the resource is not needed.
    let other = text.replace(r#"{"Ref": "AWS::AccountId"}"#, "\"1\"");
    let written = allowing("t.json", &other, "");
    assert!(written.contains(r#""path": "CatalogId""#), "{written}");
    // Without blanks.
    let tight: String = bare.split_whitespace().collect();
    assert_eq!(
        allowing("t.json", &tight, ""),
        tight.replace(
            "\"Properties\"",
            "\"Metadata\":{\"gluelint\":{\"allow\":[{\"rule\":\"tls-not-enforced\",\"path\":\"ConnectionProperties.\
             JDBC_ENFORCE_SSL\"}]}},\"Properties\""
        )
    );
    // No place for it.
    let odd = text.replace(there, "\"x\"");
    let source = Source::new("t.json", &*odd);
    let findings = lint(source.clone(), &OPTIONS).findings;
    let added = additions(&source, &findings, Wording::default());
    assert_eq!((added.allowed.len(), added.elsewhere.len()), (0, 1));
}

#[test]
fn a_comment_of_terraforms_json_keeps_what_stands_there() {
    let text = |comment: &str| {
        format!(
            r#"{{"resource": [{{"aws_glue_connection": {{"orders": {{{comment}
  "name": "orders",
  "connection_properties": {{
    "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/orders",
    "JDBC_ENFORCE_SSL": "false",
    "USERNAME": "etl",
    "PASSWORD": "hunter2hunter2"
  }}
}}}}}}]}}"#
        )
    };
    let ours = |rules: &str| format!("\"gluelint: allow({rules}) a note\"");
    let both = ours("tls-not-enforced, plaintext-password");
    for (before, then) in [
        ("", format!("\n  \"//\": {both},")),
        (
            "\n  \"//\": \"for \\\"orders\\\"\",",
            format!("\n  \"//\": [\"for \\\"orders\\\"\", {both}],"),
        ),
        (
            "\n  \"//\": [\"one\", \"two\"],",
            format!("\n  \"//\": [\"one\", \"two\", {both}],"),
        ),
        (
            "\n  \"//\": \"gluelint: allow(tls-not-enforced) a note\",",
            format!("\n  \"//\": {both},"),
        ),
        (
            "\n  \"//\": \"gluelint: allow(tls-not-enforced) another\",",
            format!(
                "\n  \"//\": [\"gluelint: allow(tls-not-enforced) another\", {}],",
                ours("plaintext-password")
            ),
        ),
    ] {
        assert_eq!(
            allowing("main.tf.json", &text(before), "a note"),
            text(&then)
        );
    }
    // What a tool keeps there is left alone.
    let source = Source::new(
        "main.tf.json",
        text("\n  \"//\": {\"metadata\": {\"path\": \"a\"}},"),
    );
    let findings = lint(source.clone(), &OPTIONS).findings;
    let added = additions(&source, &findings, Wording::default());
    assert_eq!((added.allowed.len(), added.elsewhere.len()), (0, 2));
}
