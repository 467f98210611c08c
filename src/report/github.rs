//! Workflow commands of GitHub Actions, which become annotations of the lines they are about.
//!
//! GitHub keeps ten errors, ten warnings and ten notices of a step and drops the rest without a word. So
//! errors come first, and the last notice says how many findings there are beyond. The Markdown of
//! `step_summary` has room for them.

use std::io;

use super::places::Places;
use super::{Renderer, Style, plain, said_with_help, summary};
use crate::diag::{Finding, count};
use crate::lint::{FileReport, Report};
use crate::spec::Severity;
use crate::text::ColumnUnit;

/// For GitHub Actions.
pub(super) const RENDERER: Renderer = Renderer {
    name: "github",
    title: "Annotations of GitHub Actions, and a table in the job's summary",
    is_text: false,
    render,
};

/// How many annotations of one kind GitHub keeps of a step.
const LIMIT: usize = 10;

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let all = [
        ("error", Severity::Error, LIMIT),
        ("warning", Severity::Warning, LIMIT),
        // One is left for the number of the rest.
        ("notice", Severity::Info, LIMIT - 1),
    ];
    let mut rest = Vec::new();
    for (command, severity, limit) in all {
        let mut left = limit;
        for file in &report.files {
            let places = Places::new(file, ColumnUnit::CodePoint);
            let findings = file.findings.iter().filter(|it| it.severity == severity);
            for finding in findings.take(left) {
                left -= 1;
                writeln!(out, "::{command} {}", annotation(file, finding, &places))?;
            }
        }
        let thing = match severity {
            Severity::Error => "more error",
            Severity::Warning => "more warning",
            Severity::Info => "more info finding",
        };
        let beyond = report.count(severity).saturating_sub(limit);
        if beyond > 0 {
            rest.push(count(beyond, thing));
        }
    }
    if !rest.is_empty() {
        writeln!(
            out,
            "::notice title=gluelint::and {}: GitHub shows only {LIMIT} annotations of a kind for a step; \
             the job's summary lists all findings",
            rest.join(", ")
        )?;
    }
    writeln!(out, "{}", summary(report))
}

/// What stands behind the command's name.
fn annotation(file: &FileReport, finding: &Finding, places: &Places<'_>) -> String {
    let (start, end) = places.range_in_lines(finding.place);
    let mut place = format!(
        "file={},line={},endLine={}",
        property(file.name()),
        start.line,
        end.line
    );
    // Columns over several lines would be of different lines.
    if start.line == end.line {
        place += &format!(",col={},endColumn={}", start.column, end.column);
    }
    format!(
        "{place},title={}::{}",
        property(&format!("gluelint ({})", finding.rule.name)),
        data(&plain(&said_with_help(finding)))
    )
}

/// A text behind the last `::`: the runner decodes these three.
fn data(text: &str) -> String {
    (text.replace('%', "%25"))
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, where colons and commas are syntax too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_syntax_is_encoded() {
        assert_eq!(data("50% of\r\na: b, c"), "50%25 of%0D%0Aa: b, c");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
