//! The report as one JSON document, for programs.
//!
//! ```json
//! {
//!   "schema_version": 1,
//!   "tool": { "name": "gluelint", "version": "0.1.0", "facts": "2026-01-31" },
//!   "summary": {
//!     "errors": 1, "warnings": 0, "infos": 0,
//!     "files": 14, "files_with_findings": 1, "files_with_connections": 2, "unreadable_files": 0,
//!     "connections": 3, "allowed": 0
//!   },
//!   "findings": [
//!     {
//!       "rule": "port-out-of-range",
//!       "severity": "error",
//!       "message": "`80` lies outside 1024–65535, the documented range of PORT",
//!       "note": null,
//!       "help": "Write the port on which the database listens.",
//!       "url": "https://github.com/gluelint/gluelint/blob/main/rules/port-out-of-range.md",
//!       "declared": null,
//!       "file": "glue/orders.yaml",
//!       "connection": "orders",
//!       "logical_path": "ConnectionInput.ConnectionProperties.PORT",
//!       "span": {
//!         "start": { "line": 5, "column": 11, "offset": 88 },
//!         "end": { "line": 5, "column": 15, "offset": 92 }
//!       },
//!       "labels": [
//!         { "message": "…", "file": "glue/orders.yaml", "span": { "start": { … }, "end": { … } } }
//!       ],
//!       "fixes": [
//!         {
//!           "safety": "safe", "title": "Write \"true\"",
//!           "edits": [ { "span": { "start": { … }, "end": { … } }, "replacement": "\"true\"" } ]
//!         }
//!       ],
//!       "fingerprint": "85944171f73967e8"
//!     }
//!   ]
//! }
//! ```
//!
//! * `schema_version` grows when a member changes its meaning or goes away; new members may come
//!   without that.
//! * Every member is always there. `note` (a few words that belong beside the underline), `help`,
//!   `connection` and `logical_path` are `null` where there is nothing to say. `declared` is the file
//!   and line in which a policy declares the rule, `null` for a rule of gluelint.
//! * `severity` is `error`, `warning` or `info`. `facts` is the day on which the rules' tables were
//!   last compared with AWS's pages. `unreadable_files` counts files that could not be read, or not
//!   in full. `allowed` counts findings that suppressions allow; they are not among `findings`.
//! * `file` is the name under which the file was given, with `/` between folders.
//! * `line` and `column` are 1-based; a column counts Unicode code points. `offset` is 0-based and
//!   counts bytes of the file, its byte order mark included; in a UTF-16 file, bytes of its text as
//!   UTF-8. `end` is the place behind the last character, and equals `start` for an empty span. A
//!   file that could not be read has its finding at line 1, column 1.
//! * `labels` are other places that belong to the finding, in the same file or in another that was
//!   read with it.
//! * `fixes` are ways to mend the finding, any one of which will do. The edits of a fix belong together
//!   and do not overlap; each puts `replacement` in place of the text under `span`, in the finding's
//!   own file. `safety` is `safe` where the document means what it meant, or certainly should have
//!   meant; a fix that is `unsafe` is for somebody to look at.
//! * `fingerprint` names the finding by rule, file, logical path and count; it stays the same when
//!   lines are added or moved.
//! * Findings are in the order of file and place. No text of a secret is ever in the document.

use std::io;

use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::places::Places;
use super::{Renderer, Style, page_url};
use crate::diag::Finding;
use crate::lint::{FileReport, Report};
use crate::spec::{self, Severity};
use crate::text::{ColumnUnit, Place, Position};

/// For programs.
pub(super) const RENDERER: Renderer = Renderer {
    name: "json",
    title: "One JSON document; `gluelint schema report` prints its JSON Schema",
    is_text: false,
    render,
};

/// The version of the document's layout.
pub const SCHEMA_VERSION: u32 = 1;

/// The JSON Schema of the document.
pub const SCHEMA: &str = include_str!("report.schema.json");

#[derive(Serialize)]
struct Document<'r> {
    schema_version: u32,
    tool: Tool,
    summary: Summary,
    findings: Vec<Item<'r>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
    facts: &'static str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    infos: usize,
    files: usize,
    files_with_findings: usize,
    files_with_connections: usize,
    unreadable_files: usize,
    connections: usize,
    allowed: usize,
}

/// A finding, as the outputs `json` and `jsonl` have it.
#[derive(Serialize)]
pub(super) struct Item<'r> {
    rule: &'static str,
    severity: &'static str,
    message: &'r str,
    note: Option<&'r str>,
    help: Option<&'r str>,
    url: String,
    declared: Option<&'static str>,
    file: &'r str,
    connection: Option<&'r str>,
    logical_path: Option<&'r str>,
    span: Span,
    labels: Vec<Label<'r>>,
    fixes: Vec<Mend<'r>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Mend<'r> {
    safety: &'static str,
    title: &'r str,
    edits: Vec<Replacement<'r>>,
}

#[derive(Serialize)]
struct Replacement<'r> {
    span: Span,
    replacement: &'r str,
}

#[derive(Serialize)]
struct Label<'r> {
    message: &'r str,
    file: &'r str,
    span: Span,
}

#[derive(Serialize)]
struct Span {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
    offset: u32,
}

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            facts: spec::DATE,
        },
        summary: Summary {
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            infos: report.count(Severity::Info),
            files: report.looked_at,
            files_with_findings: report.files.len(),
            files_with_connections: report.with_connections,
            unreadable_files: report.unreadable,
            connections: report.connections,
            allowed: report.allowed(),
        },
        findings: report.files.iter().flat_map(items).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The findings of a document.
pub(super) fn items(file: &FileReport) -> impl Iterator<Item = Item<'_>> {
    let places = Places::new(file, ColumnUnit::CodePoint);
    let mut fingerprints = Fingerprints::new(file.name());
    file.findings
        .iter()
        .map(move |finding| item(file, finding, &places, fingerprints.next(finding)))
}

fn item<'r>(
    file: &'r FileReport,
    finding: &'r Finding,
    places: &Places<'_>,
    fingerprint: String,
) -> Item<'r> {
    let span = |place: Place| {
        let (start, end) = places.range(place);
        let before = file.document_at(place).offset;
        let point = |position: Position, offset: u32| Point {
            line: position.line,
            column: position.column,
            offset: offset.saturating_add(before),
        };
        Span {
            start: point(start, place.span.start),
            end: point(end, place.span.end),
        }
    };
    Item {
        rule: finding.rule.name,
        severity: finding.severity.name(),
        message: &finding.message,
        note: said(&finding.note),
        help: finding.help.as_deref(),
        url: page_url(finding.rule),
        declared: said(finding.rule.declared),
        file: file.name(),
        connection: said(&finding.connection),
        logical_path: said(&finding.path),
        span: span(finding.place),
        labels: (finding.labels.iter())
            .map(|label| Label {
                message: &label.text,
                file: &file.document_at(label.place).name,
                span: span(label.place),
            })
            .collect(),
        fixes: (finding.fixes.iter())
            .map(|fix| Mend {
                safety: fix.safety.name(),
                title: &fix.title,
                edits: (fix.edits.iter())
                    .map(|edit| Replacement {
                        span: span(Place {
                            span: edit.span,
                            ..finding.place
                        }),
                        replacement: &edit.replacement,
                    })
                    .collect(),
            })
            .collect(),
        fingerprint,
    }
}

/// A text, unless it is empty.
fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
