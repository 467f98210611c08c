//! Every example of every page is run, and every page is whole.

use gluelint::allow::Date;
use gluelint::check;
use gluelint::lint::{FileReport, Options, lint};
use gluelint::spec::{Example, Rule, Severity};
use gluelint::text::{ColumnUnit, Source};

/// Rules about what no Markdown page can hold; `tests/cli.rs` and `tests/baseline.rs` show them.
const NOT_IN_MARKDOWN: &[&str] = &[
    "unreadable-file",
    "no-connection-found",
    "stale-baseline-entry",
];

/// What a line of carets says.
#[derive(Debug)]
struct Assertion {
    /// 1-based line of the example, once the assertions are taken out.
    line: u32,
    /// 1-based, in code points.
    column: u32,
    len: u32,
    rule: String,
    message: String,
}

/// Takes the assertions out of an example.
fn split(text: &str) -> (String, Vec<Assertion>) {
    let mut document = String::new();
    let mut assertions = Vec::new();
    let mut line = 0;
    for text in text.split_inclusive('\n') {
        let rest = text.trim_end().trim_start_matches([' ', '#', '\t']);
        let carets = rest.len() - rest.trim_start_matches('^').len();
        if carets == 0 {
            document.push_str(text);
            line += 1;
            continue;
        }
        let (rule, message) = match rest[carets..].trim().split_once(':') {
            Some((rule, message)) => (rule.trim(), message.trim()),
            None => (rest[carets..].trim(), ""),
        };
        assertions.push(Assertion {
            line,
            column: u32::try_from(text.chars().position(|c| c == '^').unwrap() + 1).unwrap(),
            len: u32::try_from(carets).unwrap(),
            rule: rule.to_owned(),
            message: message.to_owned(),
        });
    }
    (document, assertions)
}

fn run(example: &Example, document: &str) -> FileReport {
    let name = match example.name {
        "" => format!("example.{}", example.language),
        name => name.to_owned(),
    };
    let options = Options {
        least: Severity::Info,
        today: Date::parse("2026-11-24"),
        needs_reason: true,
        ..Options::default()
    };
    lint(Source::new(name, document), &options)
}

/// What a finding underlines: line, column and length in code points, on its first line.
fn underlined(document: &str, report: &FileReport, span: gluelint::text::Span) -> (u32, u32, u32) {
    let lines = gluelint::text::Lines::new(document);
    assert_eq!(
        lines.count(),
        report.document.lines.count(),
        "masking keeps the lines"
    );
    let start = lines.position(document, span.start, ColumnUnit::CodePoint);
    let text = span.slice(document);
    let first = text.lines().next().unwrap_or_default();
    let len = u32::try_from(first.chars().count()).unwrap();
    (start.line, start.column, len.max(1))
}

fn check_page(rule: &'static Rule, failures: &mut Vec<String>) {
    let page = rule.page;
    let mut fail = |line: usize, what: String| {
        failures.push(format!("rules/{}.md:{line}: {what}", rule.name));
    };
    if page.title().is_empty() || page.summary().is_empty() {
        fail(1, "a page begins with a heading and a paragraph".into());
    }
    for section in ["Why", "Instead", "Source"] {
        if page.section(section).is_empty() {
            fail(1, format!("the section {section} is missing"));
        }
    }
    let examples = page.examples();
    for role in ["bad", "good"] {
        if !examples.iter().any(|e| e.role == role) && !NOT_IN_MARKDOWN.contains(&rule.name) {
            fail(1, format!("there is no {role} example"));
        }
    }
    // What fixes make of an example is for `tests/fix.rs` to judge.
    for example in examples.iter().filter(|it| it.role != "fixed") {
        let line = example.first_line;
        let (document, assertions) = split(example.text);
        let report = run(example, &document);
        let mut open: Vec<&Assertion> = assertions.iter().collect();
        for finding in &report.findings {
            let (at, column, len) = underlined(&document, &report, finding.place.span);
            let matching = open.iter().position(|a| {
                (a.line, a.column, a.len) == (at, column, len)
                    && a.rule == finding.rule.name
                    && finding.message.contains(&a.message)
            });
            match matching {
                Some(index) => {
                    open.remove(index);
                }
                None if finding.severity >= Severity::Warning || finding.rule == rule => fail(
                    line,
                    format!(
                        "unexpected {} {} at {at}:{column}, {len} wide: {}",
                        finding.severity, finding.rule.name, finding.message
                    ),
                ),
                None => {}
            }
        }
        for assertion in open {
            fail(line, format!("not found: {assertion:?}"));
        }
        match example.role {
            "bad" => {
                if !assertions.iter().any(|a| a.rule == rule.name) {
                    fail(line, "a bad example shows the page's own rule".into());
                }
            }
            "good" => {
                if !assertions.is_empty() {
                    fail(line, "a good example has nothing to mark".into());
                }
            }
            other => fail(line, format!("what is an example that is `{other}`?")),
        }
        let is_template = assertions.iter().any(|a| a.rule == "unrendered-template");
        let is_read = !report.unreadable && !is_template;
        if report.connections == 0 && is_read && example.name.is_empty() {
            fail(line, "no connection was found in the example".into());
        }
    }
}

#[test]
fn every_page_is_whole_and_every_example_is_run() {
    let mut failures = Vec::new();
    let only = std::env::var("GLUELINT_RULE").unwrap_or_default();
    for rule in check::rules() {
        if only.is_empty() || rule.name == only {
            check_page(rule, &mut failures);
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_page_has_its_rule() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if let Some(name) = name.strip_suffix(".md")
            && name != "README"
        {
            assert!(check::rule(name).is_some(), "rules/{name}.md has no rule");
        }
    }
}

#[test]
fn names_are_kebab_case_and_unique() {
    let mut names: Vec<&str> = check::rules().map(|rule| rule.name).collect();
    names.sort_unstable();
    for pair in names.windows(2) {
        assert_ne!(pair[0], pair[1]);
    }
    for name in names {
        assert!(
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        );
    }
}
