//! The Reviewdog Diagnostic Format, from which reviewdog makes comments in pull requests.
//!
//! Columns count bytes of UTF-8 from 1, the end of a range lies behind its last character. A fix of
//! one edit is a suggestion; one of several cannot be told, as reviewers accept suggestions one by
//! one. Unsafe fixes are among them: a reviewer is who should look at them.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::places::Places;
use super::{HOME, Renderer, Style, page_url, said_with_help};
use crate::diag::Finding;
use crate::lint::{FileReport, Report};
use crate::spec::Severity;
use crate::text::{ColumnUnit, Edit, Place, Position};

/// For reviewdog.
pub(super) const RENDERER: Renderer = Renderer {
    name: "rdjson",
    title: "Reviewdog's format, for comments with suggestions in pull requests",
    is_text: false,
    render,
};

#[derive(Serialize)]
struct DiagnosticResult<'r> {
    source: Source,
    diagnostics: Vec<Diagnostic<'r>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'r> {
    message: Cow<'r, str>,
    location: Location<'r>,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation<'r>>,
}

#[derive(Serialize)]
struct RelatedLocation<'r> {
    message: &'r str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Suggestion<'r> {
    range: Range,
    text: &'r str,
}

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let result = DiagnosticResult {
        source: Source {
            name: env!("CARGO_PKG_NAME"),
            url: HOME,
        },
        diagnostics: report.files.iter().flat_map(diagnostics).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &result)?;
    writeln!(out)
}

fn diagnostics(file: &FileReport) -> impl Iterator<Item = Diagnostic<'_>> {
    let places = Places::new(file, ColumnUnit::Byte);
    (file.findings.iter()).map(move |finding| diagnostic(file, finding, &places))
}

fn diagnostic<'r>(
    file: &'r FileReport,
    finding: &'r Finding,
    places: &Places<'_>,
) -> Diagnostic<'r> {
    let suggestion = |edit: &'r Edit| Suggestion {
        range: Range::of(places.range(Place {
            span: edit.span,
            ..finding.place
        })),
        text: &edit.replacement,
    };
    Diagnostic {
        message: said_with_help(finding),
        location: Location {
            path: file.name(),
            // What could not be read has no places.
            range: (!file.document.text.is_empty())
                .then(|| Range::of(places.range_in_lines(finding.place))),
        },
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code {
            value: finding.rule.name,
            url: page_url(finding.rule),
        },
        suggestions: (finding.fixes.iter())
            .filter_map(|fix| match fix.edits.as_slice() {
                [edit] => Some(suggestion(edit)),
                _ => None,
            })
            .collect(),
        related_locations: (finding.labels.iter())
            .map(|label| RelatedLocation {
                message: &label.text,
                location: Location {
                    path: &file.document_at(label.place).name,
                    range: Some(Range::of(places.range_in_lines(label.place))),
                },
            })
            .collect(),
    }
}

impl Range {
    fn of((start, end): (Position, Position)) -> Range {
        let point = |position: Position| Point {
            line: position.line,
            column: position.column,
        };
        Range {
            start: point(start),
            end: point(end),
        }
    }
}
