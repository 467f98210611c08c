//! How often each rule was broken.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::diag::count;
use crate::lint::Report;
use crate::spec::Severity;

/// How often a rule was broken, with what weight, and in how many files.
pub(super) struct Tally {
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    pub(super) findings: usize,
    pub(super) files: usize,
}

/// The rules that were broken, the most frequent first. A rule that weighs more in one place than in
/// another is listed for each weight.
pub(super) fn tallies(report: &Report) -> Vec<Tally> {
    let mut seen: BTreeMap<(&'static str, Severity), (usize, BTreeSet<&str>)> = BTreeMap::new();
    for (file, finding) in report.findings() {
        let (findings, files) = (seen.entry((finding.rule.name, finding.severity))).or_default();
        *findings += 1;
        files.insert(file.name());
    }
    let mut tallies: Vec<Tally> = (seen.into_iter())
        .map(|((rule, severity), (findings, files))| Tally {
            rule,
            severity,
            findings,
            files: files.len(),
        })
        .collect();
    tallies.sort_by_key(|tally| (Reverse(tally.findings), Reverse(tally.severity), tally.rule));
    tallies
}

/// One line for each rule that was broken: how often, with what weight, and in how many files.
pub fn statistics(report: &Report) -> String {
    let tallies = tallies(report);
    let width = |text: fn(&Tally) -> usize| tallies.iter().map(text).max().unwrap_or(0);
    let number = width(|tally| tally.findings.to_string().len());
    let name = width(|tally| tally.rule.len());
    let mut lines = String::new();
    for tally in &tallies {
        let _ = writeln!(
            lines,
            "{:>number$}  {:7}  {:name$}  in {}",
            tally.findings,
            tally.severity.name(),
            tally.rule,
            count(tally.files, "file"),
        );
    }
    lines
}
