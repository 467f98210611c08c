//! Checkstyle's XML report, which many dashboards and plugins of build servers read.

use std::io;

use super::markup::escaped;
use super::places::Places;
use super::{Renderer, Style, said_with_help};
use crate::lint::Report;
use crate::text::ColumnUnit;

/// For Jenkins' Warnings plugin and its like.
pub(super) const RENDERER: Renderer = Renderer {
    name: "checkstyle",
    title: "Checkstyle's XML, for dashboards and plugins of build servers",
    is_text: false,
    render,
};

/// The version whose layout is followed; readers expect one.
const VERSION: &str = "4.3";

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<checkstyle version="{VERSION}">"#)?;
    for file in &report.files {
        let places = Places::new(file, ColumnUnit::CodePoint);
        writeln!(out, r#"  <file name="{}">"#, escaped(file.name()))?;
        for finding in &file.findings {
            let at = places.start(finding.place);
            writeln!(
                out,
                r#"    <error line="{}" column="{}" severity="{}" message="{}" source="gluelint.{}"/>"#,
                at.line,
                at.column,
                // Checkstyle's severities have the names of ours.
                finding.severity.name(),
                escaped(&said_with_help(finding)),
                finding.rule.name,
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}
