//! Each format as those take it who read it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use gluelint::diag::Fix;
use gluelint::text::Edit;
use roxmltree::{Document as Xml, Node};
use serde_json::{Value, json};

use super::*;

/// What somebody may write who means no good, in names and in values.
const HOSTILE: &str =
    "</script><img src=x onerror=alert(1)>`|\\'\"&]]>\u{202E}\u{1}\n::error::x\t@team";

fn hostile() -> Report {
    let text = format!("A: {}\nB: {HOSTILE}\nC: `` x\n", HOSTILE.replace('\n', " "));
    let end = text.len();
    let all = Place {
        file: FileId::default(),
        span: Span::of(3..end),
    };
    let mut found = finding("unknown-member", all, &format!("`{HOSTILE}` is {HOSTILE}"))
        .note(HOSTILE)
        .label(place(&text, "C", 0), HOSTILE)
        .help(HOSTILE);
    found.path = HOSTILE.to_owned();
    found.connection = HOSTILE.to_owned();
    let mut report = Report::default();
    report.add(made(HOSTILE, &text, vec![found]));
    report
}

/// As many errors, warnings and infos.
fn many(errors: usize, warnings: usize, infos: usize) -> Report {
    let text = "A: 1\n".repeat(errors + warnings + infos);
    let severities = [
        (Severity::Info, infos),
        (Severity::Warning, warnings),
        (Severity::Error, errors),
    ];
    let severities = (severities.into_iter())
        .flat_map(|(severity, number)| std::iter::repeat_n(severity, number));
    let findings = (severities.enumerate())
        .map(|(index, severity)| {
            let span = Span::of(index * 5..index * 5 + 1);
            let file = FileId::default();
            finding("unknown-member", Place { file, span }, "m").severity(severity)
        })
        .collect();
    let mut report = Report::default();
    report.add(made("a.yaml", &text, findings));
    report
}

fn every_report() -> Vec<Report> {
    let mut unreadable = Report::default();
    unreadable.add(FileReport::unreadable("gone.yaml", "permission denied"));
    vec![
        mixed(),
        hostile(),
        many(12, 3, 10),
        unreadable,
        Report::default(),
    ]
}

fn schema(text: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(text).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn published(name: &str) -> jsonschema::Validator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/schemas");
    schema(&fs::read_to_string(folder.join(name)).unwrap())
}

#[track_caller]
fn assert_valid(validator: &jsonschema::Validator, document: &Value) {
    let errors: Vec<String> = (validator.iter_errors(document))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}\n{document:#}", errors.join("\n"));
}

/// The schema with nothing allowed that it does not name.
fn closed(schema: &mut Value) {
    if let Value::Object(members) = schema {
        if members.contains_key("properties") {
            members.insert("additionalProperties".to_owned(), json!(false));
        }
        members.values_mut().for_each(closed);
    } else if let Value::Array(items) = schema {
        items.iter_mut().for_each(closed);
    }
}

#[test]
fn json_follows_its_own_schema() {
    let mut strict: Value = serde_json::from_str(report::SCHEMA).unwrap();
    closed(&mut strict);
    for validator in [schema(report::SCHEMA), schema(&strict.to_string())] {
        for report in every_report() {
            assert_valid(&validator, &json("json", &report));
        }
        let good = json("json", &mixed());
        assert!(good["findings"].as_array().unwrap().iter().any(|it| {
            // What no finding has would not be tested.
            !it["fixes"].as_array().unwrap().is_empty()
        }));
        for (pointer, broken) in [
            ("/schema_version", json!(2)),
            ("/findings/0/severity", json!("fatal")),
            ("/findings/0/fingerprint", json!("x")),
            ("/findings/0/span/start/line", json!(0)),
            ("/findings/0/note", json!("")),
            ("/summary/errors", json!(-1)),
            ("/findings", json!([{}])),
        ] {
            let mut bad = good.clone();
            *bad.pointer_mut(pointer).unwrap() = broken;
            assert!(!validator.is_valid(&bad), "{pointer}");
        }
    }
    assert_eq!(
        strict["properties"]["schema_version"]["const"],
        report::SCHEMA_VERSION
    );
    let mut more = json("json", &mixed());
    more["findings"][0]["surprise"] = json!(1);
    assert!(!schema(&strict.to_string()).is_valid(&more));
    assert!(
        schema(report::SCHEMA).is_valid(&more),
        "new members may come"
    );
}

#[test]
fn jsonl_has_the_findings_of_json_one_by_one() {
    for report in every_report() {
        let lines: Vec<Value> = (rendered("jsonl", &report).lines())
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(&Value::Array(lines), &json("json", &report)["findings"]);
    }
}

#[test]
fn gitlab_follows_what_gitlab_documents() {
    let validator = published("gitlab-code-quality.schema.json");
    for report in every_report() {
        let text = rendered("gitlab", &report);
        assert!(!text.starts_with('\u{FEFF}'));
        let document = json("gitlab", &report);
        assert_valid(&validator, &document);
        let found = document.as_array().unwrap();
        let prints: BTreeSet<&str> = (found.iter())
            .map(|it| it["fingerprint"].as_str().unwrap())
            .collect();
        assert_eq!(prints.len(), report.findings().count());
    }
    assert!(!validator.is_valid(&json!([{ "description": "x" }])));
    let severities = json("gitlab", &many(1, 1, 1));
    let severities: Vec<&Value> = (severities.as_array().unwrap().iter())
        .map(|it| &it["severity"])
        .collect();
    assert_eq!(severities, ["info", "major", "critical"]);
}

#[test]
fn gitlab_tells_a_file_that_is_given_twice_once() {
    let mut report = many(2, 0, 0);
    report.add(report.files[0].clone());
    assert_eq!(json("gitlab", &report).as_array().unwrap().len(), 2);
    assert_eq!(
        json("json", &report)["findings"].as_array().unwrap().len(),
        4
    );
}

#[test]
fn rdjson_follows_what_reviewdog_documents() {
    let validator = published("rdjson.schema.json");
    for report in every_report() {
        let document = json("rdjson", &report);
        assert_valid(&validator, &document);
        let found = document["diagnostics"].as_array().unwrap();
        assert_eq!(found.len(), report.findings().count());
    }
    assert!(!validator.is_valid(&json!({ "diagnostics": [{ "message": "x" }] })));
}

#[test]
fn rdjson_suggests_what_a_fix_writes() {
    let text = "ConnectionInput:\n  Name: é\n  ConnectionType: JDBC\n  ConnectionProperties: {é: 1, JDBC_ENFORCE_SSL: 'True', \
                PASSWORD: cAnArY}\n";
    let mut report = Report::default();
    report.add(linted("a.yaml", text));
    let document = json("rdjson", &report);
    let suggestion = &document["diagnostics"][0]["suggestions"][0];
    // Columns count bytes: `é` has two.
    let line = text.lines().nth(3).unwrap();
    let start = &suggestion["range"]["start"];
    let end = &suggestion["range"]["end"];
    assert_eq!((&start["line"], &end["line"]), (&json!(4), &json!(4)));
    let column = |value: &Value| usize::try_from(value["column"].as_u64().unwrap()).unwrap() - 1;
    let mut mended = line.to_owned();
    mended.replace_range(
        column(start)..column(end),
        suggestion["text"].as_str().unwrap(),
    );
    assert_eq!(mended, line.replace("True", "true"));
    assert!(!document.to_string().contains("cAnArY"));
}

#[test]
fn rdjson_suggests_several_edits_as_one() {
    let suggestions = |report: &Report| -> Vec<Value> {
        let document = json("rdjson", report);
        let found = document["diagnostics"].as_array().unwrap().clone();
        (found.iter())
            .flat_map(|it| it["suggestions"].as_array().cloned().unwrap_or_default())
            .collect()
    };
    let mut report = Report::default();
    report.add(linted(
        "a.yaml",
        "ConnectionInput:\n  Name: a\n  ConnectionType: JDBC\n  ConnectionProperties:\n    PORT: one\n    \
         PASSWORD: cAnArY\n    HOST: two # three\n    A: |\n      four\n    JDBC_ENFORCE_SSL: 'True'\n",
    ));
    let file = &mut report.files[0];
    file.findings.truncate(1);
    let text = file.document.text.clone();
    let edit = |word: &str, by: &str| {
        let at = text.find(word).unwrap();
        Edit::new(Span::of(at..at + word.len()), by)
    };
    let mut with = |edits: Vec<Edit>| {
        report.files[0].findings[0].fixes = vec![Fix::written("Mend it", edits)];
        suggestions(&report)
    };
    let found = with(vec![
        edit(" # three", ""),
        edit("two", "'2'"),
        edit("four", "4"),
    ]);
    let range = json!({
        "start": {"line": 7, "column": 11}, "end": {"line": 9, "column": 11},
    });
    assert_eq!(
        found,
        [json!({"range": range, "text": "'2'\n    A: |\n      4"})]
    );
    assert_eq!(
        with(vec![edit("one", "1"), edit("two", "2")]),
        [] as [Value; 0],
        "a secret stands between them"
    );
}

#[track_caller]
fn attribute<'n>(node: Node<'n, '_>, name: &str) -> &'n str {
    node.attribute(name)
        .unwrap_or_else(|| panic!("{node:?} has no {name}"))
}

fn children<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

#[track_caller]
fn assert_attributes(node: Node<'_, '_>, known: &[&str]) {
    for one in node.attributes() {
        assert!(known.contains(&one.name()), "{node:?} has {}", one.name());
    }
}

#[test]
fn checkstyle_is_what_checkstyle_writes() {
    for report in every_report() {
        let text = rendered("checkstyle", &report);
        let document = Xml::parse(&text).unwrap();
        let root = document.root_element();
        assert!(root.has_tag_name("checkstyle"));
        assert_attributes(root, &["version"]);
        let mut number = 0;
        for (file, known) in children(root).zip(&report.files) {
            assert!(file.has_tag_name("file"));
            assert_attributes(file, &["name"]);
            assert!(!attribute(file, "name").is_empty());
            for (error, finding) in children(file).zip(&known.findings) {
                assert!(error.has_tag_name("error"));
                assert_attributes(error, &["line", "column", "severity", "message", "source"]);
                for place in ["line", "column"] {
                    assert!(attribute(error, place).parse::<u32>().unwrap() >= 1);
                }
                assert_eq!(attribute(error, "severity"), finding.severity.name());
                let source = format!("gluelint.{}", finding.rule.name);
                assert_eq!(attribute(error, "source"), source);
                number += 1;
            }
        }
        assert_eq!(number, report.findings().count());
    }
}

/// The structure of Jenkins' `junit-10.xsd`: which elements stand where, with which attributes.
#[test]
fn junit_is_what_jenkins_takes() {
    let number = |node: Node<'_, '_>, name: &str| attribute(node, name).parse::<usize>().unwrap();
    for report in every_report() {
        let text = rendered("junit", &report);
        let document = Xml::parse(&text).unwrap();
        let root = document.root_element();
        assert!(root.has_tag_name("testsuites"));
        assert_attributes(root, &["name", "time", "tests", "failures", "errors"]);
        let mut sums = BTreeMap::from([("tests", 0), ("failures", 0), ("errors", 0)]);
        for suite in children(root) {
            assert!(suite.has_tag_name("testsuite"));
            assert_attributes(
                suite,
                &["name", "tests", "failures", "errors", "skipped", "time"],
            );
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            let mut names = BTreeSet::new();
            for case in children(suite) {
                assert!(case.has_tag_name("testcase"));
                assert_attributes(case, &["name", "classname", "time", "group"]);
                assert!(names.insert((attribute(case, "name"), attribute(case, "classname"))));
                for outcome in children(case) {
                    let name = outcome.tag_name().name();
                    assert!(["failure", "error", "skipped"].contains(&name), "{name}");
                    assert_attributes(outcome, &["type", "message"]);
                    *seen.entry(name).or_default() += 1;
                }
            }
            assert_eq!(number(suite, "tests"), names.len());
            for (plural, name) in [
                ("failures", "failure"),
                ("errors", "error"),
                ("skipped", "skipped"),
            ] {
                assert_eq!(number(suite, plural), seen.get(name).copied().unwrap_or(0));
            }
            for (name, sum) in &mut sums {
                *sum += number(suite, name);
            }
        }
        for (name, sum) in sums {
            assert_eq!(number(root, name), sum, "{name}");
        }
        // Readers take a report without tests for a broken one.
        assert!(number(root, "tests") > 0);
    }
    let failures = |report: &Report| {
        let text = rendered("junit", report);
        let document = Xml::parse(&text).unwrap();
        number(document.root_element(), "failures")
    };
    assert_eq!(failures(&many(2, 3, 4)), 5, "advice fails nothing");
    assert_eq!(failures(&Report::default()), 0);
}

#[test]
fn junit_names_tests_without_their_lines() {
    let names = |report: &Report| -> Vec<String> {
        let text = rendered("junit", report);
        let document = Xml::parse(&text).unwrap();
        let cases = document
            .descendants()
            .filter(|it| it.has_tag_name("testcase"));
        cases.map(|it| attribute(it, "name").to_owned()).collect()
    };
    assert_eq!(
        names(&many(2, 0, 0)),
        [
            "unknown-member at ConnectionInput.ConnectionProperties",
            "unknown-member at ConnectionInput.ConnectionProperties (2)"
        ]
    );
}

/// What the runner of GitHub Actions makes of a line: the command, its properties and its message.
fn command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
    let decoded = |text: &str, more: &[(&str, &str)]| {
        let mut text = text.replace("%0D", "\r").replace("%0A", "\n");
        for (code, character) in more {
            text = text.replace(code, character);
        }
        text.replace("%25", "%")
    };
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = (properties.split(','))
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| {
            (
                key.to_owned(),
                decoded(value, &[("%3A", ":"), ("%2C", ",")]),
            )
        })
        .collect();
    Some((name.to_owned(), properties, decoded(message, &[])))
}

#[test]
fn github_writes_commands_with_errors_first_and_says_what_is_beyond() {
    let text = rendered("github", &many(12, 3, 10));
    let (commands, last) = text.trim_end().rsplit_once('\n').unwrap();
    let commands: Vec<_> = commands
        .lines()
        .map(|line| command(line).unwrap())
        .collect();
    let names: Vec<&str> = commands.iter().map(|(name, ..)| name.as_str()).collect();
    let expected = [["error"; 10].as_slice(), &["warning"; 3], &["notice"; 10]].concat();
    assert_eq!(names, expected);
    let (_, properties, message) = &commands[0];
    // After ten infos and three warnings.
    assert_eq!(properties["line"], "14");
    assert_eq!(properties["file"], "a.yaml");
    assert_eq!(properties["title"], "gluelint (unknown-member)");
    assert_eq!((&*properties["col"], &*properties["endColumn"]), ("1", "2"));
    assert_eq!(message, "m");
    let (_, _, rest) = commands.last().unwrap();
    assert!(
        rest.starts_with("and 2 more errors, 1 more info finding: "),
        "{rest}"
    );
    assert!(
        last.starts_with("12 errors, 3 warnings, 10 info findings in "),
        "{last}"
    );
    // Where all have room, there is nothing beyond.
    let text = rendered("github", &many(10, 10, 9));
    assert!(!text.contains("more") && text.lines().count() == 30);
}

#[test]
fn github_obeys_no_document() {
    let text = rendered("github", &hostile());
    let commands: Vec<_> = text.lines().filter_map(command).collect();
    let [(name, properties, message)] = commands.as_slice() else {
        panic!("{text}");
    };
    assert_eq!(name, "error");
    assert_eq!(properties["file"], HOSTILE);
    assert!(message.contains("onerror") && !message.contains('\n'));
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn a_step_summary_keeps_to_the_limit_of_github() {
    let size = |number| {
        let mut out = Vec::new();
        report::step_summary(&many(number, 0, 0), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let all = size(100);
    assert_eq!(all, rendered("markdown", &many(100, 0, 0)));
    let few = size(10_000);
    assert!(few.len() < 600 * 1024, "{}", few.len());
    let rows = few.lines().filter(|line| line.contains("error |")).count();
    let rest = format!(
        "\nand {} more findings, for which there is no room here\n",
        10_000 - rows
    );
    assert!(few.ends_with(&rest), "{}", &few[few.len() - 100..]);
}

#[test]
fn markdown_has_a_row_of_four_cells_for_each_finding() {
    for report in every_report() {
        let text = rendered("markdown", &report);
        let rows = text
            .lines()
            .filter(|line| line.starts_with("| ") && line.contains("](https:"));
        let mut number = 0;
        for row in rows {
            // GFM splits cells at each bar that no backslash stands before, in code too.
            assert_eq!(row.matches('|').count(), 5, "{row}");
            number += 1;
        }
        assert_eq!(number, report.findings().count());
    }
    let text = rendered("markdown", &hostile());
    for word in ["<img", "</script", "@team", "\u{202E}", "\n::error"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

/// What stands between `<` and `>`, one after the other.
fn tags(page: &str) -> Vec<&str> {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, _) = rest.split_once("<script>").unwrap();
    ([head, body].into_iter())
        .flat_map(|part| part.split('<').skip(1))
        .map(|tag| tag.split_once('>').unwrap().0)
        .collect()
}

#[test]
fn html_is_one_page_that_asks_for_nothing() {
    for report in every_report() {
        let page = rendered("html", &report);
        let mut open: Vec<&str> = Vec::new();
        for tag in tags(&page) {
            let name = tag.split([' ', '\n']).next().unwrap();
            for wish in ["src=", "onerror=", "onclick=", "style=", "@import"] {
                let quoted = tag.contains("&#39;");
                assert!(quoted || !tag.contains(wish), "{tag}");
            }
            if let Some(link) = tag.split("href=\"").nth(1) {
                let home = "https://github.com/gluelint/gluelint/blob/main/rules/";
                assert!(link.starts_with('#') || link.starts_with(home), "{tag}");
            }
            // The tree is whole.
            if let Some(name) = name.strip_prefix('/') {
                if !["html", "body", "script"].contains(&name) {
                    assert_eq!(open.pop(), Some(name), "{tag}");
                }
            } else if !["!DOCTYPE", "html", "body", "meta", "input"].contains(&name)
                && !tag.ends_with('/')
            {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
        assert_eq!(page.matches("<article").count(), report.findings().count());
        assert_eq!(page.matches("<script").count(), 1);
        assert!(page.contains("default-src 'none'"));
    }
    let page = rendered("html", &hostile());
    assert!(!page.contains("<img") && !page.contains('\u{202E}'));
}

#[test]
fn every_link_in_the_page_leads_somewhere() {
    for report in every_report() {
        let page = rendered("html", &report);
        let ids: BTreeSet<&str> = (page.split(" id=\"").skip(1))
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        for link in page.split("href=\"#").skip(1) {
            let link = link.split('"').next().unwrap();
            assert!(ids.contains(link), "{link}");
        }
    }
}

#[test]
fn html_marks_what_the_findings_are_about() {
    let page = rendered("html", &mixed());
    assert!(page.contains("<mark>&quot;80&quot;</mark>"), "{page}");
    assert!(page.contains("<mark class=\"other\">mysql</mark>"));
    // A label in another file has its name and its own line.
    assert!(page.contains("<b>infra/variables.tf</b>"));
    assert!(page.contains("infra/variables.tf, line 4: the default of variable <code>port</code>"));
}

#[test]
fn statistics_count_the_most_frequent_first() {
    let mut report = many(2, 3, 0);
    let mut other = many(1, 0, 0).files.remove(0);
    other.document = document("b.yaml", "A: 1\n");
    report.add(other);
    report.add(FileReport::unreadable("gone.yaml", "permission denied"));
    assert_eq!(
        report::statistics(&report),
        "3  error    unknown-member   in 2 files\n\
         3  warning  unknown-member   in 1 file\n\
         1  error    unreadable-file  in 1 file\n"
    );
    assert_eq!(report::statistics(&Report::default()), "");
}
