//! Every renderer over one mixed report, and what must hold for any report.
//!
//! `UPDATE=1 cargo test --test report` rewrites the golden files in `testdata/report`.

mod consumers;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use gluelint::check;
use gluelint::diag::Finding;
use gluelint::lint::{Document, FileReport, Options, Report, lint_bytes};
use gluelint::report::{self, RENDERERS, Style};
use gluelint::spec::{self, Severity};
use gluelint::text::{FileId, Lines, Place, Source, Span};
use proptest::prelude::*;
use serde_json::Value;

/// The rules whose findings the golden files show. Others may find more in the same documents.
const SHOWN: &[&str] = &[
    "boolean-not-lowercase",
    "comment-in-json",
    "invalid-syntax",
    "reserved-property",
    "trailing-comma-in-json",
    "unfilled-skeleton",
    "unreadable-file",
];

fn linted(name: &str, text: impl Into<Vec<u8>>) -> FileReport {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let mut file = lint_bytes(name, text.into(), &options);
    file.findings.retain(|f| SHOWN.contains(&f.rule.name));
    file
}

/// A document with findings made by hand.
fn made(name: &str, text: &str, findings: Vec<Finding>) -> FileReport {
    FileReport {
        document: document(name, text),
        connections: 1,
        findings,
        ..FileReport::silent(name)
    }
}

fn document(name: &str, text: &str) -> Arc<Document> {
    Arc::new(Document {
        name: name.to_owned(),
        text: text.to_owned(),
        masked: Vec::new(),
        lines: Lines::new(text),
        offset: 0,
    })
}

/// The place of the `nth` occurrence of `part`.
fn place(text: &str, part: &str, nth: usize) -> Place {
    let (start, _) = text.match_indices(part).nth(nth).expect(part);
    Place {
        file: FileId::default(),
        span: Span::of(start..start + part.len()),
    }
}

fn finding(rule: &str, place: Place, message: &str) -> Finding {
    let rule = check::rule(rule).expect(rule);
    let mut finding = Finding::new(rule, place, message);
    finding.path = "ConnectionInput.ConnectionProperties".to_owned();
    finding.connection = "orders".to_owned();
    finding
}

const YAML: &str = "\
ConnectionInput:
  Name: Größe \u{1F600} 漢字 # \u{202E}hidden\u{1B}[31m
  ConnectionType: JDBC
  ConnectionProperties:
    HOST: db.example.org
    PORT: \"80\"
    JDBC_ENGINE: mysql
    SECRET_ID: orders/etl
    USERNAME: etl
    CUSTOM_JDBC_CERT_STRING: |
      OU=example
      C=DE
  Descripton: \tlast\t# é
  PhysicalConnectionRequirements:
    SubnetId: subnet-0a1b2c3d4e5f60718
";

fn by_hand() -> FileReport {
    let text = YAML;
    let mut findings = vec![
        finding(
            "unknown-member",
            place(text, "漢字", 0),
            "a message about `漢字`, which takes two columns each, and which goes on for so long \
             that no terminal of eighty columns can show it on a single line",
        )
        .severity(Severity::Info)
        .note("wide"),
        finding(
            "unknown-member",
            place(text, "\"80\"", 0),
            "`80` lies outside 1024–65535, the documented range of PORT",
        )
        .severity(Severity::Error)
        .note("the documented range is 1024–65535, which is narrower than that of TCP itself")
        .label(place(text, "mysql", 0), "whose own port is 3306")
        .label(
            place(text, "subnet-0a1b2c3d4e5f60718", 0),
            "far away, in a frame of its own",
        )
        .help("Write the port on which the database listens, such as \"3306\"."),
        finding(
            "unknown-member",
            place(text, "|\n      OU=example\n      C=DE\n", 0),
            "a span over several lines is underlined on its first",
        ),
        finding(
            "unknown-member",
            place(text, "Descripton", 0),
            "`Descripton` is no member of a connection; did you mean `Description`?",
        )
        .label(place(text, "last", 0), "behind a tab"),
    ];
    findings.sort();
    made("Größe/a b#1.yaml", text, findings)
}

/// One line of minified JSON, 5,000 characters long.
fn minified() -> FileReport {
    let filler = |from: usize| -> String {
        (from..from + 100)
            .map(|i| format!("\"key{i:04}\":\"välue\","))
            .collect()
    };
    let text = format!(
        "{{{}\"PORT\":\"80\",{}\"SECRET_ID\":\"{}\"}}",
        filler(0),
        filler(100),
        "x".repeat(1000)
    );
    let findings = vec![
        finding("unknown-member", place(&text, "\"80\"", 0), "in the middle").note("here"),
        finding(
            "unknown-member",
            place(&text, "key0199", 0),
            "two marks on one long line",
        )
        .label(place(&text, "\"80\"", 0), "the other"),
        finding(
            "unknown-member",
            place(&text, &"x".repeat(1000), 0),
            "wider than the terminal",
        ),
    ];
    made("minified.json", &text, findings)
}

const MAIN: &str = "\
resource \"aws_glue_connection\" \"orders\" {
  connection_properties = {
    HOST = local.host
    PORT = var.port
  }
}
";

const VARIABLES: &str = "\
# \u{1F600} a byte order mark stands before this
variable \"port\" {
  type    = string
  default = \"80\"
}
";

/// A finding about what other files of the unit say.
fn across_files() -> FileReport {
    let (variables, values) = (FileId(2), FileId(1));
    let at = |file, text, part| Place {
        file,
        ..place(text, part, 0)
    };
    let text = "# the only line\nport = 80";
    let found = finding(
        "unknown-member",
        place(MAIN, "var.port", 0),
        "`80` lies outside 1024–65535, the documented range of PORT",
    )
    .severity(Severity::Error)
    .note("comes from elsewhere")
    .label(
        at(variables, VARIABLES, "\"80\""),
        "the default of variable `port`",
    )
    .label(
        at(values, text, "80"),
        "the value of variable `port`, which is the one that Terraform takes",
    )
    .label(place(MAIN, "local.host", 0), "in the same file")
    .help("Write the port on which the database listens.");
    let mut file = made("infra/main.tf", MAIN, vec![found]);
    let mut other = document("infra/variables.tf", VARIABLES);
    Arc::make_mut(&mut other).offset = 3;
    file.others.insert(variables, other);
    let other = document("infra/a b.auto.tfvars", text);
    file.others.insert(values, other);
    file
}

fn mixed() -> Report {
    let mut report = Report::default();
    for file in [
        linted(
            "connections/orders.json",
            "{\n  // the warehouse\n  \"ConnectionInput\": {\n    \"Name\": \"orders\",\n    \
             \"ConnectionType\": \"JDBC\",\n    \"ConnectionProperties\": {},\n  }\n}\n",
        ),
        linted(
            "connections/broken.json",
            "{\n  \"ConnectionInput\": {\n    \"Name\": \"orders\"\n    \"ConnectionType\": \"JDBC\"\n  }\n}",
        ),
        linted(
            "connections/skeleton.json",
            "{\n  \"ConnectionInput\": {\n    \"Name\": \"\",\n    \"Description\": \"\",\n    \
             \"ConnectionType\": \"JDBC\",\n    \"ConnectionProperties\": {\n      \"KeyName\": \"\"\n    }\n  }\n}\n",
        ),
        linted(
            "connections/latin1.yaml",
            b"ConnectionInput:\n  Name: gr\xF6\xDFe\n".as_slice(),
        ),
        linted(
            "connections/good.yaml",
            "ConnectionInput:\n  Name: orders\n  ConnectionType: NETWORK\n  ConnectionProperties: {}\n",
        ),
        linted(
            "connections/mended.yaml",
            "\u{FEFF}ConnectionInput:\r\n  Name: é\r\n  ConnectionType: JDBC\r\n  ConnectionProperties:\r\n    \
             # kept\r\n    JDBC_ENFORCE_SSL: 'True' # kept\r\n    CONFIG_FILES: s3://orders/etl.conf\r\n",
        ),
        by_hand(),
        minified(),
        across_files(),
    ] {
        report.add(file);
    }
    report.sort();
    report
}

fn render(name: &str, report: &Report, style: &Style) -> String {
    let mut bytes = Vec::new();
    let renderer = report::renderer(name).expect(name);
    (renderer.render)(report, style, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn rendered(name: &str, report: &Report) -> String {
    render(name, report, &Style::default())
}

fn json(name: &str, report: &Report) -> Value {
    serde_json::from_str(&rendered(name, report)).unwrap()
}

/// Compares with a golden file, or rewrites it.
fn golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/report")
        .join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{} differs; `UPDATE=1 cargo test --test report` rewrites it. Now it is:\n{actual}",
        path.display()
    );
}

#[test]
fn full() {
    golden("full.txt", &rendered("full", &mixed()));
}

#[test]
fn full_in_a_narrow_terminal_without_unicode() {
    let style = Style {
        width: 50,
        unicode: false,
        ..Style::default()
    };
    golden("full-narrow.txt", &render("full", &mixed(), &style));
}

#[test]
fn full_in_a_wide_terminal_with_colour_and_links() {
    let style = Style {
        color: true,
        links: true,
        width: 120,
        unicode: true,
    };
    golden("full-color.txt", &render("full", &mixed(), &style));
}

#[test]
fn concise() {
    golden("concise.txt", &rendered("concise", &mixed()));
}

/// Replaces what every release changes.
fn timeless(text: &str) -> String {
    let version = format!("ersion\": \"{}\",\n", env!("CARGO_PKG_VERSION"));
    let footer = format!("gluelint {} ·", env!("CARGO_PKG_VERSION"));
    text.replace(&version, "ersion\": \"VERSION\",\n")
        .replace(&footer, "gluelint VERSION ·")
        .replace(spec::DATE, "DATE")
}

#[test]
fn json_document() {
    golden("report.json", &timeless(&rendered("json", &mixed())));
}

#[test]
fn formats_for_programs() {
    for (name, file) in [
        ("jsonl", "report.jsonl"),
        ("github", "github.txt"),
        ("gitlab", "gitlab.json"),
        ("rdjson", "rdjson.json"),
        ("checkstyle", "checkstyle.xml"),
        ("junit", "junit.xml"),
    ] {
        golden(file, &rendered(name, &mixed()));
    }
}

#[test]
fn markdown() {
    golden("report.md", &rendered("markdown", &mixed()));
}

/// The golden file leaves out the styles and the script.
#[test]
fn html_page() {
    let page = rendered("html", &mixed());
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, _) = rest.split_once("<script>").unwrap();
    golden("report.html", &timeless(&format!("{head}{body}")));
}

/// The golden file leaves out the rules, and so has no indices into them.
#[test]
fn sarif_log() {
    let log = rendered("sarif", &mixed());
    let (head, rest) = log.split_once("\"rules\": [").unwrap();
    let (_, tail) = rest.split_once("\n          ]").unwrap();
    let lines = format!("{head}\"rules\": []{tail}");
    let lines = lines.lines().filter(|line| !line.contains("\"ruleIndex\""));
    let log: String = lines.flat_map(|line| [line, "\n"]).collect();
    golden("report.sarif", &timeless(&log));
}

#[test]
fn every_renderer_gives_the_same_bytes_twice() {
    for renderer in RENDERERS {
        assert_eq!(
            rendered(renderer.name, &mixed()),
            rendered(renderer.name, &mixed())
        );
    }
}

#[test]
fn what_is_written_ends_with_one_line_feed() {
    for renderer in RENDERERS {
        for report in [mixed(), Report::default()] {
            let text = rendered(renderer.name, &report);
            // Findings in full have a blank line behind each.
            let end = if renderer.name == "full" {
                "\n\n"
            } else {
                "\n"
            };
            let is_alone = text
                .strip_suffix(end)
                .is_some_and(|text| !text.ends_with('\n'));
            // A list of lines may have none.
            let may_be_empty = renderer.is_text || renderer.name == "jsonl";
            assert!(is_alone || (may_be_empty && text.is_empty()), "{text}");
        }
    }
}

#[test]
fn no_document_can_move_the_cursor() {
    for name in ["full", "concise"] {
        let text = rendered(name, &mixed());
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
        assert!(!text.contains('\u{202E}'));
    }
    let mut file = by_hand();
    file.document = document("a\x1b]0;title\x07\nb.yaml", YAML);
    let mut report = Report::default();
    report.add(file);
    for name in ["full", "concise"] {
        let text = rendered(name, &report);
        assert!(
            text.contains("a\\u{1b}]0;title\\u{7}\\nb.yaml:2:"),
            "{text}"
        );
    }
}

#[test]
fn full_keeps_to_the_width() {
    for width in [50, 80, 120] {
        let style = Style {
            width,
            ..Style::default()
        };
        let text = render("full", &mixed(), &style);
        for line in text.lines() {
            // Names of files are never broken.
            if !line.contains("─[") {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                assert!(columns <= width, "{columns} > {width}: {line}");
            }
        }
    }
}

#[test]
fn an_unreadable_file_is_named_without_a_snippet() {
    let mut report = Report::default();
    report.add(FileReport::unreadable("gone.yaml", "permission denied"));
    let text = rendered("full", &report);
    assert!(text.contains("gone.yaml: the file could not be read: permission denied"));
    assert!(!text.contains('╭'));
    assert_eq!(
        report::summary(&report),
        "1 error in 1 file (0 connections); 1 file could not be read in full"
    );
    let log = json("sarif", &report);
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notes[0]["level"], "error");
}

fn validator() -> jsonschema::Validator {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/sarif-schema-2.1.0.json"
    );
    let schema = fs::read_to_string(path).unwrap();
    // Two patterns of the official schema have a bracket too many to be regular expressions.
    assert_eq!(schema.matches("{2}]?$").count(), 2);
    let schema: Value = serde_json::from_str(&schema.replace("{2}]?$", "{2}$")).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

#[test]
fn sarif_is_valid_also_when_empty() {
    let validator = validator();
    for report in [mixed(), Report::default()] {
        let log = json("sarif", &report);
        let errors: Vec<String> = (validator.iter_errors(&log))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        assert_eq!(log["runs"].as_array().unwrap().len(), 1);
        assert!(log["runs"][0]["results"].is_array());
    }
    assert!(!validator.is_valid(&serde_json::json!({ "version": "2.1.0" })));
}

#[test]
fn sarif_rules_are_all_rules_by_name() {
    let log = json("sarif", &mixed());
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), check::rules().count());
    let names: Vec<&str> = rules.iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert!(names.is_sorted());
    for rule in rules {
        let page = check::rule(rule["id"].as_str().unwrap()).unwrap().page;
        assert_eq!(rule["help"]["markdown"], page.0);
        assert_eq!(rule["shortDescription"]["text"], page.title());
        assert_eq!(rule["fullDescription"]["text"], page.summary());
    }
    let known = rules.iter().find(|rule| rule["id"] == "unfilled-skeleton");
    let known = known.unwrap();
    assert_eq!(known["name"], "UnfilledSkeleton");
    assert_eq!(known["defaultConfiguration"]["level"], "warning");
    assert!(
        known["helpUri"]
            .as_str()
            .unwrap()
            .ends_with("/rules/unfilled-skeleton.md")
    );
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], names[index]);
    }
}

#[test]
fn rules_of_a_policy_are_described_like_ours() {
    let file = gluelint::config::File {
        source: Source::new(
            "gluelint.yaml",
            "policy:\n- name: acme/no-user\n  message: |\n    a secret\n    says who logs in.\n  help: Name \
             it.\n  level: warning\n  forbid: [USERNAME, PASSWORD]\n  types: JDBC\n",
        ),
        path: "/gluelint.yaml".into(),
        folder: "/".into(),
    };
    let read = gluelint::config::Configuration::read(file, &mut |_, _| Err(String::new()));
    let settings = read.unwrap().settings(&[]);
    let options = Options {
        least: Severity::Info,
        levels: &settings.levels,
        overlay: &settings.overlay,
        ..Options::default()
    };
    let text =
        "Name: a\nConnectionType: JDBC\nConnectionProperties:\n  USERNAME: etl\n  SECRET_ID: x\n";
    let mut report = Report::default();
    report.add(gluelint::lint::lint(Source::new("a.yaml", text), &options));
    let said = "a secret says who logs in.";

    let log = json("sarif", &report);
    let errors = validator().iter_errors(&log).count();
    assert_eq!(errors, 0);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), check::rules().count() + 1);
    assert!(
        rules
            .iter()
            .map(|it| it["id"].as_str().unwrap())
            .is_sorted()
    );
    let mut results = run["results"].as_array().unwrap().iter();
    let result = results.find(|it| it["ruleId"] == "acme/no-user").unwrap();
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    let rule = &rules[index];
    assert_eq!(rule["id"], "acme/no-user");
    assert_eq!(rule["name"], "AcmeNoUser");
    assert_eq!(rule["shortDescription"]["text"], said);
    assert_eq!(rule["defaultConfiguration"]["level"], "warning");
    assert_eq!(rule["properties"]["declared"], "gluelint.yaml:2");
    assert_eq!(
        rule["fullDescription"]["text"],
        "A rule of the policy in gluelint.yaml:2."
    );
    let markdown = rule["help"]["markdown"].as_str().unwrap();
    for line in [
        "- Forbidden: `USERNAME`, `PASSWORD`",
        "- Connection types: `JDBC`",
        "Name it.",
    ] {
        assert!(markdown.contains(line), "{markdown}");
    }
    assert_eq!(result["message"]["text"], format!("{said} Name it."));

    let findings = json("json", &report);
    let mut findings = findings["findings"].as_array().unwrap().iter();
    let finding = findings.find(|it| it["rule"] == "acme/no-user").unwrap();
    assert_eq!(finding["declared"], "gluelint.yaml:2");
    assert_eq!(finding["severity"], "warning");

    let page = rendered("html", &report);
    assert!(page.contains("<dt id=\"rule-acme/no-user\">"), "{page}");
    assert!(page.contains(&format!(
        "<dd>{said} A rule of the policy in gluelint.yaml:2.</dd>"
    )));
    for renderer in report::RENDERERS {
        let text = rendered(renderer.name, &report);
        assert!(text.contains("acme/no-user"), "{}", renderer.name);
        assert!(!text.contains("in.. "), "{}", renderer.name);
        if renderer.name != "full" {
            assert!(text.contains(said), "{}: {text}", renderer.name);
        }
    }
}

#[test]
fn lines_and_columns_count_from_1_and_ends_are_never_in_front() {
    let pair = |value: &Value, line: &str, column: &str| {
        let number = |name: &str| value[name].as_u64().unwrap();
        (number(line), number(column))
    };
    for finding in json("json", &mixed())["findings"].as_array().unwrap() {
        let labels = finding["labels"].as_array().unwrap();
        for part in labels.iter().chain([finding]) {
            let span = &part["span"];
            let start = pair(&span["start"], "line", "column");
            let end = pair(&span["end"], "line", "column");
            assert!(start.0 >= 1 && start.1 >= 1 && start <= end, "{span}");
        }
    }
    for result in json("sarif", &mixed())["runs"][0]["results"]
        .as_array()
        .unwrap()
    {
        let related = result["relatedLocations"].as_array();
        let locations = result["locations"].as_array().unwrap().iter();
        for location in locations.chain(related.into_iter().flatten()) {
            let region = &location["physicalLocation"]["region"];
            let start = pair(region, "startLine", "startColumn");
            let end = pair(region, "endLine", "endColumn");
            assert!(start.0 >= 1 && start.1 >= 1 && start <= end, "{region}");
        }
    }
}

#[test]
fn columns_are_counted_in_the_unit_of_each_output() {
    // Before the span: 6 + 2 letters, of which `é` has two bytes, `😀` four and two UTF-16 units.
    let text = "a: 1\r\nKey: \u{e9}\u{1F600}value\r\n";
    let place = place(text, "value", 0);
    let mut file = made("a.yaml", text, vec![finding("unknown-member", place, "m")]);
    Arc::make_mut(&mut file.document).offset = 3;
    let mut report = Report::default();
    report.add(file);
    let document = json("json", &report);
    let span = &document["findings"][0]["span"];
    assert_eq!(
        span["start"],
        serde_json::json!({ "line": 2, "column": 8, "offset": 20 })
    );
    assert_eq!(
        span["end"],
        serde_json::json!({ "line": 2, "column": 13, "offset": 25 })
    );
    let log = json("sarif", &report);
    assert_eq!(
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"],
        serde_json::json!({ "startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 14 })
    );
    assert!(rendered("concise", &report).starts_with("a.yaml:2:8: error unknown-member: m\n"));
    assert!(rendered("full", &report).contains("[a.yaml:2:8]"));
}

#[test]
fn a_label_in_another_file_has_its_name_and_its_lines() {
    let mut report = Report::default();
    report.add(across_files());
    let full = rendered("full", &report);
    let frames: Vec<&str> = (full.lines().filter(|line| line.contains("─[")))
        .map(|line| line.split("─[").last().unwrap().trim_end_matches(']'))
        .collect();
    assert_eq!(
        frames,
        [
            "infra/main.tf:4:12",
            "infra/a b.auto.tfvars:2:8",
            "infra/variables.tf:4:13"
        ],
        "{full}"
    );
    assert!(
        !full.contains("aws_glue_connection"),
        "a far line is shown: {full}"
    );
    let document = json("json", &report);
    let labels = document["findings"][0]["labels"].as_array().unwrap();
    let seen: Vec<_> = (labels.iter())
        .map(|label| (label["file"].as_str().unwrap(), &label["span"]["start"]))
        .map(|(file, start)| {
            format!(
                "{file}:{}:{}:{}",
                start["line"], start["column"], start["offset"]
            )
        })
        .collect();
    let default = VARIABLES.find("\"80\"").unwrap() + 3;
    let host = MAIN.find("local").unwrap();
    assert_eq!(
        seen,
        [
            format!("infra/variables.tf:4:13:{default}"),
            "infra/a b.auto.tfvars:2:8:23".to_owned(),
            format!("infra/main.tf:3:12:{host}"),
        ]
    );
    let log = json("sarif", &report);
    let result = &log["runs"][0]["results"][0];
    let uri = |location: &Value| {
        let uri = &location["physicalLocation"]["artifactLocation"]["uri"];
        uri.as_str().unwrap().to_owned()
    };
    assert_eq!(uri(&result["locations"][0]), "infra/main.tf");
    let related = result["relatedLocations"].as_array().unwrap();
    assert_eq!(
        related.iter().map(uri).collect::<Vec<_>>(),
        [
            "infra/variables.tf",
            "infra/a%20b.auto.tfvars",
            "infra/main.tf"
        ]
    );
    assert_eq!(
        related[0]["physicalLocation"]["region"],
        serde_json::json!({ "startLine": 4, "startColumn": 13, "endLine": 4, "endColumn": 17 })
    );
    let concise = rendered("concise", &report);
    assert!(
        concise.starts_with("infra/main.tf:4:12: error"),
        "{concise}"
    );
    assert_eq!(concise.lines().count(), 1, "{concise}");
}

#[test]
fn sarif_regions_leave_out_the_line_breaks_at_the_end() {
    let text = "A: |\n  x\n\nB: 1\n";
    let place = place(text, "|\n  x\n\n", 0);
    let mut report = Report::default();
    report.add(made(
        "a.yaml",
        text,
        vec![finding("unknown-member", place, "m")],
    ));
    assert_eq!(
        json("sarif", &report)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"],
        serde_json::json!({ "startLine": 1, "startColumn": 4, "endLine": 2, "endColumn": 4 })
    );
}

#[test]
fn file_names_become_encoded_uris() {
    let log = json("sarif", &mixed());
    let uris: Vec<&str> = (log["runs"][0]["results"].as_array().unwrap().iter())
        .map(|r| &r["locations"][0]["physicalLocation"]["artifactLocation"])
        .map(|artifact| {
            assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
            artifact["uri"].as_str().unwrap()
        })
        .collect();
    assert!(uris.contains(&"Gr%C3%B6%C3%9Fe/a%20b%231.yaml"), "{uris:?}");
}

fn fingerprints(report: &Report) -> Vec<Value> {
    let log = json("sarif", report);
    let found: Vec<Value> = (log["runs"][0]["results"].as_array().unwrap().iter())
        .map(|result| result["partialFingerprints"]["gluelint/v1"].clone())
        .collect();
    let document = json("json", report);
    let same = document["findings"].as_array().unwrap().iter();
    assert!(same.map(|f| &f["fingerprint"]).eq(&found));
    found
}

#[test]
fn fingerprints_do_not_depend_on_lines() {
    let text = "{\n  \"ConnectionInput\": {\n    \"Name\": \"a\", // one\n    \
                \"ConnectionType\": \"JDBC\", // two\n    \"ConnectionProperties\": {}\n  }\n}\n";
    let report = |text: String| {
        let mut report = Report::default();
        report.add(linted("a.json", text));
        report
    };
    let before = fingerprints(&report(text.to_owned()));
    let after = fingerprints(&report(format!("\n\n{}", text.replace("{\n", "{\n\n"))));
    assert_eq!(before.len(), 2);
    assert_eq!(before, after);
    assert_ne!(before[0], before[1]);
}

#[test]
fn thousands_of_findings_show_little_of_a_long_line() {
    // 0.5 MB on one line, or on 10,000: what is written per finding must not depend on it.
    for (separator, name) in [(",", "one-line"), (",\n", "many-lines")] {
        let entry = format!("\"key\": \"{}\"{separator}", "v".repeat(40));
        let text = entry.repeat(10_000);
        let findings = (0..5_000)
            .map(|i| {
                let start = i * 2 * entry.len();
                let span = Span::of(start..start + 5);
                let file = FileId::default();
                finding("unknown-member", Place { file, span }, "m")
            })
            .collect();
        let mut report = Report::default();
        report.add(made(name, &text, findings));
        for renderer in RENDERERS {
            let written = rendered(renderer.name, &report).len();
            assert!(written < 5_000 * 1_500, "{}: {written}", renderer.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    /// Findings made by anyone: wherever their places lie, nothing panics.
    #[test]
    fn no_place_makes_a_renderer_panic(
        text in "([a-z\t\r\u{1B}é漢😀\u{301}\u{202E}]{0,40}\n?){0,8}",
        spans in prop::collection::vec((0..3_u32, 0..200_u32, 0..200_u32), 1..5),
        width in 0..140_usize,
        unicode: bool,
    ) {
        let mut places = spans.into_iter().map(|(file, start, end)| Place {
            file: FileId(file),
            span: Span::new(start, end),
        });
        let mut first = finding("unknown-member", places.next().unwrap(), "m").note("a note");
        for place in places {
            first = first.label(place, "a rather long label of several words");
        }
        let mut report = Report::default();
        let mut file = made("a.yaml", &text, vec![first]);
        file.others.insert(FileId(1), document("b.yaml", &text));
        file.others.insert(FileId(2), document("c.yaml", "x\ny: z\n"));
        report.add(file);
        let style = Style { width, unicode, ..Style::default() };
        for renderer in RENDERERS {
            render(renderer.name, &report, &style);
        }
    }
}
