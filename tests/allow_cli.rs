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
        stderr.contains(
            "note: b.json: 1 finding cannot be allowed there: only a configuration can allow it, and \
             there is none: `gluelint init` writes one"
        ),
        "{stderr}"
    );
    assert!(
        stderr.contains("note: c.yaml: 1 finding cannot be allowed there: not all of the file"),
        "{stderr}"
    );
    assert!(
        stderr.ends_with("Allowed 1 finding in 1 file\n"),
        "{stderr}"
    );
    assert_eq!(read(&folder, "b.json"), json);
    let (_, _, stderr) = run(&folder, &["check", "--add-allow", "--no-config", "b.json"]);
    assert!(stderr.contains("and none is to be used"), "{stderr}");
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

const LIST: &str = r#"{"ConnectionList": [
  {"Name": "orders", "ConnectionType": "JDBC", "ConnectionProperties": {
    "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/o", "JDBC_ENFORCE_SSL": "true",
    "USERNAME": "etl", "PASSWORD": "cAnArY7x9"}},
  {"Name": "bills: new", "ConnectionType": "JDBC", "ConnectionProperties": {
    "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/o", "JDBC_ENFORCE_SSL": "true",
    "USERNAME": "etl", "PASSWORD": "cAnArY7x9"}}
]}"#;

#[test]
fn json_without_a_place_is_allowed_by_the_configuration() {
    let folder = folder(&[
        ("a[1].json", LIST),
        ("gluelint.yaml", "# ours\nfail-on: warning\n"),
    ]);
    fs::create_dir(folder.path().join("infra")).unwrap();
    fs::write(folder.path().join("infra/b.json"), LIST).unwrap();
    let words = ["check", "--add-allow", "--reason", "a: test"];
    let (code, stdout, stderr) = run(&folder, &words);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    assert_eq!(stderr, "Allowed 4 findings in 1 file\n");
    assert_eq!(read(&folder, "a[1].json"), LIST);
    let own = "
    allow:
      - rule: plaintext-password
        connection: orders
        path: ConnectionProperties.PASSWORD
        reason: \"a: test\"
      - rule: plaintext-password
        connection: \"bills: new\"
        path: ConnectionProperties.PASSWORD
        reason: \"a: test\"
";
    let written = read(&folder, "gluelint.yaml");
    let wanted = format!(
        "# ours\nfail-on: warning\n\noverrides:\n  - paths: \"/a[[]1[]].json\"{own}  - paths: infra/b.json{own}"
    );
    assert_eq!(written, wanted);
    // A second time there is nothing to do, from another folder neither.
    let (code, stdout, stderr) = run(&folder, &["check", "--add-allow"]);
    assert_eq!((code, &*stderr), (Some(0), "Allowed nothing\n"), "{stdout}");
    let (code, ..) = run(&folder, &["check", "infra/b.json"]);
    assert_eq!(code, Some(0));
    // What is new joins what is there.
    let more = LIST.replacen("\"true\"", "\"yes\"", 1);
    fs::write(folder.path().join("infra/b.json"), more).unwrap();
    let (code, _, stderr) = run(&folder, &["check", "--add-allow", "infra"]);
    assert_eq!((code, &*stderr), (Some(0), "Allowed 1 finding in 1 file\n"));
    let item = "      - rule: not-a-boolean
        connection: orders
        path: ConnectionProperties.JDBC_ENFORCE_SSL
";
    assert_eq!(read(&folder, "gluelint.yaml"), wanted + item);
}

#[test]
fn a_configuration_that_cannot_be_added_to_is_told() {
    let folder = folder(&[
        ("a.json", LIST),
        ("gluelint.yaml", "severity: warning\n...\n"),
    ]);
    let (_, _, stderr) = run(&folder, &["check", "--add-allow"]);
    assert!(
        stderr.contains("`allow` cannot be added to gluelint.yaml as that is written"),
        "{stderr}"
    );
    assert_eq!(read(&folder, "gluelint.yaml"), "severity: warning\n...\n");
    // Patterns of one that is named are relative to the current folder.
    fs::write(folder.path().join("other.yaml"), "").unwrap();
    let words = ["check", "--add-allow", "--config", "other.yaml"];
    assert_eq!(run(&folder, &words).0, Some(0));
    assert!(read(&folder, "other.yaml").starts_with("overrides:\n  - paths: /a.json\n"));
}

/// What is told of the configurations, in a run of `check` with these arguments.
fn of_configurations(folder: &TempDir, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["check", "--format", "concise"];
    all.extend(arguments);
    let (_, stdout, stderr) = run(folder, &all);
    assert_eq!(stderr, "");
    let lines = stdout
        .lines()
        .filter(|line| line.contains("gluelint.yaml:"));
    lines
        .map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" "))
        .map(|line| line.trim_end_matches(':').to_owned())
        .collect()
}

const NONE: [&str; 0] = [];

#[test]
fn what_is_allowed_in_a_file_that_was_checked_has_to_be_found_there() {
    let configuration = "overrides:
  - paths: /a.json
    allow:
      - rule: [plaintext-password, not-a-boolean]
        connection: orders
      - {rule: empty-value, until: 2020-01-01}
      - {rule: invalid-syntax}
  - paths: [/b.json, /gone.json]
    allow: [{rule: not-a-boolean}]
";
    let folder = folder(&[
        ("a.json", LIST),
        ("b.json", LIST),
        ("gluelint.yaml", configuration),
    ]);
    let unused = "gluelint.yaml:4:36: warning unused-suppression";
    assert_eq!(of_configurations(&folder, &["a.json"]), [unused]);
    assert_eq!(of_configurations(&folder, &["b.json"]), NONE);
    // What is wrong with the configuration in any case is told where that is checked.
    assert_eq!(
        of_configurations(&folder, &["."]),
        [
            unused,
            "gluelint.yaml:6:16: warning expired-suppression",
            "gluelint.yaml:7:16: warning unused-suppression"
        ]
    );
    // It does not count what is shown.
    assert_eq!(
        of_configurations(&folder, &["a.json", "--severity", "error"]),
        NONE
    );
    for other in [
        &["a.json", "--form", "api"][..],
        &["a.json", "--config", "gluelint.yaml"],
        &["a.json", "--no-config"],
        &["-", "--stdin-filename", "a.json"],
    ] {
        assert_eq!(of_configurations(&folder, other), NONE, "{other:?}");
    }
    fs::write(
        folder.path().join("gluelint.yaml"),
        format!("rules: {{not-a-boolean: off}}\n{configuration}"),
    )
    .unwrap();
    assert_eq!(of_configurations(&folder, &["a.json"]), NONE);
    fs::write(folder.path().join("gluelint.yaml"), configuration).unwrap();
    // Where it cannot be read, nothing is known; where it is gone, another tool may make it.
    fs::write(folder.path().join("a.json"), format!("{LIST}[")).unwrap();
    assert_eq!(of_configurations(&folder, &["a.json"]), NONE);
    fs::remove_file(folder.path().join("a.json")).unwrap();
    assert!(!of_configurations(&folder, &["."]).contains(&unused.to_owned()));
    // It counts as used, too, where a comment allows the same.
    let yaml = ORDERS.replace("  PASS", "  # gluelint: allow(plaintext-password)\n  PASS");
    let configuration = "overrides: [{paths: /a.yaml, allow: [{rule: plaintext-password}]}]\n";
    fs::write(folder.path().join("gluelint.yaml"), configuration).unwrap();
    fs::write(folder.path().join("a.yaml"), yaml).unwrap();
    assert_eq!(of_configurations(&folder, &["a.yaml"]), NONE);
}

#[test]
fn what_is_allowed_in_many_files_has_to_be_found_where_all_of_them_were_checked() {
    let configuration = "exclude: old/
allow:
  - rule: not-a-boolean
overrides:
  - {paths: \"*.json\", allow: [{rule: empty-value}]}
  - {paths: \"*.yml\", allow: [{rule: empty-value}]}
";
    let folder = folder(&[("a.json", LIST), ("gluelint.yaml", configuration)]);
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let unused = [
        "gluelint.yaml:3:11: warning unused-suppression",
        "gluelint.yaml:5:38: warning unused-suppression",
    ];
    assert_eq!(of_configurations(&folder, &[]), unused);
    let all = folder.path().to_string_lossy().into_owned();
    assert_eq!(of_configurations(&folder, &["x", "."]), NONE, "x is gone");
    assert_eq!(of_configurations(&folder, &[&all]), unused);
    assert_eq!(of_configurations(&folder, &["a.json"]), NONE, "one of many");
    write("infra/b.yaml", ORDERS);
    assert_eq!(of_configurations(&folder, &["infra"]), NONE);
    // A configuration that extends it may need it elsewhere in the repository.
    write("c/gluelint.yaml", "extends: ../gluelint.yaml\n");
    let bad = LIST.replacen("\"true\"", "\"yes\"", 1);
    write("c/c.json", &bad);
    assert_eq!(of_configurations(&folder, &[]), unused[1..]);
    fs::remove_dir_all(folder.path().join("c")).unwrap();
    write("infra/gluelint.yaml", "allow: [{rule: not-a-boolean}]\n");
    let inner = "infra/gluelint.yaml:1:16: warning unused-suppression";
    let both = [unused[0], unused[1], inner];
    assert_eq!(of_configurations(&folder, &[]), both);
    assert_eq!(of_configurations(&folder, &["infra"]), [inner]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(of_configurations(&folder, &["infra"]), NONE);
    assert_eq!(of_configurations(&folder, &[]), both);
    // A file that was not looked at may be what it is for.
    for hidden in ["old/d.json", ".hidden/d.json", "ignored/d.json"] {
        write(".gitignore", "ignored/\n");
        write(hidden, "{}");
        assert_eq!(of_configurations(&folder, &[]), both, "{hidden}");
        write(hidden, LIST);
        assert_eq!(of_configurations(&folder, &[]), [inner], "{hidden}");
        fs::remove_file(folder.path().join(hidden)).unwrap();
    }
    // Nothing is known of what was not read.
    write("e.json", "{\"ConnectionInput\": [");
    assert_eq!(of_configurations(&folder, &[]), NONE);
}
