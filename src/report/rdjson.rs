//! The Reviewdog Diagnostic Format, from which reviewdog makes comments in pull requests.
//!
//! Columns count bytes of UTF-8 from 1, the end of a range lies behind its last character. A fix is a
//! suggestion: reviewers accept them one by one, so of several edits one is made, with what stands
//! between them. Where a secret stands there, or too much, the fix is left out. Unsafe fixes are among
//! them: a reviewer is who should look at them.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::places::Places;
use super::{HOME, Renderer, Style, page_url, said_with_help};
use crate::diag::{Finding, Fix};
use crate::lint::{Document, FileReport, Report};
use crate::spec::Severity;
use crate::text::{ColumnUnit, Edit, Place, Position, Span};

/// For reviewdog.
pub(super) const RENDERER: Renderer = Renderer {
    name: "rdjson",
    title: "Reviewdog's format, for comments with suggestions in pull requests",
    is_text: false,
    render,
};

/// Of edits that lie farther apart than so many bytes, no suggestion is made: it would be mostly of
/// what stays, and minified documents are one line.
const FARTHEST: usize = 4096;

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
    text: Cow<'r, str>,
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
    let suggestion = |fix: &'r Fix| {
        let (span, text) = joined(&fix.edits, &file.document)?;
        let place = Place {
            span,
            ..finding.place
        };
        Some(Suggestion {
            range: Range::of(places.range(place)),
            text,
        })
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
        suggestions: (finding.fixes.iter()).filter_map(suggestion).collect(),
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

/// Edits of a document as one: its span, and what is to stand there.
fn joined<'r>(edits: &'r [Edit], document: &'r Document) -> Option<(Span, Cow<'r, str>)> {
    if let [edit] = edits {
        return Some((edit.span, Cow::Borrowed(edit.replacement.as_str())));
    }
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut whole = edits.first()?.span;
    let mut text = String::new();
    let mut kept = 0;
    for edit in edits {
        if edit.span.start > whole.end {
            let between = document.in_clear(Span::new(whole.end, edit.span.start))?;
            kept += between.len();
            text.push_str(between);
        }
        text.push_str(&edit.replacement);
        whole = whole.cover(edit.span);
    }
    (kept <= FARTHEST).then_some((whole, Cow::Owned(text)))
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
