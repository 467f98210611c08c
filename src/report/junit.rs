//! A JUnit report, for whatever shows the results of tests: a suite for each file, a test case for each
//! finding.
//!
//! An error or a warning is a failure, a file that could not be read an error. What is only advice counts
//! as skipped, so that it is shown and fails nothing. Where there is no finding, one test case has passed,
//! as readers take a report without any for a broken one. The names of test cases have no line in them,
//! so that a finding keeps its history when lines move.

use std::collections::BTreeMap;
use std::io;

use super::markup::escaped;
use super::places::Places;
use super::{Renderer, Style, said_with_help, summary};
use crate::diag::Finding;
use crate::lint::{FileReport, Report};
use crate::spec::Severity;
use crate::text::ColumnUnit;

/// For the tests' page of a build server.
pub(super) const RENDERER: Renderer = Renderer {
    name: "junit",
    title: "JUnit's XML, for the test results of a build server",
    is_text: false,
    render,
};

/// What becomes of a test case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Failure,
    Error,
    Skipped,
}

impl Outcome {
    fn of(file: &FileReport, finding: &Finding) -> Outcome {
        match finding.severity {
            // Then there is nothing that could be judged.
            Severity::Error if file.unreadable && file.document.text.is_empty() => Outcome::Error,
            Severity::Error | Severity::Warning => Outcome::Failure,
            Severity::Info => Outcome::Skipped,
        }
    }

    /// The name of the element.
    fn name(self) -> &'static str {
        match self {
            Outcome::Failure => "failure",
            Outcome::Error => "error",
            Outcome::Skipped => "skipped",
        }
    }
}

/// How many findings have that outcome.
fn count<'r>(
    findings: impl Iterator<Item = (&'r FileReport, &'r Finding)>,
    outcome: Outcome,
) -> usize {
    findings
        .filter(|(file, finding)| Outcome::of(file, finding) == outcome)
        .count()
}

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="gluelint" tests="{}" failures="{}" errors="{}">"#,
        report.findings().count().max(1),
        count(report.findings(), Outcome::Failure),
        count(report.findings(), Outcome::Error),
    )?;
    for file in &report.files {
        suite(file, out)?;
    }
    if report.files.is_empty() {
        writeln!(
            out,
            "  <testsuite name=\"gluelint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n    \
             <testcase name=\"{}\" classname=\"gluelint\"/>\n  </testsuite>",
            escaped(&summary(report))
        )?;
    }
    writeln!(out, "</testsuites>")
}

fn suite(file: &FileReport, out: &mut dyn io::Write) -> io::Result<()> {
    let name = escaped(file.name());
    let findings = || file.findings.iter().map(|finding| (file, finding));
    writeln!(
        out,
        r#"  <testsuite name="{name}" tests="{}" failures="{}" errors="{}" skipped="{}">"#,
        file.findings.len(),
        count(findings(), Outcome::Failure),
        count(findings(), Outcome::Error),
        count(findings(), Outcome::Skipped),
    )?;
    let places = Places::new(file, ColumnUnit::CodePoint);
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &file.findings {
        let at = places.start(finding.place);
        let outcome = Outcome::of(file, finding).name();
        let said = escaped(&finding.message);
        writeln!(
            out,
            "    <testcase name=\"{}\" classname=\"{name}\">\n      \
             <{outcome} type=\"{}\" message=\"{said}\">{name}:{}:{}: {} {}: {}</{outcome}>\n    \
             </testcase>",
            escaped(&test_name(finding, &mut names)),
            finding.severity.name(),
            at.line,
            at.column,
            finding.severity.name(),
            finding.rule.name,
            escaped(&said_with_help(finding)),
        )?;
    }
    writeln!(out, "  </testsuite>")
}

/// The rule and the logical path, with a number from the second of a name on.
fn test_name(finding: &Finding, names: &mut BTreeMap<String, usize>) -> String {
    let mut name = finding.rule.name.to_owned();
    if !finding.path.is_empty() {
        name += " at ";
        name += &finding.path;
    }
    let seen = names.entry(name.clone()).or_default();
    *seen += 1;
    if *seen > 1 {
        name += &format!(" ({seen})");
    }
    name
}
