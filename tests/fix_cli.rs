//! `--fix` and `--diff` as a user meets them.

mod program;

use std::fs;
use std::process::Command;

use program::{fed, read, run, stderr, stdout, text, write};
use tempfile::TempDir;

const CANARY: &str = "cAnArY7x9";

/// Two findings with a safe fix, one of them beside the secret, one without any.
const ORDERS: &str = "# orders\nName: orders\nConnectionType: JDBC\nConnectionProperties:\n  \
                      JDBC_CONNECTION_URL: jdbc:postgres://db.example.org:5432/orders # kept\n  \
                      USERNAME: etl\n  PASSWORD: cAnArY7x9\n  JDBC_ENFORCE_SSL: true\n";

fn fixed(text: &str) -> String {
    (text.replace("jdbc:postgres:", "jdbc:postgresql:")).replace("SSL: true", "SSL: \"true\"")
}

/// Advice with an unsafe fix.
const UNSURE: &str = "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  \
                      JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\n  \
                      SECRET_ID: orders/etl\n";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = program::folder(&[]);
    for (name, bytes) in files {
        write(&folder, name, bytes);
    }
    folder
}

fn utf16(text: &str) -> Vec<u8> {
    let text = format!("\u{FEFF}{text}");
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

#[test]
fn what_can_be_fixed_is_and_the_rest_is_reported() {
    let folder = folder(&[("a/orders.yaml", ORDERS.as_bytes()), ("b.yaml", b"x: 1\n")]);
    let before = run(folder.path(), &["check", "--format", "concise"]);
    assert!(text(&before.stdout).ends_with("; 2 fixable with --fix\n"));
    let output = run(folder.path(), &["check", "--fix", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(1), "the password is still there");
    assert_eq!(read(&folder, "a/orders.yaml"), fixed(ORDERS));
    let report = text(&output.stdout);
    assert!(
        report.starts_with("a/orders.yaml:7:13: error plaintext-password"),
        "{report}"
    );
    assert_eq!(report.lines().count(), 2, "{report}");
    assert_eq!(text(&output.stderr), "Fixed 2 of 3 findings in 1 file\n");
    // There is nothing left to do.
    let again = run(folder.path(), &["check", "--fix", "--format", "concise"]);
    assert_eq!(text(&again.stderr), "Fixed 0 of 1 finding\n");
    assert_eq!(again.stdout, output.stdout);
    assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
}

#[test]
fn a_fix_that_may_change_the_meaning_is_made_on_request() {
    let folder = folder(&[("unsure.yaml", UNSURE.as_bytes())]);
    let safe = run(folder.path(), &["check", "--severity", "info", "--fix"]);
    assert_eq!(read(&folder, "unsure.yaml"), UNSURE);
    assert_eq!(
        text(&safe.stderr),
        "Fixed 0 of 1 finding (1 more with --unsafe-fixes)\n"
    );
    assert!(text(&safe.stdout).ends_with("; 1 fixable with --fix --unsafe-fixes\n"));
    // What is not reported is not fixed.
    run(folder.path(), &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(read(&folder, "unsure.yaml"), UNSURE);
    let arguments = ["check", "--severity", "info", "--fix", "--unsafe-fixes"];
    let both = run(folder.path(), &arguments);
    assert_eq!(text(&both.stderr), "Fixed 1 of 1 finding in 1 file\n");
    let enforced = "/orders\n  JDBC_ENFORCE_SSL: \"true\"\n";
    assert_eq!(
        read(&folder, "unsure.yaml"),
        UNSURE.replace("/orders\n", enforced)
    );
    for arguments in [
        &["check", "--unsafe-fixes"][..],
        &["check", "--fix", "--diff"],
        &["check", "--fix", "-", "unsure.yaml"],
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn what_no_fix_is_about_stays_as_it_is() {
    let crlf = ORDERS.replace('\n', "\r\n");
    let no_end = ORDERS.trim_end();
    let folder = folder(&[
        ("crlf.yaml", crlf.as_bytes()),
        ("bom.yaml", format!("\u{FEFF}{ORDERS}").as_bytes()),
        ("utf16.yaml", &utf16(&crlf)),
        ("end.yaml", no_end.as_bytes()),
    ]);
    let output = run(folder.path(), &["check", "--fix"]);
    assert_eq!(text(&output.stderr), "Fixed 8 of 12 findings in 4 files\n");
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert_eq!(bytes("crlf.yaml"), fixed(&crlf).into_bytes());
    assert_eq!(
        bytes("bom.yaml"),
        format!("\u{FEFF}{}", fixed(ORDERS)).into_bytes()
    );
    assert_eq!(bytes("utf16.yaml"), utf16(&fixed(&crlf)));
    assert_eq!(bytes("end.yaml"), fixed(no_end).into_bytes());
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("real/orders.yaml", ORDERS.as_bytes())]);
    let real = folder.path().join("real/orders.yaml");
    fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).unwrap();
    let link = folder.path().join("link.yaml");
    symlink("real/orders.yaml", &link).unwrap();
    // Named in three ways, it is fixed once, and reported by its two names.
    let output = run(
        folder.path(),
        &[
            "check",
            "--fix",
            "link.yaml",
            "real/orders.yaml",
            "real/../link.yaml",
        ],
    );
    assert_eq!(text(&output.stderr), "Fixed 2 of 4 findings in 1 file\n");
    assert_eq!(fs::read_to_string(&real).unwrap(), fixed(ORDERS));
    assert!(link.is_symlink());
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_the_others_are_fixed() {
    let folder = folder(&[
        ("a.yaml", ORDERS.as_bytes()),
        ("b.yaml", ORDERS.as_bytes()),
        ("broken.yaml", b"ConnectionProperties: [\n"),
    ]);
    let locked = folder.path().join("a.yaml");
    let mut permissions = fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).unwrap();
    let output = run(folder.path(), &["check", "--fix", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(3));
    let words = text(&output.stderr);
    assert!(
        words.starts_with("error: a.yaml was not fixed: it is read-only\n"),
        "{words}"
    );
    assert_eq!(read(&folder, "a.yaml"), ORDERS);
    assert_eq!(read(&folder, "b.yaml"), fixed(ORDERS));
    // The report is about what is in the files.
    assert_eq!(text(&output.stdout).matches("a.yaml:").count(), 3);
    assert_eq!(text(&output.stdout).matches("b.yaml:").count(), 1);
    let diff = run(folder.path(), &["check", "--diff", "broken.yaml"]);
    assert_eq!(diff.status.code(), Some(3));
    assert!(text(&diff.stderr).contains("broken.yaml could not be read"));
}

#[test]
fn standard_input_comes_out_fixed() {
    let folder = folder(&[]);
    let output = fed(folder.path(), &["check", "--fix", "-"], ORDERS.as_bytes());
    assert_eq!(text(&output.stdout), fixed(ORDERS));
    assert!(text(&output.stderr).contains("error[plaintext-password]"));
    assert!(!text(&output.stderr).contains(CANARY));
    assert_eq!(output.status.code(), Some(1));
    // What needs no fix comes out too.
    for input in [
        &b"x: 1\n"[..],
        b"ConnectionProperties: [\n",
        b"\xFF\xFE\x00",
    ] {
        let output = fed(folder.path(), &["check", "--fix", "-"], input);
        assert_eq!(output.stdout, input);
    }
    let arguments = [
        "check",
        "--diff",
        "-",
        "--stdin-filename",
        "glue/orders.yaml",
    ];
    let output = fed(folder.path(), &arguments, ORDERS.as_bytes());
    assert!(text(&output.stdout).starts_with("--- a/glue/orders.yaml\n+++ b/glue/orders.yaml\n@@"));
}

const MODULE: [(&str, &str); 3] = [
    (
        "main.tf",
        "resource \"aws_glue_connection\" \"a\" {\n  name = \"a\"\n  connection_properties = {\n    \
         JDBC_CONNECTION_URL = var.url\n    JDBC_ENFORCE_SSL    = \"TRUE\" # yes\n    \
         SECRET_ID           = \"orders/etl\"\n  }\n}\n",
    ),
    (
        "more.tf",
        "resource \"aws_glue_connection\" \"b\" {\n  name = \"b\"\n  connection_properties = {\n    \
         JDBC_CONNECTION_URL = var.url\n    JDBC_ENFORCE_SSL    = \"TRUE\"\n    \
         SECRET_ID           = \"orders/etl\"\n  }\n}\n",
    ),
    (
        "variables.tf",
        "variable \"url\" {\n  default = \"jdbc:postgresql://db.example.org:5432/orders\"\n}\n",
    ),
];

#[test]
fn files_of_a_module_are_fixed_where_they_were_asked_for() {
    let files = MODULE.map(|(name, text)| (name, text.as_bytes()));
    let good = |text: &str| text.replace("TRUE", "true");
    let whole = folder(&files);
    let output = run(whole.path(), &["check", "--fix"]);
    assert_eq!(text(&output.stderr), "Fixed 2 of 2 findings in 2 files\n");
    for (name, text) in MODULE {
        assert_eq!(read(&whole, name), good(text));
    }
    let part = folder(&files);
    run(part.path(), &["check", "--fix", "more.tf", "variables.tf"]);
    assert_eq!(read(&part, "main.tf"), MODULE[0].1);
    assert_eq!(read(&part, "more.tf"), good(MODULE[1].1));
    // What an editor has not saved is fixed among what is saved.
    let arguments = ["check", "--fix", "-", "--stdin-filename", "more.tf"];
    let output = fed(whole.path(), &arguments, MODULE[1].1.as_bytes());
    assert_eq!(text(&output.stdout), good(MODULE[1].1));
}

/// Documents with a secret at every distance from what is fixed.
fn documents() -> Vec<(String, Vec<u8>)> {
    let mut documents = Vec::new();
    for distance in 0..5 {
        let between: String = (0..distance).map(|i| format!("  # {i}\n")).collect();
        for (place, line) in [("above", "USERNAME"), ("below", "JDBC_ENFORCE_SSL")] {
            let document = ORDERS.replace(&format!("  {line}"), &format!("{between}  {line}"));
            documents.push((format!("{place} {distance}.yaml"), document.into_bytes()));
        }
    }
    let long = |lines: usize| {
        (0..lines)
            .map(|i| format!("x{i}: {i}\n"))
            .collect::<String>()
    };
    documents.extend([
        (
            "first.yaml".to_owned(),
            ORDERS.split_once('\n').unwrap().1.into(),
        ),
        ("crlf.yaml".to_owned(), ORDERS.replace('\n', "\r\n").into()),
        ("bom.yaml".to_owned(), format!("\u{FEFF}{ORDERS}").into()),
        ("end.yaml".to_owned(), ORDERS.trim_end().into()),
        ("sub/\u{FC} \"q\".yaml".to_owned(), ORDERS.into()),
        (
            "far.yaml".to_owned(),
            format!("{}---\n{ORDERS}---\n{}---\n{ORDERS}", long(20), long(9)).into(),
        ),
    ]);
    documents
}

#[test]
fn git_and_patch_make_of_a_diff_what_fix_makes() {
    let documents = documents();
    let files: Vec<(&str, &[u8])> = (documents.iter())
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let folders = [folder(&files), folder(&files), folder(&files)];
    let [by_fix, by_git, by_patch] = &folders;
    let diff = run(by_fix.path(), &["check", "--diff"]);
    assert_eq!(diff.status.code(), Some(1));
    assert!(!text(&diff.stdout).contains(CANARY));
    for (name, bytes) in &documents {
        assert_eq!(
            &fs::read(by_fix.path().join(name)).unwrap(),
            bytes,
            "{name} was written"
        );
    }
    run(by_fix.path(), &["check", "--fix"]);
    let patch = by_fix.path().join("patch");
    fs::write(&patch, &diff.stdout).unwrap();
    let apply = |folder: &TempDir, program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command
            .current_dir(folder.path())
            .args(arguments)
            .arg(&patch);
        // Else a repository around the folder would be in the way.
        command.env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap());
        let Ok(output) = command.output() else {
            eprintln!("there is no {program} here");
            return;
        };
        let words = stdout(&output) + &stderr(&output);
        assert!(output.status.success(), "{program}: {words}");
        assert!(
            !words.contains("fuzz") && !words.contains("offset"),
            "{program}: {words}"
        );
        for (name, _) in &documents {
            let bytes = |folder: &TempDir| fs::read(folder.path().join(name)).unwrap();
            assert_eq!(
                text(&bytes(folder)),
                text(&bytes(by_fix)),
                "{name}, by {program}"
            );
        }
    };
    apply(by_git, "git", &["apply", "--unidiff-zero"]);
    apply(by_patch, "patch", &["-p1", "--binary", "-i"]);
}

#[test]
fn a_diff_has_context_where_nothing_is_secret() {
    let document = ORDERS.replace("  PASSWORD: cAnArY7x9\n", "  SECRET_ID: x\n");
    let files = folder(&[("a b.yaml", document.as_bytes())]);
    let diff = run(files.path(), &["check", "--diff", "a b.yaml"]);
    assert_eq!(
        text(&diff.stdout),
        "--- a/a b.yaml\t\n+++ b/a b.yaml\t\n@@ -2,7 +2,7 @@\n Name: orders\n ConnectionType: JDBC\n \
         ConnectionProperties:\n-  JDBC_CONNECTION_URL: jdbc:postgres://db.example.org:5432/orders # \
         kept\n+  JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders # kept\n   USERNAME: \
         etl\n   SECRET_ID: x\n-  JDBC_ENFORCE_SSL: true\n+  JDBC_ENFORCE_SSL: \"true\"\n"
    );
    assert_eq!(text(&diff.stderr), "Would fix 2 of 3 findings in 1 file\n");
    let coloured = run(files.path(), &["check", "--diff", "--color", "always"]);
    assert!(text(&coloured.stdout).contains("\x1b[32m+  JDBC_ENFORCE_SSL: \"true\"\x1b[0m\n"));
    // There is nothing to change.
    run(files.path(), &["check", "--fix"]);
    let diff = run(files.path(), &["check", "--diff"]);
    assert_eq!((diff.status.code(), text(&diff.stdout)), (Some(0), ""));
}

#[test]
fn a_secret_in_a_changed_line_is_masked_and_said_to_be() {
    let document = format!(
        "{{\"Name\": \"a\", \"ConnectionType\": \"JDBC\", \"ConnectionProperties\": {{\"PASSWORD\": \
         \"{CANARY}\", \"JDBC_ENFORCE_SSL\": true, \"JDBC_CONNECTION_URL\": \
         \"jdbc:mysql://h.example.org:1/x\"}}}}\n"
    );
    let files = folder(&[("a.json", document.as_bytes())]);
    let diff = run(files.path(), &["check", "--diff"]);
    let shown = text(&diff.stdout);
    assert!(
        shown.contains("\n+{") && shown.contains("\"*********\""),
        "{shown}"
    );
    assert!(!shown.contains(CANARY));
    assert!(text(&diff.stderr).contains("a.json: 1 hunk with a masked secret"));
    run(files.path(), &["check", "--fix"]);
    assert_eq!(
        read(&files, "a.json"),
        document.replace(": true", ": \"true\"")
    );
}
