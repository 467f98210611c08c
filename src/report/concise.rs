//! One line for each finding: `path:line:column: severity rule: message`.

use std::io;

use super::places::Places;
use super::{Renderer, Style, paint, plain, rule_name};
use crate::lint::Report;
use crate::text::ColumnUnit;

/// For editors, `grep` and short logs.
pub(super) const RENDERER: Renderer = Renderer {
    name: "concise",
    title: "One line per finding, for editors and short logs",
    is_text: true,
    render,
};

fn render(report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for file in &report.files {
        let name = plain(file.name());
        let places = Places::new(file, ColumnUnit::CodePoint);
        for finding in &file.findings {
            let at = places.start(finding.place);
            writeln!(
                out,
                "{name}:{}:{}: {} {}: {}",
                at.line,
                at.column,
                paint(finding.severity.name(), finding.severity, style),
                rule_name(finding.rule, style),
                plain(&finding.message),
            )?;
        }
    }
    Ok(())
}
