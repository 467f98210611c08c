//! `--add-allow` as a user meets it.

mod program;

use std::fs;

use program::{folder, read, stderr, stdout};
use tempfile::TempDir;

const ORDERS: &str = "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  \
                      JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\n  \
                      JDBC_ENFORCE_SSL: \"true\"\n  USERNAME: etl\n  PASSWORD: cAnArY7x9\n";

fn run(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program::run(folder.path(), arguments);
    let (stdout, stderr) = (stdout(&output), stderr(&output));
    assert!(
        !stdout.contains("cAnArY") && !stderr.contains("cAnArY"),
        "{stdout}{stderr}"
    );
    (output.status.code(), stdout, stderr)
}

#[test]
fn suppressions_are_written_and_hold() {
    let folder = folder(&[("a.yaml", ORDERS)]);
    assert_eq!(run(&folder, &["check"]).0, Some(1));
    let words = [
        "check",
        "--add-allow",
        "--reason",
        "a test",
        "--until",
        "9999-12-31",
    ];
    let (code, stdout, stderr) = run(&folder, &words);
    assert_eq!(code, Some(0), "{stdout}");
    assert_eq!(stderr, "Allowed 1 finding in 1 file\n");
    assert!(
        stdout.ends_with("No problems in 1 file (1 connection); 1 allowed\n"),
        "{stdout}"
    );
    let comment = "  # gluelint: allow(plaintext-password) until=9999-12-31 a test\n  PASSWORD";
    assert_eq!(
        read(&folder, "a.yaml"),
        ORDERS.replace("  PASSWORD", comment)
    );
    let (code, _, stderr) = run(&folder, &["check", "--add-allow"]);
    assert_eq!((code, &*stderr), (Some(0), "Allowed nothing\n"));
}

#[test]
fn what_cannot_be_allowed_is_told_and_stays() {
    let json = r#"{"Name": "o", "ConnectionType": "JDBC", "ConnectionProperties":
        {"JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/o", "JDBC_ENFORCE_SSL": "true",
         "USERNAME": "etl", "PASSWORD": "cAnArY7x9"}}"#;
    let folder = folder(&[
        ("a.yaml", ORDERS),
        ("b.json", json),
        ("c.yaml", "ConnectionInput: ["),
    ]);
    let (code, stdout, stderr) = run(&folder, &["check", "--add-allow"]);
    assert_eq!(code, Some(3), "a file cannot be read: {stdout}");
    assert!(
        stderr.contains("note: b.json: 1 finding cannot be allowed there: JSON has no comments"),
        "{stderr}"
    );
    assert!(
        stderr.contains("note: c.yaml: 1 finding cannot be allowed there"),
        "{stderr}"
    );
    assert!(
        stderr.ends_with("Allowed 1 finding in 1 file\n"),
        "{stderr}"
    );
    assert_eq!(read(&folder, "b.json"), json);
    fs::remove_file(folder.path().join("c.yaml")).unwrap();
    assert_eq!(run(&folder, &["check", "--add-allow"]).0, Some(1));
}

#[test]
fn a_module_is_allowed_file_by_file() {
    let main = "resource \"aws_glue_connection\" \"o\" {\n  name = \"o\"\n  connection_properties = {\n    \
                HOST = \"db.example.org\"\n    PORT = var.port\n    JDBC_ENGINE = \"mysql\"\n    \
                SECRET_ID = \"a/b\"\n  }\n}\n";
    let vars = "variable \"port\" {\n  default = \"80\"\n}\n";
    let folder = folder(&[("main.tf", main), ("vars.tf", vars)]);
    let (code, stdout, stderr) = run(&folder, &["check", "--add-allow"]);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    assert!(
        read(&folder, "main.tf").contains("    # gluelint: allow(port-out-of-range)\n    PORT")
    );
    assert_eq!(read(&folder, "vars.tf"), vars);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = folder(&[("a.yaml", ORDERS)]);
    for arguments in [
        &["check", "--add-allow", "--fix"][..],
        &["check", "--reason", "x"],
        &["check", "--add-allow", "--until", "soon"],
        &["check", "--add-allow", "--reason", "a\nb"],
        &["check", "--add-allow", "-"],
    ] {
        assert_eq!(run(&folder, arguments).0, Some(2), "{arguments:?}");
    }
    assert_eq!(read(&folder, "a.yaml"), ORDERS);
}

#[test]
fn a_configuration_allows_in_json_and_demands_reasons() {
    let json = r#"{"Name": "o", "ConnectionType": "JDBC", "ConnectionProperties":
        {"JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/o", "JDBC_ENFORCE_SSL": "true",
         "USERNAME": "etl", "PASSWORD": "cAnArY7x9"}}"#;
    let configuration = "
reasons: required
overrides:
  - paths: b.json
    allow:
      - {rule: plaintext-password, path: PASSWORD, reason: a test}
";
    let allowed = ORDERS.replace("x9\n", "x9 # gluelint: allow(plaintext-password)\n");
    let files = [
        ("a.yaml", &*allowed),
        ("b.json", json),
        ("gluelint.yaml", configuration),
    ];
    let folder = folder(&files);
    let (code, stdout, _) = run(&folder, &["check", "--format", "concise"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(
        stdout.starts_with("a.yaml:7:23: warning suppression-without-reason:"),
        "{stdout}"
    );
    assert!(stdout.contains("2 allowed"), "{stdout}");
    let (_, stdout, _) = run(&folder, &["check", "b.json", "--format", "sarif"]);
    assert!(stdout.contains("\"kind\": \"external\""), "{stdout}");
    assert!(stdout.contains("\"justification\": \"a test\""), "{stdout}");
}
