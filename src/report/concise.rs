//! One line for each finding: `path:line:column: severity rule: message`.

use std::io;

use super::places::Places;
use super::{Renderer, Style, plain, rule_name, summary};
use crate::lint::Report;
use crate::spec::Severity;
use crate::text::ColumnUnit;

/// For editors, `grep` and short logs.
pub(super) const RENDERER: Renderer = Renderer {
    name: "concise",
    title: "one line for each finding",
    render,
};

fn render(report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for file in &report.files {
        let name = plain(&file.name);
        let places = Places::new(file, ColumnUnit::CodePoint);
        for finding in &file.findings {
            let at = places.position(finding.place.span.start);
            writeln!(
                out,
                "{name}:{}:{}: {} {}: {}",
                at.line,
                at.column,
                severity(finding.severity, style),
                rule_name(finding.rule, style),
                plain(&finding.message),
            )?;
        }
    }
    writeln!(out, "{}", summary(report))
}

/// The colours are those of `full`.
fn severity(severity: Severity, style: &Style) -> String {
    let name = severity.name();
    let color = match severity {
        Severity::Error => 31,
        Severity::Warning => 33,
        Severity::Info => 36,
    };
    if style.color {
        format!("\x1b[{color}m{name}\x1b[0m")
    } else {
        name.to_owned()
    }
}
