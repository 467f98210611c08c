//! The last line for people: how much was found, in how much.

use crate::diag::{Safety, count};
use crate::lint::Report;
use crate::spec::Severity;

/// Says in one line what a run found and how much it looked at.
pub fn summary(report: &Report) -> String {
    let found: Vec<String> = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "info finding"),
    ]
    .into_iter()
    .map(|(severity, thing)| (report.count(severity), thing))
    .filter(|(number, _)| *number > 0)
    .map(|(number, thing)| count(number, thing))
    .collect();
    let connections = count(report.connections, "connection");
    let files = count(report.looked_at, "file");
    let mut line = if !found.is_empty() {
        let found = found.join(", ");
        if report.files.len() == report.looked_at {
            format!("{found} in {files} ({connections})")
        } else {
            format!(
                "{found} in {} of {files} ({connections})",
                report.files.len()
            )
        }
    } else if report.connections > 0 {
        format!("No problems in {files} ({connections})")
    } else {
        format!("No connections found in {files}")
    };
    if report.allowed() > 0 {
        line += &format!("; {} allowed", report.allowed());
    }
    if report.unreadable > 0 {
        line += &format!(
            "; {} could not be read in full",
            count(report.unreadable, "file")
        );
    }
    if report.known > 0 {
        let known = count(report.known, "known finding");
        line += &format!("; {known} not shown (baseline)");
    }
    line + &fixable(report)
}

/// Says how many findings can be fixed, if any can.
fn fixable(report: &Report) -> String {
    let (mut safe, mut unsafe_only) = (0, 0);
    for (_, finding) in report.findings() {
        match finding.fixes.iter().map(|fix| fix.safety).min() {
            Some(Safety::Safe) => safe += 1,
            Some(Safety::Unsafe) => unsafe_only += 1,
            None => {}
        }
    }
    match (safe, unsafe_only) {
        (0, 0) => String::new(),
        (_, 0) => format!("; {safe} fixable with --fix"),
        (0, _) => format!("; {unsafe_only} fixable with --fix --unsafe-fixes"),
        _ => format!("; {safe} fixable with --fix, {unsafe_only} more with --unsafe-fixes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_findings_says_what_it_looked_at() {
        let mut report = Report {
            looked_at: 14,
            ..Report::default()
        };
        assert_eq!(summary(&report), "No connections found in 14 files");
        report.connections = 1;
        assert_eq!(summary(&report), "No problems in 14 files (1 connection)");
        report.unreadable = 1;
        assert_eq!(
            summary(&report),
            "No problems in 14 files (1 connection); 1 file could not be read in full"
        );
        (report.unreadable, report.known) = (0, 2);
        assert_eq!(
            summary(&report),
            "No problems in 14 files (1 connection); 2 known findings not shown (baseline)"
        );
    }
}
