//! Configurations as a user meets them: found, extended, overridden, refused.

mod program;

use std::fs;
use std::path::Path;

use gluelint::check;
use program::{fed, gluelint, run, stderr, stdout};
use tempfile::TempDir;

/// An error (`port-out-of-range`), a piece of advice (`tls-not-enforced`), and nothing else.
const DOCUMENT: &str = "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  HOST: db.example.org\n  \
                        PORT: \"80\"\n  JDBC_ENGINE: postgresql\n  SECRET_ID: orders/etl\n";

const NONE: [&str; 0] = [];

/// A new folder with these files. What lies above is not ours.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = program::folder(files);
    fs::create_dir(folder.path().join(".git")).unwrap();
    folder
}

/// `file: severity rule` for each finding.
fn found(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let output = gluelint(folder)
        .args(["check", "--format", "json"])
        .args(arguments)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    (report["findings"].as_array().unwrap().iter())
        .map(|it| {
            let [file, severity, rule] = ["file", "severity", "rule"].map(|key| text(&it[key]));
            format!("{file}: {severity} {rule}")
        })
        .collect()
}

#[test]
fn the_nearest_configuration_upward_holds_up_to_the_repository() {
    let folder = folder(&[
        ("gluelint.yaml", "rules: {port-out-of-range: warning}\n"),
        ("a.yaml", DOCUMENT),
        ("deep/er/b.yaml", DOCUMENT),
        ("own/.gluelint.yaml", "rules: {port-out-of-range: off}\n"),
        ("own/c.yaml", DOCUMENT),
        ("other/d.yaml", DOCUMENT),
    ]);
    fs::create_dir(folder.path().join("other/.git")).unwrap();
    assert_eq!(
        found(folder.path(), &[]),
        [
            "a.yaml: warning port-out-of-range",
            "deep/er/b.yaml: warning port-out-of-range",
            "other/d.yaml: error port-out-of-range",
        ]
    );
    // From below, and by a name that leads up, it is the same.
    let deep = folder.path().join("deep");
    assert_eq!(found(&deep, &[]), ["er/b.yaml: warning port-out-of-range"]);
    assert_eq!(
        found(&deep, &["../own/c.yaml", "../a.yaml"]),
        ["../a.yaml: warning port-out-of-range"]
    );
}

#[test]
fn one_configuration_for_all_or_none_at_all() {
    let folder = folder(&[
        ("gluelint.yaml", "rules: {port-out-of-range: off}\n"),
        ("ci/strict.yaml", "extends: more.yaml\nexclude: legacy/\n"),
        ("ci/more.yaml", "rules: {port-out-of-range: warning}\n"),
        ("a.yaml", DOCUMENT),
        ("legacy/b.yaml", DOCUMENT),
    ]);
    assert_eq!(found(folder.path(), &[]), NONE);
    assert_eq!(
        found(folder.path(), &["--config", "ci/strict.yaml"]),
        ["a.yaml: warning port-out-of-range"],
        "its patterns are relative to the current folder"
    );
    assert_eq!(
        found(folder.path(), &["--no-config"]),
        [
            "a.yaml: error port-out-of-range",
            "legacy/b.yaml: error port-out-of-range"
        ]
    );
    let output = run(folder.path(), &["check", "--config", "gone.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("gone.yaml"), "{}", stderr(&output));
}

#[test]
fn levels_decide_what_is_shown_and_what_fails() {
    let code = |rules: &str, more: &[&str]| {
        let folder = folder(&[("gluelint.yaml", rules), ("a.yaml", DOCUMENT)]);
        let arguments = [&["check"], more].concat();
        let code = run(folder.path(), &arguments).status.code();
        (code.unwrap(), found(folder.path(), more))
    };
    let port = |level: &str| format!("a.yaml: {level} port-out-of-range");
    let tls = |level: &str| format!("a.yaml: {level} tls-not-enforced");
    assert_eq!(
        code("rules: {port-out-of-range: warning}", &[]),
        (0, vec![port("warning")])
    );
    assert_eq!(code("rules: {port-out-of-range: info}", &[]), (0, vec![]));
    assert_eq!(
        code(
            "rules: {port-out-of-range: off}",
            &["--severity", "info", "--fail-on", "error"]
        )
        .0,
        0
    );
    assert_eq!(
        code(
            "rules: {port-out-of-range: off, tls-not-enforced: error}",
            &[]
        ),
        (1, vec![tls("error")]),
        "what was advice is judged, though advice is not asked for"
    );
    assert_eq!(code("fail-on: never", &[]), (0, vec![port("error")]));
    assert_eq!(
        code("fail-on: never", &["--fail-on", "error"]),
        (1, vec![port("error")])
    );
    assert_eq!(
        code("severity: error\nrules: {port-out-of-range: warning}", &[]),
        (0, vec![])
    );
    assert_eq!(
        code(
            "severity: error\nfail-on: warning\nrules: {port-out-of-range: warning}",
            &[]
        ),
        (1, vec![port("warning")]),
        "what fails is shown"
    );
}

#[test]
fn each_file_fails_by_its_own_configuration() {
    let folder = folder(&[
        ("lax/gluelint.yaml", "fail-on: never\n"),
        ("lax/a.yaml", DOCUMENT),
        ("b.yaml", DOCUMENT),
    ]);
    let code = |path: &str| run(folder.path(), &["check", path]).status.code().unwrap();
    assert_eq!((code("lax"), code("b.yaml"), code(".")), (0, 1, 1));
}

#[test]
fn what_is_excluded_is_left_out_of_folders_and_of_names_where_that_is_asked() {
    let folder = folder(&[
        ("gluelint.yaml", "exclude: [vendor/, \"*.gen.yaml\"]\n"),
        ("vendor/x/a.yaml", DOCUMENT),
        ("b.gen.yaml", DOCUMENT),
        ("c.yaml", DOCUMENT),
        ("list", "vendor/x/a.yaml\n"),
    ]);
    let port = |file: &str| format!("{file}: error port-out-of-range");
    assert_eq!(found(folder.path(), &[]), [port("c.yaml")]);
    let names = ["vendor/x/a.yaml", "b.gen.yaml", "c.yaml"];
    assert_eq!(found(folder.path(), &names).len(), 3);
    let forced = [&["--force-exclude"], &names[..]].concat();
    assert_eq!(found(folder.path(), &forced), [port("c.yaml")]);
    let listed = ["--files-from", "list", "--force-exclude"];
    assert_eq!(found(folder.path(), &listed), NONE);
    // A folder that is named is named, with all that is in it.
    assert_eq!(found(folder.path(), &["vendor"]), [port("vendor/x/a.yaml")]);
    assert_eq!(found(folder.path(), &["vendor", "--force-exclude"]), NONE);
    let inside = folder.path().join("vendor/x");
    assert_eq!(found(&inside, &[]), [port("a.yaml")]);
    assert_eq!(found(&inside, &[".."]), [port("../x/a.yaml")]);
    assert_eq!(found(&inside, &["..", "--force-exclude"]), NONE);
    assert_eq!(found(&inside, &["../.."]), [port("../../c.yaml")]);
}

#[test]
fn what_is_included_is_looked_at_and_nothing_else() {
    let folder = folder(&[
        ("gluelint.yaml", "include: [\"*.yaml.j2\", infra/]\n"),
        ("a.yaml", DOCUMENT),
        ("b.yaml.j2", DOCUMENT),
        ("infra/c.txt", DOCUMENT),
    ]);
    let port = |file: &str| format!("{file}: error port-out-of-range");
    assert_eq!(
        found(folder.path(), &[]),
        [port("b.yaml.j2"), port("infra/c.txt")]
    );
    assert_eq!(found(folder.path(), &["a.yaml"]), [port("a.yaml")]);
}

#[test]
fn what_an_editor_pipes_in_has_the_settings_of_its_name() {
    let folder = folder(&[
        (
            "gluelint.yaml",
            "exclude: vendor/\noverrides:\n- paths: legacy/\n  rules: {port-out-of-range: off}\n",
        ),
        ("sub/gluelint.yaml", "rules: {port-out-of-range: warning}\n"),
    ]);
    let said = |name: &str, more: &[&str]| {
        let arguments = [
            &[
                "check",
                "-",
                "--format",
                "concise",
                "--stdin-filename",
                name,
            ],
            more,
        ];
        let output = fed(folder.path(), &arguments.concat(), DOCUMENT.as_bytes());
        stdout(&output)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        said("a.yaml", &[]).contains("error"),
        "{}",
        said("a.yaml", &[])
    );
    assert!(said("sub/new/a.yaml", &[]).contains("warning"));
    assert!(!said("legacy/a.yaml", &[]).contains("port-out-of-range"));
    assert!(said("vendor/a.yaml", &[]).contains("port-out-of-range"));
    assert!(!said("vendor/a.yaml", &["--force-exclude"]).contains("port-out-of-range"));
    let nameless = fed(folder.path(), &["check", "-"], DOCUMENT.as_bytes());
    assert!(stdout(&nameless).contains("port-out-of-range"));
}

#[test]
fn a_form_may_go_with_a_path() {
    let document = DOCUMENT.replace("ConnectionType: JDBC\n", "");
    let folder = folder(&[
        ("a.yaml", "Kind: of\nPORT: \"80\"\n"),
        ("api/b.yaml", &document),
        (
            "gluelint.yaml",
            "overrides: [{paths: api/, form: cloudformation}]\n",
        ),
    ]);
    let found = found(folder.path(), &["api/b.yaml", "a.yaml"]);
    assert_eq!(found, ["api/b.yaml: warning no-connection-found"]);
}

#[test]
fn files_of_a_module_have_settings_of_their_own() {
    let resource = |name: &str, port: &str| {
        format!(
            "resource \"aws_glue_connection\" \"{name}\" {{\n  name = \"{name}\"\n  \
             connection_properties = {{\n    HOST        = \"db.example.org\"\n    PORT        = {port}\n    \
             JDBC_ENGINE = \"postgresql\"\n    SECRET_ID   = \"x/etl\"\n  }}\n}}\n"
        )
    };
    let folder = folder(&[
        ("a.tf", &resource("a", "\"80\"")),
        ("b.tf", &resource("b", "var.port")),
        ("c.tf", "variable \"port\" {\n  default = \"81\"\n}\n"),
        (
            "gluelint.yaml",
            "overrides:\n- {paths: a.tf, rules: {port-out-of-range: warning}}\n\
             - {paths: c.tf, rules: {port-out-of-range: off}}\n",
        ),
    ]);
    assert_eq!(
        found(folder.path(), &[]),
        [
            "a.tf: warning port-out-of-range",
            "b.tf: error port-out-of-range"
        ]
    );
}

#[test]
fn nothing_is_linted_with_half_a_configuration() {
    let folder = folder(&[
        ("gluelint.yaml", "severity: warn\n"),
        ("a.yaml", DOCUMENT),
        ("sub/gluelint.yaml", "rules:\n  tls-not-enforcd: off\n"),
        ("sub/b.yaml", DOCUMENT),
        ("good/gluelint.yaml", "severity: info\n"),
        ("good/c.yaml", DOCUMENT),
    ]);
    for threads in ["1", "4"] {
        let output = run(folder.path(), &["check", "--threads", threads]);
        assert_eq!(output.status.code(), Some(2));
        let text = stdout(&output);
        for part in [
            "invalid-configuration",
            "[gluelint.yaml:1:11]",
            "[sub/gluelint.yaml:2:3]",
            "Write `warning` if that is meant.",
            "Write `tls-not-enforced` if that is meant.",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
        assert!(
            !text.contains("a.yaml") && !text.contains("c.yaml"),
            "{text}"
        );
        assert!(
            stderr(&output).contains("nothing was checked"),
            "{}",
            stderr(&output)
        );
    }
    for format in ["concise", "json", "sarif"] {
        let output = run(folder.path(), &["check", "a.yaml", "--format", format]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            stdout(&output).contains("invalid-configuration"),
            "{format}"
        );
    }
    let output = run(folder.path(), &["check", "good"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    let arguments = ["check", "-", "--stdin-filename", "x.yaml"];
    let output = fed(folder.path(), &arguments, DOCUMENT.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    // What is extended is shown under its own name.
    fs::write(
        folder.path().join("good/gluelint.yaml"),
        "extends: ../sub/gluelint.yaml\n",
    )
    .unwrap();
    let output = run(folder.path(), &["check", "good"]);
    assert!(
        stdout(&output).contains("sub/gluelint.yaml:2:3"),
        "{}",
        stdout(&output)
    );
    // Without being used, it is a document with mistakes.
    let output = run(folder.path(), &["check", "--no-config", "gluelint.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains("gluelint.yaml:1:11"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn nothing_is_fixed_with_half_a_configuration() {
    let mendable = DOCUMENT.replace("\"80\"", "5432");
    let folder = folder(&[("gluelint.yaml", "severity: warn\n"), ("a.json", "{}")]);
    let path = folder.path().join("a.yaml");
    let document = format!("ConnectionInput:\n  {}", mendable.replace('\n', "\n  "));
    fs::write(&path, &document).unwrap();
    let fixed = run(
        folder.path(),
        &["check", "--no-config", "--diff", "--unsafe-fixes"],
    );
    assert!(
        stdout(&fixed).contains("+"),
        "there is something to fix: {}",
        stderr(&fixed)
    );
    for mode in ["--fix", "--diff"] {
        let output = run(folder.path(), &["check", mode, "--unsafe-fixes"]);
        assert_eq!(output.status.code(), Some(2), "{mode}");
        let said = stdout(&output) + &stderr(&output);
        assert!(said.contains("`warn` is not a severity"), "{mode}: {said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), document, "{mode}");
    }
    let arguments = ["check", "--fix", "-"];
    let output = fed(folder.path(), &arguments, document.as_bytes());
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), document));
}

#[test]
fn what_is_switched_off_is_not_fixed() {
    let document = DOCUMENT.replace("\"80\"", "5432");
    let folder = folder(&[("a.yaml", &document)]);
    let diff = |rules: &str| {
        fs::write(folder.path().join("gluelint.yaml"), rules).unwrap();
        stdout(&run(folder.path(), &["check", "--diff", "--unsafe-fixes"]))
    };
    let rule = found(folder.path(), &[])[0]
        .rsplit(' ')
        .next()
        .unwrap()
        .to_owned();
    assert!(diff("").contains("+  PORT"), "{rule}");
    assert_eq!(diff(&format!("rules: {{{rule}: off}}")), "");
}

#[test]
fn a_configuration_that_is_no_text_is_refused() {
    let folder = folder(&[("a.yaml", DOCUMENT)]);
    fs::write(folder.path().join("gluelint.yaml"), b"severity: \xFF\n").unwrap();
    let output = run(folder.path(), &["check", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("not UTF-8"), "{}", stdout(&output));
}

#[test]
fn a_good_configuration_is_silent_even_where_it_is_named() {
    let folder = folder(&[
        ("gluelint.yaml", "rules: {port-out-of-range: off}\n"),
        ("a.yaml", DOCUMENT),
    ]);
    let arguments = ["check", "--severity", "info", "gluelint.yaml"];
    assert!(!stdout(&run(folder.path(), &arguments)).contains("no-connection-found"));
    assert_eq!(found(folder.path(), &["."]), NONE);
}

// ---- the commands ----------------------------------------------------------------------------

const POLICY: &str = "\
policy:
  - name: acme/jdbc-without-secret
    message: JDBC connections log in with a secret
    types: [JDBC]
    require: [SECRET_ID]
    examples:
      good:
        - ConnectionType: JDBC
          ConnectionProperties:
            SECRET_ID: prod/x  # any will do
        - {ConnectionType: JDBC, ConnectionProperties: {SECRET_ID: prod/x}}
        - '{\"ConnectionType\": \"JDBC\", \"ConnectionProperties\": {\"SECRET_ID\": \"x\"}}'
      bad:
        - ConnectionType: JDBC
          ConnectionProperties: {USERNAME: etl}
        - |
          resource \"aws_glue_connection\" \"x\" {
            connection_properties = { USERNAME = \"etl\" }
          }
";

#[test]
fn every_setting_is_shown_with_its_origin() {
    let folder = folder(&[
        ("base.yaml", "fail-on: warning\nexclude: [vendor/]\n"),
        (
            "gluelint.yaml",
            &format!(
                "extends: base.yaml\n{POLICY}\nrules:\n  tls-not-enforced: off\noverrides:\n\
                 - paths: legacy/\n  rules: {{acme/jdbc-without-secret: info}}\n"
            ),
        ),
    ]);
    let show = |more: &[&str]| {
        let output = run(folder.path(), &[&["config", "show"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let lines = stdout(&output);
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.lines().map(words).collect::<Vec<String>>()
    };
    let shown = show(&["legacy/a.yaml", "--severity", "error"]);
    for line in [
        "severity = error command line",
        "fail-on = warning base.yaml:1",
        "form = (recognized) default",
        "exclude = vendor/ base.yaml:2",
        "types = (none) default",
        "rules.tls-not-enforced = off gluelint.yaml:23",
        "rules.acme/jdbc-without-secret = info gluelint.yaml:26",
    ] {
        assert!(shown.iter().any(|it| it == line), "{line}\n{shown:#?}");
    }
    // The levels that nobody has set are many.
    let own = check::rules().count() - 1;
    let rest = format!("rules.* = ({own} rules, as they come) default");
    assert!(shown.contains(&rest), "{shown:#?}");
    assert!(shown.len() < 20, "{shown:#?}");
    let all = show(&["--all"]);
    assert!(
        all.iter()
            .any(|it| it == "rules.port-out-of-range = error default")
    );
    assert_eq!(
        all.iter().filter(|it| it.starts_with("rules.")).count(),
        check::rules().count() + 1
    );
    let shown = show(&["vendor/a.yaml"]);
    assert!(
        shown
            .iter()
            .any(|it| it == "rules.acme/jdbc-without-secret = error gluelint.yaml:3")
    );
    assert!(
        shown.iter().any(|it| it == "vendor/a.yaml is excluded."),
        "{shown:#?}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&show(&["--format", "json"]).join("\n")).unwrap();
    assert_eq!(
        json["configurations"],
        serde_json::json!(["base.yaml", "gluelint.yaml"])
    );
    let fail_on = serde_json::json!({
        "name": "fail-on", "value": "warning", "from": "configuration", "file": "base.yaml", "line": 1,
    });
    assert!(
        json["settings"].as_array().unwrap().contains(&fail_on),
        "{json:#}"
    );
    assert!(json["settings"].as_array().unwrap().len() > check::rules().count());
    fs::write(folder.path().join("base.yaml"), "bogus: 1\n").unwrap();
    let output = run(folder.path(), &["config", "show"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stdout(&output).contains("[base.yaml:1:1]"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_policy_is_tried_on_its_examples() {
    let folder = folder(&[("gluelint.yaml", POLICY)]);
    let output = run(folder.path(), &["config", "test"]);
    assert_eq!(
        stdout(&output),
        "ok      acme/jdbc-without-secret (5 examples)\n1 policy tried on 5 examples, 0 failed\n"
    );
    assert_eq!(output.status.code(), Some(0));
    let swapped = POLICY
        .replace("good:", "evil:")
        .replace("bad:", "good:")
        .replace("evil:", "bad:");
    fs::write(
        folder.path().join("other.yaml"),
        format!("{swapped}        - nothing at all\n  - {{name: a/b, message: m, forbid: PORT}}\n"),
    )
    .unwrap();
    let output = run(folder.path(), &["config", "test", "--config", "other.yaml"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for line in [
        "FAILED  acme/jdbc-without-secret",
        "other.yaml:8: this bad example has no finding",
        "other.yaml:11: this bad example has no finding",
        "other.yaml:14: this good example has a finding, in line 2 of it",
        "other.yaml:17: this good example has a finding, in line 2 of it",
        "other.yaml:20: no connection is recognized in this example",
        "none    a/b",
        "2 policies tried on 6 examples, 6 failed",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    fs::remove_file(folder.path().join("gluelint.yaml")).unwrap();
    let output = run(folder.path(), &["config", "test"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there is no configuration here"));
}

#[test]
fn a_policy_is_explained_and_leads_to_no_page_of_ours() {
    let folder = folder(&[
        ("gluelint.yaml", POLICY),
        ("a.yaml", "ConnectionType: JDBC\nConnectionProperties: {}\n"),
    ]);
    let output = run(folder.path(), &["explain", "acme/jdbc-without-secret"]);
    let text = stdout(&output);
    assert!(
        text.starts_with("# JDBC connections log in with a secret\n"),
        "{text}"
    );
    assert!(
        text.contains("`acme/jdbc-without-secret` · error"),
        "{text}"
    );
    for line in [
        "A rule of the policy in gluelint.yaml:2.",
        "- Connection types: `JDBC`",
        "- Required: `SECRET_ID`",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let output = run(folder.path(), &["explain", "acme/jdbc-without-secre"]);
    assert!(
        stderr(&output).contains("did you mean acme/jdbc-without-secret?"),
        "{}",
        stderr(&output)
    );
    for format in ["full", "concise", "json", "sarif"] {
        let output = run(folder.path(), &["check", "--format", format]);
        let text = stdout(&output);
        assert!(
            text.contains("acme/jdbc-without-secret"),
            "{format}: {text}"
        );
        assert!(!text.contains("rules/acme"), "{format}: {text}");
    }
}

#[test]
fn the_rules_of_a_policy_are_listed_behind_ours() {
    let folder = folder(&[("gluelint.yaml", POLICY)]);
    let list = |format: &str| run(folder.path(), &["rules", "--format", format]);
    let text = stdout(&list("text"));
    assert_eq!(text.lines().count(), check::rules().count() + 1);
    let words: Vec<&str> = text.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "acme/jdbc-without-secret error JDBC connections log in with a secret"
    );
    let markdown = stdout(&list("markdown"));
    assert_eq!(
        markdown.lines().last(),
        Some("| `acme/jdbc-without-secret` | error | JDBC connections log in with a secret |")
    );
    let json: serde_json::Value = serde_json::from_str(&stdout(&list("json"))).unwrap();
    let rules = json.as_array().unwrap();
    assert_eq!(
        rules.last(),
        Some(&serde_json::json!({
            "name": "acme/jdbc-without-secret",
            "severity": "error",
            "since": null,
            "declared": "gluelint.yaml:2",
            "title": "JDBC connections log in with a secret",
            "summary": "A rule of the policy in gluelint.yaml:2.",
        }))
    );
    assert_eq!(rules[0]["declared"], serde_json::Value::Null);
    assert_eq!(rules[0]["since"], "0.1.0");
    // What cannot be used hides none of ours.
    fs::write(folder.path().join("gluelint.yaml"), "policy: 1\n").unwrap();
    let output = list("text");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output).lines().count(), check::rules().count());
    assert!(stderr(&output).starts_with("note: rules of a policy are not listed"));
    let output = run(folder.path(), &["explain", "acme/x"]);
    assert!(
        stderr(&output).contains("cannot be used"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_starter_can_be_used_and_replaces_nothing_unasked() {
    let folder = folder(&[("a.yaml", DOCUMENT), ("sub/b.yaml", DOCUMENT)]);
    let output = run(folder.path(), &["init"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = stdout(&output);
    assert!(
        said.contains("Wrote gluelint.yaml.\n2 connections found in 2 files:\n  api  2 files\n"),
        "{said}"
    );
    let text = fs::read_to_string(folder.path().join("gluelint.yaml")).unwrap();
    assert!(text.contains("#  port-out-of-range: error "), "{text}");
    assert_eq!(found(folder.path(), &[]).len(), 2, "it changes nothing");
    let live = text
        .replace("\n#rules:", "\nrules:")
        .replace("\n#  ", "\n  ");
    let rules = live
        .split("\nrules:")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    fs::write(
        folder.path().join("gluelint.yaml"),
        format!("rules:{rules}\n"),
    )
    .unwrap();
    assert_eq!(found(folder.path(), &[]).len(), 2, "{rules}");
    let output = run(folder.path(), &["init"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("gluelint.yaml already"),
        "{}",
        stderr(&output)
    );
    assert_eq!(
        run(folder.path(), &["init", "--force"]).status.code(),
        Some(0)
    );
    fs::remove_file(folder.path().join("gluelint.yaml")).unwrap();
    fs::write(folder.path().join(".gluelint.yaml"), "severity: info\n").unwrap();
    assert_eq!(run(folder.path(), &["init"]).status.code(), Some(2));
    assert_eq!(
        run(folder.path(), &["init", "--force"]).status.code(),
        Some(0)
    );
    assert!(!folder.path().join("gluelint.yaml").exists());
}

#[test]
fn the_other_ending_is_read_too() {
    let folder = folder(&[
        ("gluelint.yml", "severity: nothing\n"),
        ("a.yaml", "Name: a\nConnectionType: NETWORK\n"),
    ]);
    let output = run(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("gluelint.yml:1:11"));
}

#[test]
fn the_example_of_the_readme_does_what_it_says() {
    let readme = include_str!("../README.md");
    let (_, behind) = readme.split_once("## Configure").unwrap();
    let (_, example) = behind.split_once("```yaml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let folder = folder(&[
        ("gluelint.yaml", example),
        ("a.yaml", DOCUMENT),
        ("vendor/b.yaml", DOCUMENT),
    ]);
    assert_eq!(
        found(folder.path(), &[]),
        [
            "a.yaml: error tls-not-enforced",
            "a.yaml: error port-out-of-range",
            "a.yaml: error acme/jdbc-without-secret",
        ]
    );
}

#[test]
fn the_schema_and_the_reader_agree() {
    let output = run(Path::new("/"), &["schema", "config"]);
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (text, is_good) in [
        ("", true),
        (POLICY, true),
        ("rules:\nexclude: ~\n", true),
        ("extends: a.yaml\n", true),
        ("severity: info\nfail-on: never\nform: api\n", true),
        (
            "include: [a, b]\nexclude: c\ntypes: A\nproperties: [B]\n",
            true,
        ),
        (
            "rules: {port-out-of-range: 'off', acme/x: info}\nextends: x\n",
            true,
        ),
        (
            "overrides: [{paths: a, form: api, rules: {tls-not-enforced: error}}]\n",
            true,
        ),
        (
            "policy: [{name: a/b, level: info, message: m, help: h, types: JDBC, forbid: [PORT], \
             property: PORT, values: [1], pattern: a, hosts: b, ports: [1, 2-3], subnets: s, \
             secret-prefixes: p, examples: {good: {}, bad: [a]}}]",
            true,
        ),
        ("bogus: 1\n", false),
        ("[]\n", false),
        ("a\n", false),
        ("severity: never\n", false),
        ("fail-on: off\n", false),
        ("form: xml\n", false),
        ("rules: []\n", false),
        ("rules: {bogus: info}\n", false),
        ("rules: {invalid-syntax: info}\n", false),
        ("rules: {port-out-of-range: warn}\n", false),
        ("rules: {port-out-of-range: }\n", false),
        ("exclude: {a: b}\n", false),
        ("exclude: ''\n", false),
        ("overrides: {paths: a}\n", false),
        ("overrides: [{rules: {}}]\n", false),
        ("overrides: [{paths: a, severity: info}]\n", false),
        ("policy: [{name: Acme, message: m, require: PORT}]\n", false),
        ("policy: [{name: a/b, require: PORT}]\n", false),
        (
            "policy: [{name: a/b, message: m, require: PORT, ports: x}]\n",
            false,
        ),
        (
            "policy: [{name: a/b, message: m, require: PORT, examples: [a]}]\n",
            false,
        ),
        (
            "policy: [{name: a/b, message: m, require: PORT, examples: {ugly: a}}]\n",
            false,
        ),
        (
            "policy: [{name: a/b, message: m, require: PORT, bogus: 1}]\n",
            false,
        ),
    ] {
        let value: serde_json::Value = serde_yaml::from_str(text).unwrap();
        let says: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(says.is_empty(), is_good, "the schema on {text}: {says:?}");
        let source = gluelint::text::Source::new("gluelint.yaml", text);
        let findings = gluelint::config::Alone::read(&source).findings;
        assert_eq!(
            findings.is_empty(),
            is_good,
            "the reader on {text}: {findings:#?}"
        );
    }
}

#[test]
fn what_was_allowed_until_a_day_that_is_over_is_reported() {
    let allow = |until: &str| {
        let allow = format!("allow: [{{rule: [tls-not-enforced], until: {until}}}]\n");
        let folder = folder(&[("gluelint.yaml", allow.as_str())]);
        stdout(&run(folder.path(), &["check", "--format", "concise"]))
    };
    let shown = allow("2025-12-31");
    assert!(
        shown.starts_with("gluelint.yaml:1:17: warning expired-suppression: "),
        "{shown}"
    );
    assert!(!allow("9999-12-31").contains("expired-suppression"));
}

#[test]
fn what_is_allowed_is_shown_with_where_it_is_said() {
    let folder = folder(&[(
        "gluelint.yaml",
        "reasons: required\nallow:\n  - rule: tls-not-enforced\n    connection: orders\n    until: \
         2027-01-31\n    reason: never leaves the subnet\n",
    )]);
    let shown = stdout(&run(folder.path(), &["config", "show"]));
    let row = |name: &str| {
        let line = shown.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("reasons"), "reasons = required gluelint.yaml:1");
    assert_eq!(
        row("allow"),
        "allow = tls-not-enforced orders until 2027-01-31 gluelint.yaml:3"
    );
}
