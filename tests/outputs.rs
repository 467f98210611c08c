//! Where reports go: standard output, files, and what stands beside them.

mod program;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use gluelint::report::RENDERERS;
use program::{folder, gluelint, read, text, unread};

const GOOD: &str = "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  JDBC_CONNECTION_URL: \
                    jdbc:postgresql://db.example.org:5432/orders\n  JDBC_ENFORCE_SSL: \"true\"\n  \
                    SECRET_ID: orders/etl\n";

/// One error and nothing else.
fn bad() -> String {
    GOOD.replace("Name: orders\n", "Name: orders\nBogus: 1\n")
}

fn check(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = gluelint(folder);
    command.arg("check").args(arguments);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    check(folder, arguments).output().unwrap()
}

/// Whether a report is a whole document of its format.
fn parses(format: &str, report: &str) -> bool {
    let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    match format {
        "json" | "sarif" | "gitlab" | "rdjson" => is_json(report),
        "jsonl" => report.lines().all(is_json),
        "checkstyle" | "junit" => roxmltree::Document::parse(report).is_ok(),
        "html" => report.starts_with("<!DOCTYPE html>\n") && report.ends_with("</html>\n"),
        "markdown" => report.starts_with("### gluelint: "),
        "github" => report.lines().count() > 0,
        "full" | "concise" => true,
        other => panic!("{other} is not tested"),
    }
}

#[test]
fn nothing_but_the_report_is_on_standard_output() {
    let folder = folder(&[
        ("bad.yaml", &bad()),
        ("good/good.yaml", GOOD),
        ("broken.yaml", "ConnectionProperties: [\n"),
    ]);
    for renderer in RENDERERS {
        for paths in [&["."][..], &["good"], &["bad.yaml", "gone.yaml"]] {
            let plain = [paths, &["--format", renderer.name]].concat();
            let output = run(folder.path(), &plain);
            let report = text(&output.stdout);
            assert!(parses(renderer.name, report), "{}: {report}", renderer.name);
            assert!(output.stderr.is_empty());
            // The other spelling of the same.
            let other = [paths, &["--output", renderer.name]].concat();
            assert_eq!(run(folder.path(), &other).stdout, output.stdout);
            // Remarks go where they are in nobody's way.
            let more = [&plain[..], &["--statistics", "--output", "json=out.json"]].concat();
            let more = run(folder.path(), &more);
            assert_eq!(more.status.code(), output.status.code());
            if renderer.is_text {
                assert!(more.stderr.is_empty());
            } else {
                assert_eq!(more.stdout, output.stdout);
            }
            assert!(parses("json", &read(&folder, "out.json")));
            fs::remove_file(folder.path().join("out.json")).unwrap();
        }
    }
}

#[test]
fn several_reports_are_written_in_one_run() {
    let folder = folder(&[("bad.yaml", &bad()), ("reports/old.sarif", "old")]);
    let arguments = [
        "bad.yaml",
        "--output",
        "sarif=reports/old.sarif",
        "--output",
        "junit=junit.xml",
        "-o",
        "full=full.txt",
        "--format",
        "concise",
        "--color",
        "always",
    ];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("unknown-member"));
    assert!(parses("sarif", &read(&folder, "reports/old.sarif")));
    assert!(parses("junit", &read(&folder, "junit.xml")));
    let full = read(&folder, "full.txt");
    assert!(!full.contains('\x1b') && full.ends_with("\n1 error in 1 file (1 connection)\n"));
    // No temporary file is left.
    let mut names: Vec<_> = (fs::read_dir(folder.path()).unwrap())
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["bad.yaml", "full.txt", "junit.xml", "reports"]);
    // The reports of the last run are no documents of the next.
    let again = run(folder.path(), &["--format", "json"]);
    let again: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again["summary"]["files_with_findings"], 1);
}

#[test]
fn where_all_goes_to_files_the_summary_is_on_standard_error() {
    let folder = folder(&[("bad.yaml", &bad())]);
    let output = run(folder.path(), &["bad.yaml", "-o", "json=out.json"]);
    assert!(output.stdout.is_empty());
    assert_eq!(text(&output.stderr), "1 error in 1 file (1 connection)\n");
    let output = run(
        folder.path(),
        &["bad.yaml", "-o", "json=out.json", "--quiet"],
    );
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    let output = run(folder.path(), &["bad.yaml", "-o", "json=-"]);
    assert!(parses("json", text(&output.stdout)));
}

#[test]
fn what_cannot_be_written_is_said_before_the_work() {
    let folder = folder(&[("bad.yaml", &bad()), ("taken/x", "")]);
    for (arguments, reason) in [
        (
            &["-o", "json", "-o", "github"][..],
            "the reports json and github cannot both be written to standard output; write one to a file: \
             --output github=FILE",
        ),
        (
            &["-f", "json", "-o", "sarif"],
            "cannot both be written to standard output",
        ),
        (
            &["-o", "json=a", "-o", "sarif=a"],
            "two reports cannot both be written to a",
        ),
        (
            &["-o", "json=gone/a.json"],
            "the report json cannot be written: there is no folder gone",
        ),
        (
            &["-o", "json=taken"],
            "the report json cannot be written: taken is a folder",
        ),
        (
            &["-o", "sarfi=a"],
            "no output format is called \"sarfi\"; did you mean sarif?",
        ),
        (
            &["-o", "xml"],
            "no output format is called \"xml\"; there are full, concise, json, ",
        ),
        (&["-o", "json="], "there is no file behind the equals sign"),
        (&["-f", "sarfi"], "'sarif'"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        let said = text(&output.stderr);
        assert!(said.contains(reason), "{arguments:?}: {said}");
    }
    assert!(!folder.path().join("a").exists());
}

#[test]
fn quiet_leaves_the_findings() {
    let folder = folder(&[("bad.yaml", &bad()), ("good.yaml", GOOD)]);
    for format in ["full", "concise"] {
        let loud = run(folder.path(), &["bad.yaml", "-f", format]);
        let quiet = run(folder.path(), &["bad.yaml", "-f", format, "-q"]);
        assert_eq!(quiet.status.code(), Some(1));
        let summary = "1 error in 1 file (1 connection)\n";
        assert_eq!(
            text(&loud.stdout).strip_suffix(summary),
            Some(text(&quiet.stdout))
        );
        let good = run(folder.path(), &["good.yaml", "-f", format, "-q"]);
        assert!(good.stdout.is_empty() && good.stderr.is_empty());
    }
}

#[test]
fn whoever_wonders_why_nothing_was_found_is_told() {
    let folder = folder(&[("other.yaml", "a: 1\n"), ("notes/a.txt", "")]);
    let said = |arguments: &[&str]| text(&run(folder.path(), arguments).stdout).to_owned();
    assert_eq!(
        said(&[]),
        "No connections found in 1 file\nLooked for AWS::Glue::Connection, aws_glue_connection, \
         ConnectionInput and the like; `gluelint forms` lists all\n"
    );
    let none = said(&["notes", "-f", "concise"]);
    assert!(none.starts_with(
        "No connections found in 0 files\nFolders are searched for files ending in json, "
    ));
    let forced = said(&["--form", "api"]);
    assert!(
        forced.contains("Every document was taken for the form api;"),
        "{forced}"
    );
    assert_eq!(said(&["--quiet"]), "");
    assert_eq!(said(&["-f", "jsonl"]), "");
}

#[test]
fn statistics_stand_behind_text_and_beside_the_rest() {
    let folder = folder(&[("a.yaml", &bad()), ("b.yaml", &bad()), ("good.yaml", GOOD)]);
    let counted = "2  error    unknown-member  in 2 files\n";
    let concise = run(folder.path(), &["-f", "concise", "--statistics"]);
    let end = format!("{counted}\n2 errors in 2 of 3 files (3 connections)\n");
    assert!(
        text(&concise.stdout).ends_with(&end),
        "{}",
        text(&concise.stdout)
    );
    let json = run(folder.path(), &["-f", "json", "--statistics"]);
    assert!(parses("json", text(&json.stdout)));
    assert_eq!(text(&json.stderr), counted);
    let good = run(folder.path(), &["good.yaml", "--statistics"]);
    assert_eq!(text(&good.stdout), "No problems in 1 file (1 connection)\n");
}

#[test]
fn a_job_of_github_gets_a_table_and_names_of_the_repository() {
    let folder = folder(&[("infra/glue/bad.yaml", &bad()), ("summary.md", "before\n")]);
    let here = folder.path().join("infra");
    let summary = folder.path().join("summary.md");
    let job = |arguments: &[&str]| {
        let mut command = check(&here, arguments);
        command.env("GITHUB_WORKSPACE", folder.path());
        command.env("GITHUB_STEP_SUMMARY", &summary);
        command.output().unwrap()
    };
    let output = job(&[
        "glue",
        "-o",
        "github",
        "-o",
        "sarif=out.sarif",
        "-o",
        "json=out.json",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(
        said.starts_with("::error file=infra/glue/bad.yaml,line=2,"),
        "{said}"
    );
    assert!(read(&folder, "infra/out.sarif").contains("\"uri\": \"infra/glue/bad.yaml\""));
    assert!(read(&folder, "infra/out.json").contains("\"file\": \"glue/bad.yaml\""));
    let first = read(&folder, "summary.md");
    assert!(
        first.starts_with("before\n### gluelint: 1 error in 1 file (1 connection)\n"),
        "{first}"
    );
    // A second run of the same step adds to it; one with another output does not.
    job(&["glue", "-f", "github"]);
    let second = read(&folder, "summary.md");
    assert_eq!(second.matches("### gluelint").count(), 2);
    job(&["glue", "-f", "json"]);
    assert_eq!(read(&folder, "summary.md"), second);
    // A name that leads there by another way is the same.
    let absolute = here.join("glue/../glue/bad.yaml");
    let output = job(&[absolute.to_str().unwrap(), "-f", "github"]);
    assert!(text(&output.stdout).starts_with("::error file=infra/glue/bad.yaml,"));
    // What does not lie in the repository, and standard input, keep their names.
    let outside = self::folder(&[("bad.yaml", &bad())]);
    let outside = outside.path().join("bad.yaml");
    let output = job(&[outside.to_str().unwrap(), "-f", "github"]);
    assert!(text(&output.stdout).contains(&format!("file={},", outside.display())));
}

#[test]
fn a_job_of_gitlab_gets_names_of_the_repository() {
    let folder = folder(&[("infra/bad.yaml", &bad())]);
    let mut command = check(&folder.path().join("infra"), &["-f", "gitlab"]);
    let output = command
        .env("CI_PROJECT_DIR", folder.path())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report[0]["location"]["path"], "infra/bad.yaml");
}

#[test]
fn the_schema_of_the_report_is_printed() {
    let folder = folder(&[("bad.yaml", &bad())]);
    let schema = program::run(folder.path(), &["schema", "report"]);
    assert!(schema.status.success());
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let output = run(folder.path(), &["--format", "json"]);
    assert!(validator.is_valid(&serde_json::from_slice(&output.stdout).unwrap()));
    assert!(!validator.is_valid(&serde_json::json!({})));
}

#[test]
fn nothing_is_written_over_what_is_checked_or_twice_to_one_place() {
    let folder = folder(&[("bad.yaml", &bad())]);
    let refused = |arguments: &[&str], why: &str| {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(why), "{said}");
        assert_eq!(read(&folder, "bad.yaml"), bad());
    };
    let why = "written over ./bad.yaml, which is to be checked";
    refused(&["bad.yaml", "--output", "sarif=./bad.yaml"], why);
    refused(&["bad.yaml", "--write-baseline", "./bad.yaml"], why);
    refused(
        &["bad.yaml", "-o", "sarif=new", "-o", "json=./new"],
        "two reports cannot both be written to ./new",
    );
    refused(
        &["bad.yaml", "-o", "sarif=new", "--write-baseline", "./new"],
        "the report sarif and the baseline cannot both be written to new",
    );
    // What another run left in the folder is none of it.
    for _ in 0..2 {
        let output = run(folder.path(), &[".", "--output", "json=report.json"]);
        assert_eq!(output.status.code(), Some(1));
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("bad.yaml", folder.path().join("link")).unwrap();
        refused(
            &["bad.yaml", "--output", "json=link"],
            "written over link, which is to be checked",
        );
    }
}

#[cfg(unix)]
#[test]
fn who_stops_reading_changes_nothing_about_what_was_found() {
    let folder = folder(&[("bad.yaml", &bad()), ("good.yaml", GOOD)]);
    for (file, code) in [("bad.yaml", 1), ("good.yaml", 0)] {
        // More than a pipe holds is on its way.
        let output = unread(&mut check(folder.path(), &[file, "--format", "sarif"]));
        assert_eq!(output.status.code(), Some(code), "{file}");
        assert_eq!(text(&output.stderr), "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_of_where_it_can_be() {
    let folder = folder(&[("bad.yaml", &bad())]);
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let output = check(folder.path(), &["bad.yaml"])
        .stdout(full())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        text(&output.stderr),
        "error: the report could not be written: no space left on device\n"
    );
    // Where nobody can be told, the report is written all the same.
    let output = check(folder.path(), &["bad.yaml", "--output", "json=out.json"])
        .stderr(full())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(parses("json", &read(&folder, "out.json")));
    let output = check(folder.path(), &["bad.yaml", "--bogus"])
        .stderr(full())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
