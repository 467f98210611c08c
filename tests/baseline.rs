//! Only what is new is reported: `--baseline`, `--write-baseline` and `--changed`.

mod program;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use program::{folder, gluelint, read, stderr, stdout, write};
use tempfile::TempDir;

const CANARY: &str = "cAnArY7x9";

fn orders() -> String {
    format!(
        "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  JDBC_CONNECTION_URL: \
         jdbc:postgres://db.example.org:5432/orders\n  USERNAME: etl\n  PASSWORD: {CANARY}\n"
    )
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = gluelint(folder);
    // Git is needed, and what lies above is not ours.
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("GIT_CEILING_DIRECTORIES", std::env::temp_dir());
    command.args(["check", "--format", "concise"]);
    command.args(arguments).output().unwrap()
}

#[test]
fn what_is_known_is_not_reported_wherever_it_stands() {
    let folder = folder(&[("a/orders.yaml", &orders()), ("a/more.yaml", &orders())]);
    let output = run(folder.path(), &["--write-baseline", "base.json"]);
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(0), String::new())
    );
    assert_eq!(stderr(&output), "Wrote 4 findings to base.json\n");
    let baseline = read(&folder, "base.json");
    assert_eq!(
        baseline,
        "{\n  \"version\": 1,\n  \"entries\": [\n    \
         {\"file\":\"a/more.yaml\",\"path\":\"ConnectionProperties.JDBC_CONNECTION_URL\",\"rule\":\"unknown-jdbc-subprotocol\",\"count\":1},\n    \
         {\"file\":\"a/more.yaml\",\"path\":\"ConnectionProperties.PASSWORD\",\"rule\":\"plaintext-password\",\"count\":1},\n    \
         {\"file\":\"a/orders.yaml\",\"path\":\"ConnectionProperties.JDBC_CONNECTION_URL\",\"rule\":\"unknown-jdbc-subprotocol\",\"count\":1},\n    \
         {\"file\":\"a/orders.yaml\",\"path\":\"ConnectionProperties.PASSWORD\",\"rule\":\"plaintext-password\",\"count\":1}\n  ]\n}\n"
    );
    // Lines move, a value changes, and the same is seen from another folder.
    let moved = format!("# a comment\n\n{}", orders().replace(CANARY, "other"));
    write(&folder, "a/orders.yaml", &moved);
    for (place, path, checked) in [("", "base.json", "a"), ("a", "../base.json", ".")] {
        let output = run(&folder.path().join(place), &["--baseline", path, checked]);
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(
            stdout(&output),
            "No problems in 2 files (2 connections); 4 known findings not shown (baseline)\n"
        );
    }
    // One more of the same kind is new.
    write(
        &folder,
        "a/orders.yaml",
        format!("{moved}---\n{}", orders()),
    );
    let output = run(folder.path(), &["--baseline", "base.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stdout(&output).matches("a/orders.yaml:").count(),
        2,
        "{}",
        stdout(&output)
    );
    // And is not fixed with what is known.
    run(folder.path(), &["--baseline", "base.json", "--fix"]);
    assert_eq!(
        read(&folder, "a/orders.yaml")
            .matches("jdbc:postgresql:")
            .count(),
        1
    );
}

#[test]
fn what_is_no_longer_there_is_reported() {
    let folder = folder(&[
        ("a.yaml", &orders()),
        ("b.yaml", &orders()),
        ("c.yaml", &orders()),
    ]);
    run(folder.path(), &["--write-baseline", "base.json"]);
    write(
        &folder,
        "a.yaml",
        orders().replace("postgres:", "postgresql:"),
    );
    let output = run(folder.path(), &["--baseline", "base.json"]);
    assert_eq!(output.status.code(), Some(0), "a warning");
    let report = stdout(&output);
    assert!(
        report.starts_with(
            "base.json:4:5: warning stale-baseline-entry: `unknown-jdbc-subprotocol` is not found \
             here any more\n"
        ),
        "{report}"
    );
    assert_eq!(report.lines().count(), 2);
    // It is said whatever else is shown.
    let arguments = ["--baseline", "base.json", "--severity", "error"];
    assert_eq!(stdout(&run(folder.path(), &arguments)).lines().count(), 1);
    // Files that were not checked say nothing about their entries, those that are gone do.
    let output = run(folder.path(), &["--baseline", "base.json", "b.yaml"]);
    assert!(!stdout(&output).contains("stale"), "{}", stdout(&output));
    fs::remove_file(folder.path().join("c.yaml")).unwrap();
    let output = run(folder.path(), &["--baseline", "base.json", "b.yaml"]);
    assert_eq!(stdout(&output).matches("stale-baseline-entry").count(), 2);
}

#[test]
fn entries_of_findings_that_are_not_shown_are_not_stale() {
    let orders = orders().replace("postgres:", "postgresql:");
    let folder = folder(&[("a.yaml", &orders)]);
    run(
        folder.path(),
        &["--severity", "info", "--write-baseline", "base.json"],
    );
    assert!(read(&folder, "base.json").contains("tls-not-enforced"));
    for severity in ["info", "warning", "error"] {
        let output = run(
            folder.path(),
            &["--baseline", "base.json", "--severity", severity],
        );
        assert!(
            stdout(&output).starts_with("No problems"),
            "{}",
            stdout(&output)
        );
    }
}

#[test]
fn entries_of_rules_that_are_switched_off_are_not_stale() {
    let folder = folder(&[("orders.yaml", &orders())]);
    run(folder.path(), &["--write-baseline", "base.json"]);
    let stale = |rules: &str| {
        write(&folder, "gluelint.yaml", rules);
        let output = run(folder.path(), &["orders.yaml", "--baseline", "base.json"]);
        stdout(&output).matches("stale-baseline-entry").count()
    };
    assert_eq!(stale("rules: {plaintext-password: off}\n"), 0);
    write(&folder, "orders.yaml", orders().replace(CANARY, "!Ref P"));
    assert_eq!(stale("rules: {plaintext-password: off}\n"), 0);
    assert_eq!(stale("rules: {unknown-jdbc-subprotocol: off}\n"), 1);
}

#[test]
fn what_could_not_be_read_is_never_known() {
    let folder = folder(&[("a.yaml", "ConnectionProperties: [\n")]);
    let output = run(folder.path(), &["--write-baseline", "base.json"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        read(&folder, "base.json"),
        "{\n  \"version\": 1,\n  \"entries\": []\n}\n"
    );
    let output = run(folder.path(), &["--baseline", "base.json"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("invalid-syntax"));
}

#[test]
fn a_broken_baseline_is_an_error_with_its_place() {
    let folder = folder(&[("a.yaml", &orders())]);
    let entry = r#"{"file": "a", "path": "", "rule": "x", "count": 1}"#;
    for (text, expected) in [
        ("{\n  \"version\": 1,\n", "base.json:"),
        ("[]", "base.json:1:1: this is not an object"),
        ("{\"entries\": []}", "base.json:1:1: `version` is missing"),
        (
            "{\"version\": 2, \"entries\": []}",
            "base.json:1:13: only version 1",
        ),
        (
            "{\"version\": 1, \"entries\": {}}",
            "base.json:1:27: `entries` is a list",
        ),
        (
            "{\"version\": 1, \"entries\": [], \"x\": 1}",
            "base.json:1:31: \"x\" is no member",
        ),
        (
            "{\"version\": 1, \"entries\": [{\"file\": 1, \"path\": \"\", \"rule\": \"\", \"count\": 1}]}",
            "base.json:1:37: this is not a text",
        ),
        (
            "{\"version\": 1, \"entries\": [{\"file\": \"\", \"path\": \"\", \"rule\": \"\", \"count\": 0}]}",
            "base.json:1:74: `count` is a number",
        ),
        (
            &format!("{{\"version\": 1,\n\"entries\": [{entry},\n{entry}]}}"),
            "base.json:3:1: there is another entry",
        ),
    ] {
        write(&folder, "base.json", text);
        let output = run(folder.path(), &["--baseline", "base.json"]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(
            stderr(&output).contains(expected),
            "{text}: {}",
            stderr(&output)
        );
    }
    let output = run(folder.path(), &["--baseline", "none.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the baseline none.json: no such file"));
}

fn git(folder: &TempDir, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
    command.args(["-c", "commit.gpgsign=false"]).args(arguments);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        stderr(&output)
    );
}

/// The files in which something was found.
fn found(output: &Output) -> Vec<String> {
    assert_eq!(stderr(output), "");
    let text = stdout(output);
    let lines = text
        .lines()
        .filter(|line| line.contains("plaintext-password"));
    lines
        .map(|line| line.split(':').next().unwrap().to_owned())
        .collect()
}

#[test]
fn only_files_that_git_says_changed_are_checked() {
    let folder = folder(&[
        ("a.yaml", &orders()),
        ("sub/b.yaml", &orders()),
        ("sub/renamed.yaml", &orders()),
        ("gone.yaml", &orders()),
        (".gitignore", "ignored.yaml\n"),
    ]);
    git(&folder, &["init", "-q", "-b", "main"]);
    // Without a commit everything is new.
    assert_eq!(found(&run(folder.path(), &["--changed"])).len(), 4);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-q", "-m", "one"]);
    assert_eq!(found(&run(folder.path(), &["--changed"])), [""; 0]);
    git(&folder, &["checkout", "-q", "-b", "topic"]);
    write(&folder, "a.yaml", &(orders() + "# changed\n"));
    git(&folder, &["commit", "-q", "-a", "-m", "two"]);
    git(&folder, &["mv", "sub/renamed.yaml", "sub/\u{FC} new.yaml"]);
    fs::remove_file(folder.path().join("gone.yaml")).unwrap();
    write(&folder, "sub/untracked.yaml", orders());
    write(&folder, "ignored.yaml", orders());
    let uncommitted = ["sub/untracked.yaml", "sub/\u{FC} new.yaml"];
    assert_eq!(found(&run(folder.path(), &["--changed"])), uncommitted);
    // What is named counts only if it was changed too.
    let named = [
        "--changed",
        "sub/b.yaml",
        "sub/untracked.yaml",
        "ignored.yaml",
    ];
    assert_eq!(found(&run(folder.path(), &named)), ["sub/untracked.yaml"]);
    let below = run(&folder.path().join("sub"), &["--changed"]);
    assert_eq!(found(&below), ["untracked.yaml", "\u{FC} new.yaml"]);
    // The other branch went on.
    git(&folder, &["stash", "-q", "-u"]);
    git(&folder, &["checkout", "-q", "main"]);
    write(&folder, "sub/b.yaml", &(orders() + "# changed\n"));
    git(&folder, &["commit", "-q", "-a", "-m", "three"]);
    git(&folder, &["checkout", "-q", "topic"]);
    git(&folder, &["stash", "pop", "-q", "--index"]);
    let since = run(folder.path(), &["--changed", "--since", "main"]);
    assert_eq!(found(&since), ["a.yaml", uncommitted[0], uncommitted[1]]);
    for revision in ["none", "--output=x", "HEAD:a.yaml"] {
        let output = run(
            folder.path(),
            &["--changed", &format!("--since={revision}")],
        );
        assert_eq!(output.status.code(), Some(2), "{revision}");
        assert!(stderr(&output).starts_with("error: --changed asks git: "));
    }
    assert_eq!(
        run(folder.path(), &["--since", "main"]).status.code(),
        Some(2)
    );
    let missing = run(folder.path(), &["--changed", "misspelled.yaml"]);
    assert_eq!(missing.status.code(), Some(3));
}

#[test]
fn without_a_repository_nothing_can_be_asked() {
    let folder = folder(&[("a.yaml", &orders())]);
    let output = run(folder.path(), &["--changed"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("not a git repository"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_changed_part_of_a_module_is_judged_with_the_rest() {
    let main = "resource \"aws_glue_connection\" \"a\" {\n  name = \"a\"\n  connection_properties = {\n    \
                JDBC_CONNECTION_URL = \"jdbc:mysql://db.example.org:3306/x\"\n    SECRET_ID = \"x\"\n    \
                JDBC_ENFORCE_SSL = var.tls\n  }\n}\n";
    let variable = |value: &str| format!("variable \"tls\" {{\n  default = {value}\n}}\n");
    let folder = folder(&[("main.tf", main), ("variables.tf", &variable("null"))]);
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-q", "-m", "one"]);
    let found = || {
        let text = stdout(&run(folder.path(), &["--changed"]));
        text.lines()
            .filter(|line| line.contains("boolean-not-lowercase"))
            .count()
    };
    assert_eq!(found(), 0);
    write(&folder, "variables.tf", variable("\"TRUE\""));
    assert_eq!(found(), 1);
}
