//! Generated parts are what the program says today. `UPDATE=1 cargo test --test generated` writes
//! them.

mod program;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gluelint::config::{KEYS, Key, Kind};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// Checks, or writes, what stands between `<!-- name: …` and the next `<!-- end -->`.
fn check_part(name: &str, expected: &str) {
    let text = fs::read_to_string(README).unwrap();
    let marker = format!("<!-- {name}: ");
    let start = text.find(&marker).unwrap();
    let start = start + text[start..].find('\n').unwrap() + 1;
    let end = start + text[start..].find("<!-- end -->").unwrap();
    if text[start..end] == *expected {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "the part `{name}` of README.md is stale: run `UPDATE=1 cargo test --test generated`"
    );
    fs::write(
        README,
        format!("{}{expected}{}", &text[..start], &text[end..]),
    )
    .unwrap();
}

/// What the program prints in a terminal of 100 columns.
fn said(arguments: &[&str]) -> String {
    let mut command = program::gluelint(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.env("COLUMNS", "100").args(arguments);
    program::stdout(&command.output().unwrap())
}

/// The settings as a table.
fn settings(keys: &[Key]) -> String {
    let mut table = String::from("| Setting | |\n|---|---|\n");
    for key in keys {
        let name = key.name;
        let required = if key.required { " (required)" } else { "" };
        writeln!(table, "| `{name}`{required} | {} |", key.about).unwrap();
    }
    table
}

/// One test, because all parts are of one file.
#[test]
fn the_readme_shows_what_the_program_says() {
    check_part("rules", &gluelint::coverage::rule_table("rules/", &[]));
    check_part("forms", &said(&["forms", "--format", "markdown"]));
    check_part("settings", &settings(KEYS));
    let policy = KEYS.iter().find(|key| key.name == "policy");
    match policy.map(|key| &key.kind) {
        Some(Kind::List(keys)) => check_part("policy", &settings(keys)),
        other => panic!("a policy is {other:?}"),
    }
    let text = said(&["check", "testdata/readme/orders.template.yaml"]);
    let text: Vec<&str> = text.lines().map(str::trim_end).collect();
    check_part(
        "example",
        &format!("```text\n{}\n```\n", text.join("\n").trim()),
    );
}
