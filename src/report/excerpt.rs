//! The few lines of a document that show a finding, and those of other documents.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::places::Places;
use super::{Style, hides, plain};
use crate::diag::Finding;
use crate::lint::{Document, FileReport};
use crate::text::{FileId, Place, Position, Span};

/// How many lines to show above and below a line with a mark.
pub(super) const CONTEXT: usize = 1;

/// Tabs reach to the next multiple of this.
pub(super) const TAB: usize = 4;

/// Fewer columns than this are not worth a snippet; the terminal may wrap it.
const NARROW: usize = 24;

/// The lines around a finding's marks, made fit for a terminal: long ones are cut to what surrounds
/// the marks, and no control character is left in them. What it costs to take one, and to render
/// it, depends on the width of the terminal and not on the size of the document.
#[derive(Debug)]
pub(super) struct Excerpt {
    /// The documents' names.
    names: BTreeMap<Home, String>,
    /// The lines, each with a line feed behind it.
    text: String,
    lines: Vec<Line>,
    /// How many columns stand in front of each line.
    margin: usize,
    /// What to underline, line by line, from left to right: the finding's place and its labels.
    pub(super) marks: Vec<Mark>,
}

/// Which document: the finding's own, which comes first, or another.
type Home = Option<FileId>;

#[derive(Debug)]
struct Line {
    /// The document, and the 0-based number in it.
    number: (Home, usize),
    /// Where it begins in the excerpt.
    start: usize,
}

/// Something to underline. It lies on one line.
#[derive(Debug)]
pub(super) struct Mark {
    /// Where it is in the excerpt.
    pub(super) range: Range<usize>,
    /// Whether it is the finding's own place.
    pub(super) primary: bool,
    /// A few words beside it; may be empty.
    pub(super) note: String,
    /// Where it is in the document.
    position: Position,
    /// The document and the 0-based number of its line, and where it is in it.
    line: (Home, usize),
    source: Range<usize>,
}

/// A line of an excerpt.
pub(super) struct ShownLine<'e> {
    /// The name of its document.
    pub(super) document: &'e str,
    /// Whether that is not the finding's own.
    pub(super) is_other: bool,
    /// Its 1-based number.
    pub(super) number: usize,
    /// Its text, without a line break.
    pub(super) text: &'e str,
    /// What to underline in it, from left to right, in bytes of its text.
    pub(super) marks: Vec<(Range<usize>, &'e Mark)>,
}

impl Excerpt {
    /// The lines around a finding in a document.
    pub(super) fn new(
        file: &FileReport,
        places: &Places<'_>,
        finding: &Finding,
        style: &Style,
    ) -> Excerpt {
        let labels = (finding.labels.iter()).map(|label| (label.place, &label.text, false));
        let home = |place: Place| (file.others.contains_key(&place.file)).then_some(place.file);
        let mut marks: Vec<Mark> = std::iter::once((finding.place, &finding.note, true))
            .chain(labels)
            .map(|(place, note, primary)| {
                let (line, source) = first_line(file.document_at(place), place.span);
                Mark {
                    range: 0..0,
                    primary,
                    note: plain(note).into_owned(),
                    position: places.start(place),
                    line: (home(place), line),
                    source,
                }
            })
            .collect();
        marks.sort_by_key(|mark| (mark.line, mark.source.start));

        let document =
            |home: Home| (home.and_then(|other| file.others.get(&other))).unwrap_or(&file.document);
        let numbers: BTreeSet<(Home, usize)> = (marks.iter())
            .flat_map(|mark| {
                let (home, line) = mark.line;
                let last = (line + CONTEXT).min(last_line(document(home)).max(line));
                (line.saturating_sub(CONTEXT)..=last).map(move |line| (home, line))
            })
            .collect();
        let last = numbers.iter().map(|(_, line)| line + 1).max();
        let digits = last.map_or(1, |last| last.to_string().len());
        // A line's number, a bar and three blanks.
        let margin = digits + 4;
        let budget = style.width.saturating_sub(margin).max(NARROW);

        let mut excerpt = Excerpt {
            names: (numbers.iter())
                .map(|(home, _)| (*home, plain(&document(*home).name).into_owned()))
                .collect(),
            text: String::new(),
            lines: Vec::with_capacity(numbers.len()),
            margin,
            marks,
        };
        for number in numbers {
            excerpt.lines.push(Line {
                number,
                start: excerpt.text.len(),
            });
            let document = document(number.0);
            let line = document.lines.line(&document.text, number.1);
            let first = excerpt.marks.partition_point(|mark| mark.line < number);
            let behind = excerpt.marks.partition_point(|mark| mark.line <= number);
            let marks = excerpt.marks.get_mut(first..behind).unwrap_or_default();
            show(line, marks, budget, style.unicode, &mut excerpt.text);
            excerpt.text.push('\n');
        }
        excerpt
    }

    /// The lines, for outputs that draw them themselves.
    pub(super) fn lines(&self) -> impl Iterator<Item = ShownLine<'_>> {
        (self.lines.iter().enumerate()).map(|(index, line)| {
            let (home, number) = line.number;
            let range = self.start(index)..self.start(index + 1).saturating_sub(1);
            let marks = (self.marks.iter()).filter(|mark| mark.line == line.number);
            ShownLine {
                document: self.names.get(&home).map_or("", String::as_str),
                is_other: home.is_some(),
                number: number + 1,
                text: self.text.get(range.clone()).unwrap_or_default(),
                marks: marks
                    .map(|mark| (within(&mark.range, &range), mark))
                    .collect(),
            }
        })
    }

    /// The index of the line that holds an offset of the excerpt.
    fn line_at(&self, offset: usize) -> usize {
        let behind = self.lines.partition_point(|line| line.start <= offset);
        behind.saturating_sub(1)
    }

    fn number(&self, index: usize) -> Option<(Home, usize)> {
        self.lines.get(index).map(|line| line.number)
    }

    fn start(&self, index: usize) -> usize {
        (self.lines.get(index)).map_or(self.text.len(), |line| line.start)
    }

    /// In which column of the terminal miette begins the note of a mark: it hangs on the middle of
    /// the underline, behind a corner and a blank.
    pub(super) fn column_of_note(&self, mark: usize) -> usize {
        let Some(mark) = self.marks.get(mark) else {
            return 0;
        };
        let start = self.column(mark.range.start);
        let end = self.column(mark.range.end).max(start + 1);
        self.margin + (start + end) / 2 + 4
    }

    /// How many columns of its line stand in front of an offset, where tabs are wide.
    fn column(&self, offset: usize) -> usize {
        let line = self.text.get(self.start(self.line_at(offset))..offset);
        (line.unwrap_or_default().chars()).fold(0, |column, character| match character {
            '\t' => column + TAB - column % TAB,
            other => column + other.width().unwrap_or(0),
        })
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let contents = |range: Range<usize>, line, column, count| {
            let data = self
                .text
                .get(range.clone())
                .ok_or(MietteError::OutOfBounds)?;
            let home = self
                .number(self.line_at(range.start))
                .and_then(|(home, _)| home);
            let name = self.names.get(&home).cloned().unwrap_or_default();
            let span = SourceSpan::from(range);
            let bytes = data.as_bytes();
            Ok::<Box<dyn SpanContents<'a> + 'a>, MietteError>(Box::new(
                MietteSpanContents::new_named(name, bytes, span, line, column, count),
            ))
        };
        if (before, after) == (0, 0) {
            // The question is where a mark begins.
            let mark = (self.marks.iter()).find(|mark| mark.range.start == range.start);
            let mark = mark.ok_or(MietteError::OutOfBounds)?;
            let Position { line, column } = mark.position;
            return contents(range, line as usize - 1, column as usize - 1, 1);
        }
        let neighbours = |left: usize, right: usize| {
            (self.number(left).zip(self.number(right)))
                .is_some_and(|((home, left), right)| (home, left + 1) == right)
        };
        let mut first = self.line_at(range.start);
        let mut last = self.line_at(range.end);
        if !(first..last).all(|index| neighbours(index, index + 1)) {
            // Lines between are missing: miette shows the marks in frames of their own.
            return Err(MietteError::OutOfBounds);
        }
        for _ in 0..before {
            first -= usize::from(first > 0 && neighbours(first - 1, first));
        }
        for _ in 0..after {
            last += usize::from(neighbours(last, last + 1));
        }
        let (_, number) = self.number(first).ok_or(MietteError::OutOfBounds)?;
        let range = self.start(first)..self.start(last + 1);
        contents(range, number, 0, last + 1 - first)
    }
}

/// The 0-based number of the last line worth showing: the text behind the last line break is no
/// line if it is empty.
fn last_line(document: &Document) -> usize {
    (document.lines.count()).saturating_sub(1 + usize::from(document.text.ends_with('\n')))
}

/// The 0-based number of the line on which a span begins, and what it covers of that line.
fn first_line(document: &Document, span: Span) -> (usize, Range<usize>) {
    let number = document.lines.index_of(span.start);
    let start = document.lines.start_of(number);
    let line = document.lines.line(&document.text, number);
    let within = |offset: u32| offset.saturating_sub(start) as usize;
    let begin = line.floor_char_boundary(within(span.start));
    let end = line.ceil_char_boundary(within(span.end).min(line.len()));
    (number, begin..end.max(begin))
}

/// Shows a line in `budget` columns: all of it, or else what surrounds its marks. Tells the marks
/// where they came to lie.
fn show(line: &str, marks: &mut [Mark], budget: usize, unicode: bool, out: &mut String) {
    let ellipsis = if unicode { "…" } else { "..." };
    let windows = if forth(line, 0, budget) == line.len() {
        std::iter::once(0..line.len()).collect()
    } else {
        windows(line, marks, budget, ellipsis.chars().count())
    };
    let mut behind = 0;
    for window in windows {
        if window.start > behind {
            out.push_str(ellipsis);
        }
        let text = line.get(window.clone()).unwrap_or_default();
        for (offset, character) in text.char_indices() {
            settle(marks, window.start + offset, out.len());
            out.push(visible(character, unicode));
        }
        behind = window.end;
        settle(marks, behind, out.len());
    }
    if behind < line.len() {
        out.push_str(ellipsis);
    }
    // What ends behind the last window ends with the line.
    for mark in marks.iter_mut().filter(|mark| mark.source.end > behind) {
        mark.range.end = out.len();
    }
}

/// A range of the excerpt, counted from where the line of that range begins.
fn within(range: &Range<usize>, line: &Range<usize>) -> Range<usize> {
    let place = |offset: usize| offset.clamp(line.start, line.end) - line.start;
    place(range.start)..place(range.end)
}

/// Notes that the byte `offset` of the line is shown at `at`.
fn settle(marks: &mut [Mark], offset: usize, at: usize) {
    for mark in marks {
        if mark.source.start == offset {
            mark.range = at..at;
        }
        if mark.source.start <= offset && offset <= mark.source.end {
            mark.range.end = at;
        }
    }
}

/// The parts to show of a line that is too long: what surrounds each mark, none overlapping or
/// touching another.
fn windows(line: &str, marks: &[Mark], budget: usize, ellipsis: usize) -> Vec<Range<usize>> {
    if marks.is_empty() {
        let end = forth(line, 0, budget.saturating_sub(ellipsis));
        return std::iter::once(0..end).collect();
    }
    let share = (budget / marks.len()).saturating_sub(2 * ellipsis).max(1);
    let mut windows: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        let window = window(line, &mark.source, share);
        match windows.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => windows.push(window),
        }
    }
    windows
}

/// The part of a line that fits into `budget` columns and shows a range of it, or how it begins,
/// and as much on the left as on the right.
fn window(line: &str, range: &Range<usize>, budget: usize) -> Range<usize> {
    let cut = forth(line, range.start, budget * 3 / 4).min(range.end);
    let rest = budget.saturating_sub(columns(line, range.start..cut));
    let left = back(line, range.start, rest / 2);
    let end = forth(line, cut, rest - columns(line, left..range.start).min(rest));
    let spare = budget.saturating_sub(columns(line, left..end));
    back(line, left, spare)..end
}

fn columns(line: &str, range: Range<usize>) -> usize {
    line.get(range).unwrap_or_default().chars().map(width).sum()
}

/// The farthest place behind `from` that is at most so many columns away.
fn forth(line: &str, from: usize, columns: usize) -> usize {
    let text = line.get(from..).unwrap_or_default();
    from + reach(text.chars(), columns)
}

/// The farthest place in front of `from` that is at most so many columns away.
fn back(line: &str, from: usize, columns: usize) -> usize {
    let text = line.get(..from).unwrap_or_default();
    from - reach(text.chars().rev(), columns)
}

/// How many bytes the first characters have that fit into so many columns.
fn reach(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut used = 0;
    characters
        .take_while(|character| {
            used += width(*character);
            used <= columns
        })
        .map(char::len_utf8)
        .sum()
}

/// How many columns a character takes at most, once it is shown.
fn width(character: char) -> usize {
    match character {
        '\t' => TAB,
        other if hides(other) => 1,
        other => other.width().unwrap_or(0).max(1),
    }
}

/// A character as a terminal can show it without obeying it.
fn visible(character: char, unicode: bool) -> char {
    match character {
        '\t' => '\t',
        other if !hides(other) => other,
        _ if !unicode => '?',
        '\x7F' => '\u{2421}',
        // Each control character of ASCII has a picture of its own.
        other => (u32::from(other) < 0x20)
            .then(|| char::from_u32(0x2400 + u32::from(other)))
            .flatten()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}
