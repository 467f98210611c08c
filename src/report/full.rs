//! For people at a terminal: each finding with the lines that it is about.

use std::fmt;
use std::io;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters,
    ThemeStyles,
};
use unicode_width::UnicodeWidthStr;

use super::excerpt::{CONTEXT, Excerpt, TAB};
use super::places::Places;
use super::{Renderer, Style, paint, plain, rule_name};
use crate::diag::Finding;
use crate::lint::{FileReport, Report};
use crate::spec::Severity;
use crate::text::ColumnUnit;

/// For people.
pub(super) const RENDERER: Renderer = Renderer {
    name: "full",
    title: "Each finding with the lines it is about, for people",
    is_text: true,
    render,
};

/// A note with fewer columns than this beside its underline is not broken: it reads better when
/// the terminal does that.
const LEAST_ROOM: usize = 12;

fn render(report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let theme = theme(style);
    let handler = GraphicalReportHandler::new_themed(theme.clone())
        .with_width(style.width)
        .with_context_lines(CONTEXT)
        .tab_width(TAB)
        .without_cause_chain();
    let mut text = String::new();
    for file in &report.files {
        let places = Places::new(file, ColumnUnit::CodePoint);
        for finding in &file.findings {
            let shown = Shown::new(file, &places, finding, style);
            let handler = handler.clone().with_theme(shown.painted(&theme));
            writeln!(out, "{}", heading(file, finding, style))?;
            if shown.excerpt.is_some() {
                text.clear();
                handler
                    .render_report(&mut text, &shown)
                    .map_err(io::Error::other)?;
                // miette begins with a line for the message, which the heading has said.
                for line in text.lines().skip(1) {
                    writeln!(out, "{}", line.trim_end_matches(' '))?;
                }
            }
            if let Some(help) = &finding.help {
                writeln!(out, "{}", advice(help, style))?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// `error[rule]: message`, in as few lines as the terminal allows.
fn heading(file: &FileReport, finding: &Finding, style: &Style) -> String {
    let severity = finding.severity.name();
    let label = format!("{severity}[{}]", rule_name(finding.rule, style));
    let heading = paint(&label, finding.severity, style) + ":";
    let mut message = String::new();
    if file.document.text.is_empty() {
        // There is no snippet to name the document.
        message = format!("{}: ", plain(file.name()));
    }
    message += &plain(&finding.message);
    // Brackets and colon belong to it.
    let used = severity.len() + finding.rule.name.len() + 3;
    heading + &wrap(&message, style.width, used, "  ")
}

/// `help: what to do`
fn advice(help: &str, style: &Style) -> String {
    const LABEL: &str = "  help:";
    let label = paint(LABEL, Severity::Info, style);
    label + &wrap(&plain(help), style.width, LABEL.len(), "        ")
}

fn theme(style: &Style) -> GraphicalTheme {
    GraphicalTheme {
        characters: if style.unicode {
            ThemeCharacters::unicode()
        } else {
            ThemeCharacters::ascii()
        },
        styles: if style.color {
            ThemeStyles::ansi()
        } else {
            ThemeStyles::none()
        },
    }
}

/// A finding as miette takes it.
#[derive(Debug)]
struct Shown<'r> {
    finding: &'r Finding,
    /// None for a document that could not be read.
    excerpt: Option<Excerpt>,
}

impl<'r> Shown<'r> {
    fn new(
        file: &FileReport,
        places: &Places<'_>,
        finding: &'r Finding,
        style: &Style,
    ) -> Shown<'r> {
        let excerpt = (!file.document.text.is_empty()).then(|| {
            let mut excerpt = Excerpt::new(file, places, finding, style);
            wrap_notes(&mut excerpt, style);
            excerpt
        });
        Shown { finding, excerpt }
    }

    /// The theme, with the colours of the marks: the finding's own place has that of its weight.
    fn painted(&self, theme: &GraphicalTheme) -> GraphicalTheme {
        let mut theme = theme.clone();
        let styles = &mut theme.styles;
        let own = match self.finding.severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Info => styles.advice,
        };
        let other = styles.highlights.first().copied().unwrap_or_default();
        let marks = self.excerpt.iter().flat_map(|excerpt| &excerpt.marks);
        styles.highlights = marks
            .map(|mark| if mark.primary { own } else { other })
            .collect();
        theme
    }
}

/// Breaks notes that would run out of the terminal into several lines.
fn wrap_notes(excerpt: &mut Excerpt, style: &Style) {
    for index in 0..excerpt.marks.len() {
        let room = style.width.saturating_sub(excerpt.column_of_note(index));
        if let Some(mark) = excerpt.marks.get_mut(index)
            && room >= LEAST_ROOM
            && mark.note.width() > room
        {
            mark.note = wrap(&mark.note, room, 0, "");
        }
    }
}

/// Breaks a text between words, so that its lines have at most so many columns if they can. Of the
/// first line, so many columns are used already; the others begin with the indent.
fn wrap(text: &str, columns: usize, mut used: usize, indent: &str) -> String {
    let mut wrapped = String::with_capacity(text.len());
    let mut is_empty = used == 0;
    for word in text.split(' ') {
        if !is_empty && used + 1 + word.width() > columns {
            wrapped.push('\n');
            wrapped.push_str(indent);
            used = indent.len();
        } else if !is_empty {
            wrapped.push(' ');
            used += 1;
        }
        wrapped.push_str(word);
        used += word.width();
        is_empty = false;
    }
    wrapped
}

/// Nothing: the heading has the message.
impl fmt::Display for Shown<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt
            .as_ref()
            .map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let marks = &self.excerpt.as_ref()?.marks;
        Some(Box::new(marks.iter().map(|mark| {
            let note = (!mark.note.is_empty()).then(|| mark.note.clone());
            let span = mark.range.clone();
            if mark.primary {
                LabeledSpan::new_primary_with_span(note, span)
            } else {
                LabeledSpan::new_with_span(note, span)
            }
        })))
    }
}
