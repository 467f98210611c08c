//! A table for each file, for comments of pull requests, wikis and chats.

use std::io::{self, Write as _};

use super::markup::{Piece, pieces};
use super::places::Places;
use super::{Renderer, Style, page_url, plain, summary};
use crate::diag::{Finding, count};
use crate::lint::Report;
use crate::spec::Severity;
use crate::text::ColumnUnit;

/// For comments of pull requests.
pub(super) const RENDERER: Renderer = Renderer {
    name: "markdown",
    title: "Markdown with a table per file, for comments in pull requests",
    is_text: false,
    render,
};

/// GitHub takes 1 MiB of a step; others may write into its summary too.
const STEP_SUMMARY: usize = 512 * 1024;

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    write(report, usize::MAX, out)
}

/// Writes Markdown for the summary of a step of GitHub Actions, which takes but so much: if need be,
/// the end of the report is replaced by the number of findings that it has.
///
/// # Errors
///
/// Those of the writer.
pub fn step_summary(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    write(report, STEP_SUMMARY, out)
}

/// Writes rows until about so many bytes are written.
fn write(report: &Report, limit: usize, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "### gluelint: {}", inline(&summary(report)))?;
    let mut left = limit;
    let mut beyond = 0;
    let mut table = Vec::new();
    for file in &report.files {
        if left == 0 {
            beyond += file.findings.len();
            continue;
        }
        table.clear();
        let places = Places::new(file, ColumnUnit::CodePoint);
        writeln!(
            table,
            "\n#### {}\n\n| Place | Severity | Finding | Rule |\n|---|---|---|---|",
            code(file.name())
        )?;
        for finding in &file.findings {
            if table.len() > left {
                beyond += 1;
                continue;
            }
            let at = places.start(finding.place);
            writeln!(
                table,
                "| {}:{} | {} | {} | [`{}`]({}) |",
                at.line,
                at.column,
                severity(finding.severity),
                said(finding),
                finding.rule.name,
                page_url(finding.rule),
            )?;
        }
        left = left.saturating_sub(table.len());
        out.write_all(&table)?;
    }
    if beyond > 0 {
        let beyond = count(beyond, "more finding");
        writeln!(out, "\nand {beyond}, for which there is no room here")?;
    }
    Ok(())
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\u{1F534} error",
        Severity::Warning => "\u{1F7E1} warning",
        Severity::Info => "\u{1F535} info",
    }
}

/// The message, and what to do.
fn said(finding: &Finding) -> String {
    let message = inline(&finding.message);
    match &finding.help {
        Some(help) => format!("{message}<br>{}", inline(help)),
        None => message,
    }
}

/// A message, in which only backticks are Markdown.
fn inline(message: &str) -> String {
    let message = plain(message);
    match pieces(&message) {
        Some(pieces) => (pieces)
            .map(|piece| match piece {
                Piece::Prose(text) => prose(text),
                Piece::Code(text) => code(text),
            })
            .collect(),
        None => prose(&message),
    }
}

/// A text as code, whatever is in it.
fn code(text: &str) -> String {
    let text = plain(text);
    // What has a meaning in a table, or ends the code; and tags, which careless readers obey in code.
    if text.is_empty() || text.contains(['`', '|', '\\', '<']) || text.trim() != text {
        format!("<code>{}</code>", prose(&text))
    } else {
        format!("`{text}`")
    }
}

/// A text in which nothing is Markdown, HTML, a link or a mention.
fn prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '|' | '#' | '@' | '$' => {
                prose += &format!("&#{};", u32::from(character));
            }
            // A scheme makes a link.
            ':' if characters.peek().is_some_and(|next| *next != ' ') => prose.push_str("&#58;"),
            '&' => prose.push_str("&amp;"),
            '<' => prose.push_str("&lt;"),
            '>' => prose.push_str("&gt;"),
            other => prose.push(other),
        }
    }
    prose.replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_its_code_and_nothing_else_is_markup() {
        assert_eq!(
            inline("`a_b` is *no* <b>"),
            "`a_b` is &#42;no&#42; &lt;b&gt;"
        );
        assert_eq!(inline("`a|b`"), "<code>a&#124;b</code>");
        assert_eq!(inline("`x\\`"), "<code>x&#92;</code>");
        // Whose backticks they are cannot be told.
        assert_eq!(inline("`a`<b>`"), "&#96;a&#96;&lt;b&gt;&#96;");
        assert_eq!(inline("``<b>``"), "&#96;&#96;&lt;b&gt;&#96;&#96;");
        assert_eq!(
            inline("@team see http://x.y"),
            "&#64;team see http&#58;//x.y"
        );
    }
}
