//! The last line for people: how much was found, in how much.

use crate::diag::count;
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
    if report.unreadable > 0 {
        line += &format!(
            "; {} could not be read in full",
            count(report.unreadable, "file")
        );
    }
    line
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
    }
}
