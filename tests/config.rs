//! Configurations: text in, settings and findings out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gluelint::config::{self, Configuration, File, Level, Settings, Unusable};
use gluelint::lint::{Options, lint};
use gluelint::spec::Severity;
use gluelint::text::Source;
use proptest::prelude::*;

fn file(path: &str, text: &str) -> File {
    let path = PathBuf::from(path);
    File {
        source: Source::new(path.display().to_string(), text),
        folder: path.parent().unwrap().to_owned(),
        path,
    }
}

/// Reads `/repo/gluelint.yaml` among files.
fn read(files: &[(&str, &str)]) -> Result<Configuration, Vec<Unusable>> {
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let path = "/repo/gluelint.yaml";
    let mut load = |from: &File, wanted: &str| {
        let path = from.folder.join(wanted);
        let path = path.to_string_lossy().replace("/repo/../", "/");
        let text = files.get(path.as_str()).ok_or("there is no such file")?;
        Ok(file(&path, text))
    };
    Configuration::read(file(path, files[path]), &mut load)
}

fn one(text: &str) -> Configuration {
    let read = read(&[("/repo/gluelint.yaml", text)]);
    read.unwrap_or_else(|files| panic!("{text}: {files:#?}"))
}

fn settings(configuration: &Configuration, path: &str) -> Settings {
    configuration.settings(&configuration.overrides(Path::new(path)))
}

fn level(settings: &Settings, rule: &str) -> Option<(Level, String)> {
    let setting = settings.levels.get(rule)?;
    let origin = &setting.origin;
    Some((setting.value, format!("{}:{}", origin.file, origin.line)))
}

/// What is wrong with a configuration: the underlined text and the message.
fn wrong(text: &str) -> Vec<(String, String)> {
    let source = Source::new("gluelint.yaml", text);
    (config::Alone::read(&source).findings.into_iter())
        .map(|finding| {
            let part = finding.place.span.slice(text).to_owned();
            (part, finding.message)
        })
        .collect()
}

/// The only thing that is wrong with a configuration.
fn only_wrong(text: &str) -> (String, String) {
    let mut wrong = wrong(text);
    assert_eq!(wrong.len(), 1, "{text}\n{wrong:#?}");
    wrong.remove(0)
}

#[test]
fn every_mistake_is_a_finding_at_its_very_place() {
    for (text, part, message) in [
        (
            "exlude: [a]",
            "exlude",
            "`exlude` is not a setting that there is here",
        ),
        ("severity: hint", "hint", "`hint` is not a severity"),
        (
            "severity: [info]",
            "[info]",
            "`severity` is a severity, but here is a list",
        ),
        ("fail-on: off", "off", "`off` is not a severity or `never`"),
        ("form: xml", "xml", "no form is called `xml`"),
        (
            "rules: [a]",
            "[a]",
            "`rules` is a map from rules to levels, but here is a list",
        ),
        (
            "rules: {port-out-of-range: warn}",
            "warn",
            "`warn` is not a level",
        ),
        (
            "rules: {port-out-of-range:}",
            "",
            "`port-out-of-range` is a level, but here is nothing",
        ),
        (
            "rules: {port-oor: off}",
            "port-oor",
            "no rule is called `port-oor`",
        ),
        (
            "rules: {unreadable-file: off}",
            "unreadable-file",
            "`unreadable-file` has no level: what it is about could not be checked",
        ),
        (
            "rules: {port-out-of-range: off, port-out-of-range: info}",
            "port-out-of-range",
            "`port-out-of-range` is set twice, and only one of them can hold",
        ),
        (
            "exclude: a\nexclude: b",
            "exclude",
            "`exclude` is set twice, and only one of them can hold",
        ),
        (
            "exclude: ['a[']",
            "'a['",
            "`a[` is not a pattern of paths: unclosed character class; missing ']'",
        ),
        (
            "overrides: {paths: a}",
            "{paths: a}",
            "`overrides` is a list, but here is a map",
        ),
        (
            "overrides: [{rules: {}}]",
            "{rules: {}}",
            "`paths` is missing here",
        ),
        (
            "- a",
            "- a",
            "a configuration is a map of settings, but here is a list",
        ),
        (
            "a\n",
            "a",
            "a configuration is a map of settings, but here is a text",
        ),
        (
            "types: A\n---\ntypes: B",
            "types: B",
            "a configuration is one document, and here a second one begins",
        ),
        (
            "policy: [{name: Acme, message: m, require: PORT}]",
            "Acme",
            "`Acme` is not the name of a policy, which is a team and what is wrong",
        ),
        (
            "policy: [{name: a/b, message: m}]",
            "{name: a/b, message: m}",
            "this policy asks for nothing",
        ),
        (
            "policy: [{name: a/b, require: PORT}]",
            "{name: a/b, require: PORT}",
            "`message` is missing here",
        ),
        (
            "policy: [{name: a/b, message: m, property: PORT}]",
            "property",
            "`property` without `values` or `pattern` asks for nothing",
        ),
        (
            "policy: [{name: a/b, message: m, values: x}]",
            "values",
            "`values` needs a `property` whose value it is about",
        ),
        (
            "policy: [{name: a/b, message: m, property: PORT, pattern: '('}]",
            "'('",
            "`(` is not a regular expression: unclosed group",
        ),
        (
            "policy: [{name: a/b, message: m, hosts: ['*']}]",
            "'*'",
            "`*` is not a host, and not a pattern of hosts",
        ),
        (
            "policy: [{name: a/b, message: m, ports: [0]}]",
            "0",
            "`0` is not a port, and not a range of ports",
        ),
        (
            "policy: [{name: a/b, message: m, require: [SECERT_ID]}]",
            "SECERT_ID",
            "no property or member is called `SECERT_ID`",
        ),
        (
            "policy: [{name: a/b, message: m, require: PORT, types: [JDBCC]}]",
            "JDBCC",
            "no connection type is called `JDBCC`",
        ),
        (
            "policy: [{name: a/b, message: m, require: PORT}, {name: a/b, message: n, forbid: PORT}]",
            "a/b",
            "`a/b` is set twice, and only one of them can hold",
        ),
    ] {
        let found = only_wrong(text);
        assert_eq!(
            (found.0.as_str(), found.1.as_str()),
            (part, message),
            "{text}"
        );
    }
}

#[test]
fn a_slip_is_answered_with_the_name_that_is_meant() {
    for (text, meant) in [
        ("exlude: a", "`exclude`"),
        ("severity: warn1ng", "`warning`"),
        ("rules: {port-out-of-rang: off}", "`port-out-of-range`"),
        ("form: pulumy", "`pulumi`"),
        ("rules: {port-out-of-range: eror}", "`error`"),
        (
            "policy: [{name: a/b, message: m, require: SECERT_ID}]",
            "`SECRET_ID`",
        ),
        (
            "rules: {acme/seecret: off}\npolicy: [{name: acme/secret, message: m, require: PORT}]",
            "`acme/secret`",
        ),
    ] {
        let source = Source::new("gluelint.yaml", text);
        let help = config::Alone::read(&source).findings[0]
            .help
            .clone()
            .unwrap();
        assert_eq!(help, format!("Write {meant} if that is meant."), "{text}");
    }
}

#[test]
fn broken_yaml_is_a_finding_and_nothing_else_is_said() {
    let found = wrong("exlude: [a\nrules: {x: y}\n");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn what_is_not_there_sets_nothing() {
    for text in [
        "",
        "# nothing yet\n",
        "rules:\nexclude: # - a\npolicy: ~\n",
        "---\n",
    ] {
        assert_eq!(wrong(text), [], "{text}");
        let settings = settings(&one(text), "/repo/a.yaml");
        assert!(
            settings.severity.is_none() && settings.form.is_none(),
            "{text}"
        );
    }
}

#[test]
fn secrets_in_a_configuration_are_not_repeated() {
    let text = "password: hunter2-hunter2\nseverity: hunter3\n";
    let report = lint(Source::new("gluelint.yaml", text), &Options::default());
    assert!(
        !report.document.text.contains("hunter2"),
        "{}",
        report.document.text
    );
    for finding in &report.findings {
        assert!(!finding.message.contains("hunter2"), "{}", finding.message);
    }
}

#[test]
fn a_configuration_among_documents_is_linted_as_what_it_is() {
    let text = "rules: {port-out-of-range: warn}\npolicy:\n- name: a/b\n  message: m\n  require: PORT\n  \
                examples:\n    good:\n    - {ConnectionType: X, ConnectionProperties: {PORT: 1}}\n";
    let report = lint(Source::new("x/.gluelint.yaml", text), &Options::default());
    assert_eq!(report.connections, 0);
    let rules: Vec<&str> = report.findings.iter().map(|it| it.rule.name).collect();
    assert_eq!(rules, ["invalid-configuration"]);
}

#[test]
fn later_overrides_come_before_earlier_ones_and_before_the_general() {
    let configuration = one(
        "rules:\n  port-out-of-range: warning\n  tls-not-enforced: warning\noverrides:\n\
         - paths: legacy/\n  rules: {port-out-of-range: info}\n  form: api\n\
         - paths: [\"*.json\"]\n  rules: {port-out-of-range: off}\n",
    );
    let of = |path: &str| {
        let settings = settings(&configuration, path);
        let level = level(&settings, "port-out-of-range").unwrap();
        (
            level.0.name(),
            level.1,
            settings.form.map(|it| it.value.name),
        )
    };
    let origin = |line: u32| format!("/repo/gluelint.yaml:{line}");
    assert_eq!(of("/repo/a.yaml"), ("warning", origin(2), None));
    assert_eq!(of("/repo/legacy/a.yaml"), ("info", origin(6), Some("api")));
    assert_eq!(of("/repo/legacy/a.json"), ("off", origin(9), Some("api")));
    assert_eq!(of("/repo/a.json"), ("off", origin(9), None));
}

#[test]
fn what_extends_comes_before_what_is_extended() {
    let configuration = read(&[
        (
            "/repo/gluelint.yaml",
            "extends: [../base.yaml, more.yaml]\nseverity: error\nrules: {port-out-of-range: info}\n\
             exclude: own/\n",
        ),
        (
            "/base.yaml",
            "severity: info\nfail-on: never\nexclude: [base/]\nrules: {tls-not-enforced: error}\n\
             overrides: [{paths: '*', rules: {port-out-of-range: off}}]\ntypes: REDIS\n",
        ),
        ("/repo/more.yaml", "extends: ../base.yaml\nrules: {tls-not-enforced: off}\n"),
    ])
    .unwrap();
    let settings = settings(&configuration, "/repo/a.yaml");
    assert_eq!(settings.severity.unwrap().value, Severity::Error);
    assert_eq!(settings.fail_on.unwrap().value, None);
    let level = |rule: &str| settings.levels.get(rule).unwrap().value.name();
    assert_eq!(level("port-out-of-range"), "info");
    assert_eq!(level("tls-not-enforced"), "off");
    assert!(settings.overlay.types.contains("REDIS"));
    for (path, is_out) in [
        ("/repo/own/a", true),
        ("/repo/base/a", true),
        ("/repo/a", false),
    ] {
        assert_eq!(configuration.excludes(Path::new(path)), is_out, "{path}");
    }
    let files: Vec<&str> = configuration.files().collect();
    assert_eq!(
        files,
        ["/base.yaml", "/repo/more.yaml", "/repo/gluelint.yaml"]
    );
}

#[test]
fn what_cannot_be_extended_is_said_where_it_is_written() {
    let said = |files: &[(&str, &str)]| -> Vec<String> {
        (read(files).unwrap_err().into_iter())
            .flat_map(|file| {
                let text = file.source.text.clone();
                file.findings.into_iter().map(move |finding| {
                    let part = finding.place.span.slice(&text);
                    format!("{}: {part}: {}", file.source.name, finding.message)
                })
            })
            .collect()
    };
    assert_eq!(
        said(&[("/repo/gluelint.yaml", "extends: gone.yaml")]),
        [
            "/repo/gluelint.yaml: gone.yaml: the configuration that is extended cannot be used: there \
          is no such file"
        ]
    );
    assert_eq!(
        said(&[
            ("/repo/gluelint.yaml", "extends: a.yaml"),
            ("/repo/a.yaml", "extends:\n- gluelint.yaml"),
        ]),
        [
            "/repo/a.yaml: gluelint.yaml: the configuration that is extended cannot be used: it \
          extends this file in turn"
        ]
    );
    assert_eq!(
        said(&[
            (
                "/repo/gluelint.yaml",
                "extends: a.yaml\nrules: {acme/x: off}"
            ),
            ("/repo/a.yaml", "bogus: 1"),
        ]),
        ["/repo/a.yaml: bogus: `bogus` is not a setting that there is here"],
        "what the broken file would have brought is not missed"
    );
}

#[test]
fn policies_of_an_extended_file_can_be_levelled_and_replaced() {
    let configuration = read(&[
        (
            "/repo/gluelint.yaml",
            "extends: base.yaml\nrules: {acme/a: off, acme/c: info}\npolicy:\n\
             - {name: acme/b, message: own, forbid: PORT}\n",
        ),
        (
            "/repo/base.yaml",
            "policy:\n- {name: acme/a, message: base, require: PORT}\n\
             - {name: acme/b, message: base, require: PORT}\n\
             - {name: acme/c, message: base, require: PORT, level: warning}\n",
        ),
    ])
    .unwrap();
    let settings = settings(&configuration, "/repo/a.yaml");
    let said: Vec<(&str, &str, &str)> = (settings.overlay.policies.iter())
        .map(|it| {
            let level = settings.levels.get(it.rule.name).unwrap().value.name();
            (it.rule.name, it.message.as_str(), level)
        })
        .collect();
    assert_eq!(
        said,
        [
            ("acme/a", "base", "off"),
            ("acme/c", "base", "info"),
            ("acme/b", "own", "error")
        ]
    );
    // By itself, the file does not know what it extends, and complains of nothing.
    let alone = "extends: base.yaml\nrules: {acme/a: off}\n";
    assert_eq!(wrong(alone), []);
}

#[test]
fn a_pattern_may_be_long_but_not_without_bounds() {
    let pattern = "[a-z]".repeat(199);
    assert_eq!(wrong(&format!("exclude: {pattern:?}")), []);
    let (_, message) = only_wrong(&format!("exclude: '{pattern}123456'"));
    assert!(
        message.ends_with("it is longer than 1000 bytes"),
        "{message}"
    );
}

/// Text out of what configurations are made of, in any order.
fn any_configuration() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "extends",
        "severity",
        "rules",
        "overrides",
        "policy",
        "paths",
        "name",
        "message",
        "require",
        "property",
        "pattern",
        "hosts",
        "ports",
        "examples",
        "good",
        "port-out-of-range",
        "acme/x",
        "off",
        "error",
        "PORT",
        ": ",
        ":\n  ",
        "\n",
        "\n- ",
        "\n  - ",
        "\n    ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        "\"",
        "&a ",
        "*a",
        "<<: *a",
        "!x ",
        "|\n    ",
        "# ",
        "é",
        "1",
        "5-9",
        "*.x",
        "(",
        "~",
        "---\n",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..40)
        .prop_map(|pieces| pieces.concat())
}

#[test]
fn findings_are_allowed_by_path_connection_and_rule() {
    let text = "
allow:
  - rule: [tls-not-enforced, port-out-of-range]
    path: ConnectionProperties.JDBC_ENFORCE_SSL
overrides:
  - paths: old/
    allow:
      - {rule: plaintext-password, connection: orders, until: 2027-01-31, reason: it goes}
";
    let configuration = one(text);
    let document = "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  \
                    JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\n  \
                    JDBC_ENFORCE_SSL: \"false\"\n  USERNAME: etl\n  PASSWORD: hunter2hunter2\n";
    let allowed = |path: &str, day: &str, document: &str| {
        let settings = settings(&configuration, path);
        let options = Options {
            least: Severity::Info,
            today: gluelint::allow::Date::parse(day),
            permissions: &settings.allow,
            ..Options::DEFAULT
        };
        let report = lint(Source::new("a.yaml", document), &options);
        assert_eq!(
            report.findings.len() + report.allowed.len(),
            2,
            "{report:?}"
        );
        (report.allowed.iter().map(|it| it.finding.rule.name)).collect::<Vec<_>>()
    };
    let both = ["tls-not-enforced", "plaintext-password"];
    assert_eq!(allowed("/repo/old/a.yaml", "2027-01-31", document), both);
    assert_eq!(
        allowed("/repo/old/a.yaml", "2027-02-01", document),
        both[..1]
    );
    assert_eq!(allowed("/repo/a.yaml", "2027-01-31", document), both[..1]);
    let other = document.replace("Name: orders", "Name: returns");
    assert_eq!(allowed("/repo/old/a.yaml", "2027-01-31", &other), both[..1]);

    assert!(
        one("reasons: required")
            .settings(&[])
            .reasons
            .unwrap()
            .value
    );
    assert_eq!(
        wrong("allow: [{rule: tls-not-enforcd}]")[0].0,
        "tls-not-enforcd"
    );
    assert_eq!(
        wrong("allow: [{rule: tls-not-enforced, until: soon}]")[0].0,
        "soon"
    );
    assert_eq!(wrong("reasons: maybe")[0].0, "maybe");
}

proptest! {
    #[test]
    fn any_text_is_answered_with_findings_inside_of_it(text in any_configuration()) {
        let source = Source::new("gluelint.yaml", text.as_str());
        let findings = config::Alone::read(&source).findings;
        for finding in &findings {
            let range = finding.place.span.range();
            prop_assert!(text.get(range).is_some(), "{finding:?}");
        }
        let read = read(&[("/repo/gluelint.yaml", &text)]);
        prop_assert!(findings.is_empty() || read.is_err(), "{findings:?}");
    }
}
