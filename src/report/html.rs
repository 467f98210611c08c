//! One page for a browser, such as an artefact of a build: charts, filters and the lines that each
//! finding is about.
//!
//! The page is complete in itself and asks the network for nothing. Filters need scripts, all else is
//! there without. Its links lead to places in it, and to the rules' pages.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use super::excerpt::{Excerpt, ShownLine, TAB};
use super::markup::{Piece, escaped, pieces};
use super::places::Places;
use super::statistics::tallies;
use super::{Renderer, Style, page_url, plain, sentence, summary};
use crate::diag::{Finding, Safety, count};
use crate::lint::{FileReport, Report};
use crate::spec::{self, Rule, Severity};
use crate::text::ColumnUnit;

/// For a browser.
pub(super) const RENDERER: Renderer = Renderer {
    name: "html",
    title: "One page for a browser, with charts and filters",
    is_text: false,
    render,
};

const STYLES: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Lines of documents are cut at this width.
const COLUMNS: usize = 110;

/// A chart has no more bars than this; the rest is counted.
const BARS: usize = 8;

/// From the worst on.
const SEVERITIES: [(Severity, &str, &str); 3] = [
    (Severity::Error, "Errors", "Error"),
    (Severity::Warning, "Warnings", "Warning"),
    (Severity::Info, "Info", "Info"),
];

/// How many findings have each severity, in that order.
type Counts = [usize; 3];

fn render(report: &Report, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <title>gluelint: {}</title>\n<style>\n{STYLES}</style>\n</head>\n<body>",
        escaped(&summary(report))
    )?;
    writeln!(
        out,
        "<header>\n<h1>gluelint report</h1>\n<p>{}</p>\n</header>\n<main>",
        escaped(&summary(report))
    )?;
    if report.files.is_empty() {
        let said = if report.connections > 0 {
            "Nothing to report."
        } else {
            "No document holds a connection, so there was nothing to check."
        };
        writeln!(out, "<p class=\"empty\">{said}</p>")?;
    } else {
        charts(report, out)?;
        filters(report, out)?;
        let style = Style {
            width: COLUMNS,
            ..Style::default()
        };
        for (index, file) in report.files.iter().enumerate() {
            section(file, index, &style, out)?;
        }
        writeln!(
            out,
            "<p class=\"empty\" id=\"none\" hidden>No finding matches these filters.</p>"
        )?;
        rules(report, out)?;
    }
    writeln!(
        out,
        "</main>\n<footer>gluelint {} · facts of {} · secrets are masked</footer>\n\
         <script>\n{SCRIPT}</script>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION"),
        spec::DATE
    )
}

fn counts(findings: &[Finding]) -> Counts {
    SEVERITIES.map(|(severity, ..)| findings.iter().filter(|it| it.severity == severity).count())
}

/// How many there are of each severity, of the most frequent rules, and in the worst files.
fn charts(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let all = SEVERITIES.map(|(severity, ..)| report.count(severity));
    writeln!(
        out,
        "<div class=\"charts\">\n<section class=\"chart\">\n<h2>By severity</h2>"
    )?;
    writeln!(out, "{}\n<ul class=\"tiles\">", bar(all, all.iter().sum()))?;
    for ((severity, plural, _), number) in SEVERITIES.iter().zip(all) {
        writeln!(
            out,
            "<li class=\"{}\"><b>{number}</b> {plural}</li>",
            severity.name()
        )?;
    }
    writeln!(out, "</ul>\n</section>")?;

    let mut rules: BTreeMap<&str, Counts> = BTreeMap::new();
    for tally in tallies(report) {
        let counts = rules.entry(tally.rule).or_default();
        for ((severity, ..), number) in SEVERITIES.iter().zip(counts) {
            *number += if *severity == tally.severity {
                tally.findings
            } else {
                0
            };
        }
    }
    let rules = (rules.into_iter())
        .map(|(rule, counts)| (format!("rule-{rule}"), Cow::Borrowed(rule), counts))
        .collect();
    chart("By rule", "rule", rules, out)?;
    let files = (report.files.iter().enumerate())
        .map(|(index, file)| {
            (
                format!("file-{index}"),
                escaped(file.name()),
                counts(&file.findings),
            )
        })
        .collect();
    chart("By file", "file", files, out)?;
    writeln!(out, "</div>")
}

/// A chart of what has a place in the page: its anchor, its name as HTML, and how often it was found.
fn chart(
    title: &str,
    thing: &str,
    mut rows: Vec<(String, Cow<'_, str>, Counts)>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let total = |counts: &Counts| counts.iter().sum::<usize>();
    // The sort is stable: what is equally frequent stays in the order of names.
    rows.sort_by_key(|(_, _, counts)| Reverse(total(counts)));
    let longest = rows.iter().map(|(_, _, counts)| total(counts)).max();
    writeln!(out, "<section class=\"chart\">\n<h2>{title}</h2>\n<table>")?;
    for (anchor, name, counts) in rows.iter().take(BARS) {
        writeln!(
            out,
            "<tr><th scope=\"row\"><a href=\"#{anchor}\" title=\"{name}\"><bdi>{name}</bdi></a></th><td>{}</td>\
             <td>{}</td></tr>",
            bar(*counts, longest.unwrap_or(1)),
            total(counts)
        )?;
    }
    writeln!(out, "</table>")?;
    let beyond = rows.len().saturating_sub(BARS);
    if beyond > 0 {
        writeln!(
            out,
            "<p>and {}</p>",
            count(beyond, &format!("more {thing}"))
        )?;
    }
    writeln!(out, "</section>")
}

/// A bar of one piece for each severity; the numbers stand beside it.
fn bar(counts: Counts, longest: usize) -> String {
    let mut bar = String::from(
        "<svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"track\" width=\"100\" height=\"1\"/>",
    );
    let mut before = 0;
    for ((severity, ..), number) in SEVERITIES.iter().zip(counts) {
        if number > 0 {
            // In hundredths of a percent: whole numbers are the same on every machine.
            let start = percent(before, longest);
            before += number;
            let width = percent(before, longest).saturating_sub(start);
            let _ = write!(
                bar,
                "<rect class=\"{}\" x=\"{}.{:02}\" width=\"{}.{:02}\" height=\"1\"/>",
                severity.name(),
                start / 100,
                start % 100,
                width / 100,
                width % 100
            );
        }
    }
    bar + "</svg>"
}

/// A share, in hundredths of a percent.
fn percent(number: usize, of: usize) -> usize {
    number * 10_000 / of.max(1)
}

/// The form that scripts show.
fn filters(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "<form id=\"filters\" role=\"search\" aria-label=\"Filter the findings\" hidden>\n<fieldset>\n\
         <legend>Severity</legend>"
    )?;
    for (severity, plural, _) in SEVERITIES {
        let number = report.count(severity);
        if number > 0 {
            writeln!(
                out,
                "<label><input type=\"checkbox\" name=\"severity\" value=\"{}\" checked> {plural} \
                 ({number})</label>",
                severity.name()
            )?;
        }
    }
    writeln!(
        out,
        "</fieldset>\n<label>Rule <select name=\"rule\"><option value=\"\">All rules</option>"
    )?;
    for rule in broken(report) {
        writeln!(out, "<option>{}</option>", rule.name)?;
    }
    writeln!(
        out,
        "</select></label>\n<label>File or text <input type=\"search\" name=\"text\" autocomplete=\"off\" \
         spellcheck=\"false\"></label>\n<button type=\"reset\">Show all</button>\n\
         <output aria-live=\"polite\"></output>\n</form>"
    )
}

/// The rules that have findings, by name.
fn broken(report: &Report) -> impl Iterator<Item = &'static Rule> {
    let mut rules: Vec<&Rule> = report.findings().map(|(_, it)| it.rule).collect();
    rules.sort_by_key(|rule| rule.name);
    rules.dedup();
    rules.into_iter()
}

/// A file with its findings.
fn section(
    file: &FileReport,
    index: usize,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    writeln!(
        out,
        "<section class=\"file\" id=\"file-{index}\">\n<h2>{}</h2>",
        escaped(file.name())
    )?;
    let places = Places::new(file, ColumnUnit::CodePoint);
    for finding in &file.findings {
        article(file, &places, finding, style, out)?;
    }
    writeln!(out, "</section>")
}

fn article(
    file: &FileReport,
    places: &Places<'_>,
    finding: &Finding,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let severity = finding.severity.name();
    let rule = finding.rule.name;
    let at = places.start(finding.place);
    let word = (SEVERITIES.iter())
        .find(|(one, ..)| *one == finding.severity)
        .map_or("", |(_, _, word)| word);
    writeln!(
        out,
        "<article class=\"{severity}\" data-rule=\"{rule}\">\n<h3><span class=\"badge\">{word}</span> {}</h3>",
        message(&finding.message)
    )?;
    write!(
        out,
        "<p class=\"where\">line {}, column {} · <a href=\"#rule-{rule}\">{rule}</a>",
        at.line, at.column
    )?;
    if !finding.connection.is_empty() {
        write!(out, " · connection {}", escaped(&finding.connection))?;
    }
    if !finding.path.is_empty() {
        write!(out, " · <code>{}</code>", escaped(&finding.path))?;
    }
    writeln!(out, "</p>")?;
    if !file.document.text.is_empty() {
        snippet(&Excerpt::new(file, places, finding, style), out)?;
    }
    notes(file, places, finding, out)?;
    if let Some(help) = &finding.help {
        writeln!(out, "<p class=\"help\">{}</p>", message(help))?;
    }
    for fix in &finding.fixes {
        let safety = match fix.safety {
            Safety::Safe => "a safe fix",
            Safety::Unsafe => "a fix to look at",
        };
        let title = message(&fix.title);
        writeln!(out, "<p class=\"fix\">There is {safety}: {title}.</p>")?;
    }
    writeln!(out, "</article>")
}

/// The lines around a finding.
fn snippet(excerpt: &Excerpt, out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, "<pre tabindex=\"0\">")?;
    let mut before: Option<(&str, usize)> = None;
    // What all lines are indented by only takes room.
    let indent = excerpt.lines().filter_map(|line| indent(&line)).min();
    for line in excerpt.lines() {
        match before {
            Some((document, number)) if document == line.document && number + 1 == line.number => {}
            Some((document, _)) if document == line.document => writeln!(out, "<i>⋮</i>")?,
            // The section has the name of the finding's own document.
            _ if line.is_other => write!(out, "<b>{}</b>", escaped(line.document))?,
            _ => {}
        }
        before = Some((line.document, line.number));
        write!(out, "<i>{}</i>", line.number)?;
        let mut done = indent.unwrap_or(0).min(line.text.len());
        let piece = |range| shown(line.text.get(range).unwrap_or_default());
        for (range, mark) in &line.marks {
            let start = range.start.max(done);
            let end = range.end.max(start);
            let class = if mark.primary { "" } else { " class=\"other\"" };
            write!(
                out,
                "{}<mark{class}>{}</mark>",
                piece(done..start),
                piece(start..end)
            )?;
            done = end;
        }
        writeln!(out, "{}", piece(done..line.text.len()))?;
    }
    writeln!(out, "</pre>")
}

/// How many blanks stand in front of a line that has something in it; none that are marked.
fn indent(line: &ShownLine<'_>) -> Option<usize> {
    let blanks = line.text.len() - line.text.trim_start_matches(' ').len();
    let marked = line.marks.first().map_or(blanks, |(range, _)| range.start);
    (blanks < line.text.len() || !line.marks.is_empty()).then_some(blanks.min(marked))
}

/// A piece of a line. Tabs would count from the line's number on.
fn shown(text: &str) -> String {
    let pieces: Vec<_> = text.split('\t').map(escaped).collect();
    pieces.join(&" ".repeat(TAB))
}

/// What stands beside the marks.
fn notes(
    file: &FileReport,
    places: &Places<'_>,
    finding: &Finding,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if finding.note.is_empty() && finding.labels.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul class=\"notes\">")?;
    if !finding.note.is_empty() {
        let line = places.start(finding.place).line;
        writeln!(out, "<li>line {line}: {}</li>", message(&finding.note))?;
    }
    for label in &finding.labels {
        let other = file.others.get(&label.place.file);
        let home = other.map_or_else(String::new, |other| format!("{}, ", escaped(&other.name)));
        let line = places.start(label.place).line;
        writeln!(
            out,
            "<li class=\"other\">{home}line {line}: {}</li>",
            message(&label.text)
        )?;
    }
    writeln!(out, "</ul>")
}

/// A message, with code where it has backticks.
fn message(text: &str) -> String {
    let text = plain(text);
    match pieces(&text) {
        Some(pieces) => pieces
            .map(|piece| match piece {
                Piece::Prose(text) => escaped(text).into_owned(),
                Piece::Code(text) => format!("<code>{}</code>", escaped(text)),
            })
            .collect(),
        None => escaped(&text).into_owned(),
    }
}

/// What the rules that have findings are about.
fn rules(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "<section class=\"rules\">\n<h2>Rules in this report</h2>\n<dl>"
    )?;
    for rule in broken(report) {
        writeln!(
            out,
            "<dt id=\"rule-{}\"><a href=\"{}\">{}</a></dt><dd>{} {}</dd>",
            rule.name,
            escaped(&page_url(rule)),
            rule.name,
            message(&sentence(rule.page.title())),
            message(rule.page.summary())
        )?;
    }
    writeln!(out, "</dl>\n</section>")
}
