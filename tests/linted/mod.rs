//! A document as the tests of its form look at it: what is read, found and shown.
#![allow(dead_code, reason = "each test takes what it needs")]

use gluelint::form::{self, Connection, Stream};
use gluelint::lint::{FileReport, Options, Report, lint_bytes};
use gluelint::report::{RENDERERS, Style};
use gluelint::spec::Severity;
use gluelint::syntax::{Language, Tree};

/// Marks what is secret: no output may hold it. It has characters of both cases and digits.
pub const CANARY: &str = "cAnArY7x9";

/// Hands over the connections of a document without a fault of syntax, with the form that each has;
/// how many there are.
pub fn read(text: &str, look: &mut dyn FnMut(&'static str, &Connection<'_>)) -> usize {
    let tree = Tree::read(text, Language::of("", text));
    assert!(tree.problems().is_empty(), "{:?}", tree.problems());
    let mut count = 0;
    for document in tree.documents() {
        if let Some(form) = form::form_of(document) {
            (form.connections)(document, &Stream::of(&tree), &mut |connection| {
                count += 1;
                look(form.name, &connection);
            });
        }
    }
    assert!(
        count == 0 || form::may_hold_connection(text.as_bytes()),
        "the byte test misses:\n{text}"
    );
    count
}

pub fn lint(name: &str, text: &str, least: Severity) -> FileReport {
    let options = Options {
        least,
        ..Options::default()
    };
    lint_bytes(name, text.as_bytes().to_vec(), &options)
}

/// What is found: the rule, the text under it, the logical path.
pub fn found<'r>(report: &'r FileReport, text: &'r str) -> Vec<(&'r str, &'r str, &'r str)> {
    (report.findings.iter())
        .map(|finding| {
            let part = finding.place.span.slice(text);
            (finding.rule.name, part, finding.path.as_str())
        })
        .collect()
}

/// What is found at warning and above: the rule, the text under it, the texts under its labels.
#[track_caller]
pub fn assert_labelled(name: &str, text: &str, expected: &[(&str, &str, &[&str])]) {
    let report = lint(name, text, Severity::Warning);
    assert!(report.connections > 0 && !report.unreadable, "{text}");
    let seen: Vec<(&str, &str, Vec<&str>)> = (report.findings.iter())
        .map(|finding| {
            let labels = finding.labels.iter();
            let labels = labels.map(|label| label.place.span.slice(text)).collect();
            (finding.rule.name, finding.place.span.slice(text), labels)
        })
        .collect();
    let expected: Vec<(&str, &str, Vec<&str>)> = (expected.iter())
        .map(|(rule, part, labels)| (*rule, *part, labels.to_vec()))
        .collect();
    assert_eq!(seen, expected, "{text}");
}

/// A report in every format, with and without colours, each behind its name.
pub fn rendered(report: &Report) -> Vec<(String, String)> {
    let mut outputs = vec![("debug".to_owned(), format!("{report:?}"))];
    for renderer in RENDERERS {
        // Only one of them has colours, and SARIF is long.
        let colors = if renderer.name == "full" {
            &[false, true][..]
        } else {
            &[false]
        };
        for &color in colors {
            let style = Style {
                color,
                links: color,
                width: 80,
                unicode: true,
            };
            let mut output = Vec::new();
            (renderer.render)(report, &style, &mut output).unwrap();
            outputs.push((renderer.name.to_owned(), String::from_utf8(output).unwrap()));
        }
    }
    outputs
}

/// Asserts that no output tells what is secret.
#[track_caller]
pub fn assert_hidden(name: &str, text: &str, secrets: &[&str]) {
    let mut report = Report::default();
    report.add(lint(name, text, Severity::Info));
    for (renderer, output) in rendered(&report) {
        for secret in secrets {
            assert!(
                !output.contains(secret),
                "{renderer} tells the secret of:\n{text}\n{output}"
            );
        }
    }
}
