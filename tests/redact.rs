//! A redacted document: without secrets, byte for byte the same otherwise, and read as before.

mod linted;
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use gluelint::check;
use gluelint::lint::{Options, Redacted, lint, redact};
use gluelint::spec::{self, Severity};
use gluelint::syntax::{Language, NodeKind, Tree};
use gluelint::text::{Source, Span, Unit};
use linted::CANARY;
use program::fed;

fn redacted(name: &str, text: &str) -> Redacted {
    let unit = Unit::of(Source::new(name, text));
    redact(&unit, None).pop().unwrap()
}

/// What kind of node begins where; of a document that cannot be read, nothing.
fn skeleton(name: &str, text: &str) -> Vec<(NodeKind, Span)> {
    let tree = Tree::read(text, Language::of(name, text));
    let mut nodes = Vec::new();
    let mut open: Vec<_> = tree.documents().collect();
    while let Some(node) = open.pop() {
        nodes.push((node.kind(), node.span()));
        open.extend(node.items());
        open.extend(node.operands());
        open.extend(node.entries().flat_map(|(key, value)| [key, value]));
    }
    nodes
}

/// How many findings say that a credential is in clear.
fn in_clear(name: &str, text: &str) -> usize {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let report = lint(Source::new(name, text), &options);
    let rules = [
        "plaintext-password",
        "password-in-url",
        "secret-in-plan-or-state",
    ];
    let is_in_clear = |name: &str| rules.contains(&name);
    (report.findings.iter())
        .filter(|finding| is_in_clear(finding.rule.name))
        .count()
}

/// What is wrong with a document: rules and logical paths.
fn faults(name: &str, text: &str) -> Vec<(&'static str, String)> {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let report = lint(Source::new(name, text), &options);
    (report.findings.iter())
        .map(|finding| (finding.rule.name, finding.path.clone()))
        .collect()
}

#[track_caller]
fn check_redaction(name: &str, text: &str) -> Redacted {
    let after = redacted(name, text);
    assert_eq!(after.text.len(), text.len(), "{name}");
    let blanks = |text: &str| -> Vec<(usize, char)> {
        (text.char_indices())
            .filter(|(_, c)| matches!(c, '\n' | '\r' | ' ' | '\t'))
            .collect()
    };
    assert_eq!(blanks(&after.text), blanks(text), "{name}");
    if !after.unreadable {
        let (old, new) = (skeleton(name, text), skeleton(name, &after.text));
        assert!(
            !old.is_empty() && old == new,
            "{name} reads differently:\n{}",
            after.text
        );
    }
    // Who redacts twice gets the same.
    assert_eq!(redacted(name, &after.text).text, after.text, "{name}");
    assert_eq!(in_clear(name, &after.text), 0, "{name}:\n{}", after.text);
    // What is masked is no mistake: at most, it is called what it is.
    let before = faults(name, text);
    let is_new = |(rule, path): &(&str, String)| {
        let known = before
            .iter()
            .any(|(one, other)| one == rule && other == path);
        // One verdict is about a login as a whole, and this was among its labels.
        !known && !matches!(*rule, "placeholder-value" | "password-beside-secret")
    };
    let mut new = faults(name, &after.text);
    new.retain(is_new);
    assert_eq!(new, [], "{name}:\n{}", after.text);
    after
}

#[test]
fn examples_of_all_pages_read_as_before() {
    let mut secrets = 0;
    for rule in check::rules() {
        for example in rule.page.examples() {
            let name = format!("{}.{}", rule.name, example.language);
            let after = check_redaction(&name, example.text);
            secrets += after.secrets;
        }
    }
    assert!(secrets > 70, "{secrets}");
}

#[test]
fn real_documents_read_as_before() {
    let mut open = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/wild")];
    let mut secrets = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if let Ok(text) = fs::read_to_string(&path) {
            secrets += check_redaction(&path.to_string_lossy(), &text).secrets;
        }
    }
    assert!(secrets > 5, "{secrets}");
}

#[test]
fn every_secret_property_is_masked_in_every_notation() {
    for property in spec::properties().iter().filter(|property| property.secret) {
        for value in [
            CANARY.to_owned(),
            format!("\"{CANARY}\" # kept"),
            format!("'it''s {CANARY}'"),
            format!("\"x\\u0020{CANARY}\\n\""),
            format!("|\n    {CANARY}\n    {CANARY}"),
            format!(">-\n    {CANARY}\n    more {CANARY}"),
            format!("&anchor {CANARY}"),
            format!("[{CANARY}]"),
            format!("{{{CANARY}: {CANARY}}}"),
            format!("\u{200B}{CANARY}\u{E9}\u{1F600}"),
        ] {
            let key = property.key;
            let document = format!(
                "Name: a\nConnectionType: JDBC\nConnectionProperties:\n  {key}: {value}\n  PORT: \"80\"\n"
            );
            let after = check_redaction("a.yaml", &document);
            assert!(!after.text.contains(CANARY), "{}", after.text);
            assert_eq!(after.connections, 1);
        }
    }
}

#[test]
fn numbers_are_masked_and_alarm_nobody_in_every_form() {
    let json = |properties: &str| {
        format!(
            "{{\"Name\": \"a\", \"ConnectionType\": \"JDBC\", \"ConnectionProperties\": {{{properties}}}}}"
        )
    };
    let terraform = "\"resource\": {\"aws_glue_connection\": {\"a\": {\"name\": \"a\", \
                     \"connection_properties\": {\"PASSWORD\": 8675309}}}}";
    let plan = "\"format_version\": \"1.2\", \"planned_values\": {\"root_module\": {\"resources\": [{\
                \"address\": \"aws_glue_connection.a\", \"mode\": \"managed\", \"type\": \
                \"aws_glue_connection\", \"name\": \"a\", \"values\": {\"name\": \"a\", \
                \"connection_properties\": {\"PASSWORD\": 8675309}}}]}}";
    for (name, document) in [
        ("a.json", json("\"PASSWORD\": 8675309, \"USERNAME\": \"etl\"")),
        ("b.json", json("\"PASSWORD\": -8.6e75")),
        ("c.json", json("\"SparkProperties\": \"{\\\"sfPassword\\\": 8675309}\"")),
        ("d.yaml", "ConnectionType: JDBC\nConnectionProperties:\n  PASSWORD: 8675309\n".to_owned()),
        (
            "e.tf",
            "resource \"aws_glue_connection\" \"a\" {\n  connection_properties = {\n    PASSWORD = \
             8675309\n  }\n}\n"
                .to_owned(),
        ),
        ("f.tf.json", format!("{{{terraform}}}")),
        ("g.json", format!("{{{plan}}}")),
    ] {
        assert!(in_clear(name, &document) > 0, "{name} has no credential");
        let after = check_redaction(name, &document);
        assert!(!after.text.contains("86"), "{name}: {}", after.text);
    }
    // Who writes nines in quotes means them.
    assert_eq!(in_clear("a.json", &json("\"PASSWORD\": \"9999999\"")), 1);
}

#[test]
fn what_a_state_marks_as_sensitive_is_masked_and_alarms_nobody() {
    let instance = |kind: &str, properties: &str| {
        format!(
            "{{\"schema_version\": 0, \"attributes\": {{\"name\": \"a\", \"connection_type\": \"{kind}\", \
             \"connection_properties\": {{{properties}}}}}, \"sensitive_attributes\": [[{{\"type\": \
             \"get_attr\", \"value\": \"connection_properties\"}}]]}}"
        )
    };
    let instances = [
        instance(
            "KAFKA",
            "\"KAFKA_BOOTSTRAP_SERVERS\": \"b-1.example.org:9096\", \"KAFKA_SSL_ENABLED\": \"true\", \
             \"KAFKA_SASL_MECHANISM\": \"SCRAM-SHA-512\", \"SECRET_ID\": \"x/y\", \"KAFKA_CUSTOM_CERT\": \
             \"s3://bucket/x.pem\"",
        ),
        instance(
            "JDBC",
            "\"HOST\": \"db.example.org\", \"PORT\": \"5432\", \"JDBC_ENGINE\": \"postgresql\", \
             \"JDBC_ENFORCE_SSL\": \"true\", \"JDBC_DRIVER_JAR_URI\": \"s3://bucket/x.jar\", \
             \"JDBC_DRIVER_CLASS_NAME\": \"org.example.Driver\", \"SECRET_ID\": \"orders/etl\"",
        ),
        instance(
            "MONGODB",
            "\"CONNECTION_URL\": \"mongodb://a.example.org:27017/x\", \"SECRET_ID\": \
             \"arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf\"",
        ),
        instance(
            "JDBC",
            "\"JDBC_CONNECTION_URL\": \"jdbc:mysql://h\u{FC}n.example.org:3306/x\", \"SECRET_ID\": \"orders/etl\"",
        ),
    ];
    let state = format!(
        "{{\"version\": 4, \"terraform_version\": \"1.9.0\", \"serial\": 3, \"lineage\": \"x\", \"outputs\": \
         {{}}, \"resources\": [{{\"mode\": \"managed\", \"type\": \"aws_glue_connection\", \"name\": \"a\", \
         \"provider\": \"provider[\\\"registry.terraform.io/hashicorp/aws\\\"]\", \"instances\": [{}]}}]}}",
        instances.join(", ")
    );
    let after = check_redaction("terraform.tfstate", &state);
    assert_eq!(after.connections, 4);
    assert!(!after.text.contains("example.org"), "{}", after.text);
}

#[test]
fn what_holds_a_secret_is_left_whole() {
    let cases = [
        // JSON in a text, with an escape of each of the two.
        (
            "a.json",
            r#"{"Name": "a", "ConnectionType": "SNOWFLAKE", "ConnectionProperties": {"SparkProperties": "{\"pwd\": 12, \"sfPassword\": \"p\\\"w\", \"pin\": 12, \"sfUrl\": \"x\"}"}}"#,
            r#"{"Name": "a", "ConnectionType": "SNOWFLAKE", "ConnectionProperties": {"SparkProperties": "{\"pwd\": 99, \"sfPassword\": \"xxxxxx\", \"pin\": 12, \"sfUrl\": \"x\"}"}}"#,
        ),
        // A number in JSON cannot become a word.
        (
            "b.json",
            r#"{"ConnectionType": "JDBC", "ConnectionProperties": {"PASSWORD": -1.5e3}}"#,
            r#"{"ConnectionType": "JDBC", "ConnectionProperties": {"PASSWORD": -9.9e9}}"#,
        ),
        // Functions and comments below the name of a secret.
        (
            "c.yaml",
            "MasterUserPassword:\n  Fn::Sub: \"abc${X}\" # the old one was pw\n",
            "MasterUserPassword:\n  Fn::Sub: \"xxxxxxx\" # the old one was pw\n",
        ),
        (
            "d.tf",
            "# password = \"pw\"\nvariable \"db_password\" {\n  default = \"pw\" /* pw */\n}\n",
            "# password = \"xx\"\nvariable \"db_password\" {\n  default = \"xx\" /* pw */\n}\n",
        ),
        // A name says what the value is, not what is said about it.
        (
            "p.yaml",
            "Parameters:\n  DbPassword:\n    Type: String\n    Description: of the database # pwd: pw\n    \
             Default: pw\nOutputs:\n  Password: {Value: !If [HasPassword, !Ref DbPassword, pw]}\n",
            "Parameters:\n  DbPassword:\n    Type: String\n    Description: of the database # pwd: xx\n    \
             Default: xx\nOutputs:\n  Password: {Value: !If [HasPassword, !Ref DbPassword, xx]}\n",
        ),
        (
            "q.tf",
            "resource \"random_password\" \"a\" {\n  length = 16\n}\nmodule \"secret\" {\n  word = \"a\"\n  \
             password = var.a ? local.b : \"pw\"\n  token = f(\"pw\", module.x.y)\n}\n",
            "resource \"random_password\" \"a\" {\n  length = 16\n}\nmodule \"secret\" {\n  word = \"a\"\n  \
             password = var.a ? local.b : \"xx\"\n  token = f(\"xx\", module.x.y)\n}\n",
        ),
        (
            "r.yaml",
            "env:\n- {name: DB_PASSWORD, value: pw}\n- {name: USER, value: etl}\nrun: |\n  export \
             PASSWORD=pw\n  # b\ntoken: [pw, !Ref X]\npassword:\n  now: pw\n",
            "env:\n- {name: DB_PASSWORD, value: xx}\n- {name: USER, value: etl}\nrun: |\n  export \
             PASSWORD=xx\n  # b\ntoken: [xx, !Ref X]\npassword:\n  now: xx\n",
        ),
        (
            "e.yaml",
            "JDBC_CONNECTION_URL: jdbc:mysql://etl:h\u{FC}n\u{20AC}\u{1F600}@db.example.org/orders\n",
            "JDBC_CONNECTION_URL: jdbc:mysql://etl:x\u{B7}x\u{2022}\u{1F512}@db.example.org/orders\n",
        ),
    ];
    for (name, before, expected) in cases {
        assert_eq!(check_redaction(name, before).text, expected);
    }
}

#[test]
fn nothing_is_left_of_the_secrets_of_a_template() {
    let document = format!(
        "Parameters:\n  Db:\n    Type: String\n    NoEcho: true\n    Default: {CANARY}\n  Other:\n    Type: \
         String\n    Default: {CANARY}\nResources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      \
         MasterUserPassword: {CANARY}\n      Tags: [{{Key: token, Value: {CANARY}}}]\n  Orders:\n    Type: \
         AWS::Glue::Connection\n    Properties:\n      ConnectionInput:\n        ConnectionType: JDBC\n        \
         ConnectionProperties:\n          JDBC_CONNECTION_URL: !Sub \"jdbc:mysql://h/x?password=${{Other}}\"\n          \
         PASSWORD: !If [A, !Ref Db, {CANARY}]\n          HOST: !Join [\"\", [\"etl:{CANARY}@\", !Ref H]]\n          \
         JDBC_PARAMS: !Sub \"x;password={CANARY}\"\n# AKIAIOSFODNN7EXAMPLE password: {CANARY}\n"
    );
    let after = check_redaction("a.yaml", &document);
    assert!(!after.text.contains(CANARY), "{}", after.text);
    assert!(
        after.text.contains("!If [A, !Ref Db, xxxxxxxxx]"),
        "{}",
        after.text
    );
}

#[test]
fn of_a_broken_document_all_is_masked_that_may_be_a_secret() {
    for document in [
        format!("ConnectionProperties:\n  PASSWORD: [{CANARY}\n    {CANARY}\n  USERNAME: x\n"),
        format!("{{\"ConnectionProperties\": {{\"PASSWORD\": \"{CANARY}\", \"USERNAME\": \"x\""),
        format!("\"PASSWORD\": \"{CANARY}\n  {CANARY}\n\"USERNAME\": x\n"),
    ] {
        let after = check_redaction("a.yaml", &document);
        assert!(
            after.unreadable && !after.text.contains(CANARY),
            "{}",
            after.text
        );
        assert!(after.secrets > 0);
    }
}

fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    fed(folder, &[&["redact"], arguments].concat(), input)
}

const ORDERS: &str = "Name: a\r\nConnectionType: JDBC\r\nConnectionProperties:\r\n  PASSWORD: \
                      hunter2\r\n  JDBC_CONNECTION_URL: jdbc:mysql://u:pw@h.example.org/x";

#[test]
fn the_command_prints_the_document_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, ORDERS).unwrap();
    let expected = ORDERS.replace("hunter2", "xxxxxxx").replace(":pw@", ":xx@");
    let output = run(folder.path(), &["a.yaml"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    assert_eq!(output.stderr, b"2 secrets masked (1 connection)\n");
    let output = run(folder.path(), &["-"], ORDERS.as_bytes());
    assert_eq!(output.stdout, expected.as_bytes());
    // In the encoding in which it was.
    let utf16 = |text: &str| -> Vec<u8> {
        let text = format!("\u{FEFF}{text}");
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    assert_eq!(
        run(folder.path(), &["-"], &utf16(ORDERS)).stdout,
        utf16(&expected)
    );
    let marked = format!("\u{FEFF}{ORDERS}");
    let output = run(folder.path(), &["-"], marked.as_bytes());
    assert_eq!(output.stdout, format!("\u{FEFF}{expected}").as_bytes());
    // Into the same file.
    let output = run(folder.path(), &["a.yaml", "--output", "a.yaml"], b"");
    assert_eq!((output.status.code(), output.stdout), (Some(0), Vec::new()));
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
}

#[test]
fn what_cannot_be_redacted_is_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, input) in [
        (&["none.yaml"][..], &b""[..]),
        (&["-"], b"PASSWORD: \xFF"),
        (&["-", "--output", "none/a.yaml"], b"x"),
    ] {
        let output = run(folder.path(), arguments, input);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert_eq!(output.stdout, b"");
        assert!(output.stderr.starts_with(b"error: "));
    }
    assert_eq!(run(folder.path(), &[], b"").status.code(), Some(2));
}

#[test]
fn a_module_says_which_of_its_variables_hold_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let main = "resource \"aws_glue_connection\" \"a\" {\n  name = \"a\"\n  connection_properties = {\n    \
                PASSWORD = var.word\n  }\n}\n";
    fs::write(folder.path().join("main.tf"), main).unwrap();
    let variables = "variable \"word\" {\n  default = \"hunter2\"\n}\n";
    fs::write(folder.path().join("variables.tf"), variables).unwrap();
    let output = run(folder.path(), &["variables.tf"], b"");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        variables.replace("hunter2", "xxxxxxx")
    );
    let arguments = ["-", "--stdin-filename", "variables.tf"];
    let output = run(
        folder.path(),
        &arguments,
        variables.replace("ter2", "ter3").as_bytes(),
    );
    assert!(!output.stdout.windows(7).any(|text| text == b"hunter3"));
}

#[test]
fn masks_are_taken_for_no_secrets() {
    let after = redacted("a.yaml", ORDERS);
    let options = Options {
        least: Severity::Error,
        ..Options::default()
    };
    let report = lint(Source::new("a.yaml", after.text), &options);
    assert_eq!(report.findings, []);
    assert_eq!(in_clear("a.yaml", ORDERS), 1);
}
