//! A Code Quality report, which GitLab shows in merge requests: the members that it documents, and no
//! others. Paths have to be relative to the repository.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;

use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::places::Places;
use super::{Renderer, Style, said_with_help};
use crate::diag::Finding;
use crate::lint::{FileReport, Report};
use crate::spec::Severity;
use crate::text::ColumnUnit;

/// For merge requests on GitLab.
pub(super) const RENDERER: Renderer = Renderer {
    name: "gitlab",
    title: "A Code Quality report, for merge requests on GitLab",
    is_text: false,
    render,
};

#[derive(Serialize)]
struct Violation<'r> {
    description: Cow<'r, str>,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    // GitLab takes findings of one fingerprint for one. A file that was given twice has the same twice.
    let mut seen = BTreeSet::new();
    let mut violations: Vec<Violation<'_>> = Vec::new();
    for file in &report.files {
        let places = Places::new(file, ColumnUnit::CodePoint);
        let mut fingerprints = Fingerprints::new(file.name());
        for finding in &file.findings {
            let fingerprint = fingerprints.next(finding);
            if seen.insert(fingerprint.clone()) {
                violations.push(violation(file, finding, &places, fingerprint));
            }
        }
    }
    serde_json::to_writer_pretty(&mut *out, &violations)?;
    writeln!(out)
}

fn violation<'r>(
    file: &'r FileReport,
    finding: &'r Finding,
    places: &Places<'_>,
    fingerprint: String,
) -> Violation<'r> {
    Violation {
        description: said_with_help(finding),
        check_name: finding.rule.name,
        fingerprint,
        severity: match finding.severity {
            // The deployment fails, or the job.
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        },
        location: Location {
            path: file.name(),
            lines: Lines {
                begin: places.start(finding.place).line,
            },
        },
    }
}
