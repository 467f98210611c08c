//! Lines and columns of many findings in one document, and of their labels in others.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::lint::{Document, FileReport};
use crate::text::{ColumnUnit, FileId, Place, Position, Span};

/// A column this many bytes into its line, or fewer, is simply counted.
const BLOCK: usize = 4096;

/// Finds the positions of a document's findings. A position costs no more than a few thousand
/// bytes of counting, however long the line is that it lies on: minified JSON has but one.
pub(super) struct Places<'r> {
    file: &'r FileReport,
    unit: ColumnUnit,
    /// How many units stand before each [`BLOCK`] of a document's text.
    before: RefCell<BTreeMap<FileId, Vec<usize>>>,
}

impl<'r> Places<'r> {
    pub(super) fn new(file: &'r FileReport, unit: ColumnUnit) -> Places<'r> {
        Places {
            file,
            unit,
            before: RefCell::default(),
        }
    }

    /// The 1-based position at which a place begins.
    pub(super) fn start(&self, place: Place) -> Position {
        self.position(place.file, place.span.start)
    }

    /// The positions of a place's first byte and of the byte behind its last, which is never in
    /// front of the first.
    pub(super) fn range(&self, place: Place) -> (Position, Position) {
        let start = self.start(place);
        (start, self.position(place.file, place.span.end).max(start))
    }

    /// The same without the line breaks at the end of the place, which would make the next line look
    /// concerned.
    pub(super) fn range_in_lines(&self, place: Place) -> (Position, Position) {
        let text = place.span.slice(&self.document(place.file).text);
        let breaks = text.len() - text.trim_end_matches(['\r', '\n']).len();
        let breaks = u32::try_from(breaks).unwrap_or_default();
        let end = place.span.end.saturating_sub(breaks);
        self.range(Place {
            span: Span::new(place.span.start, end),
            ..place
        })
    }

    fn position(&self, file: FileId, offset: u32) -> Position {
        let document = self.document(file);
        let line = document.lines.index_of(offset);
        let start = document.lines.start_of(line) as usize;
        let offset = offset as usize;
        let column = if offset.saturating_sub(start) <= BLOCK {
            self.units(document, start, offset)
        } else {
            self.units_before(file, offset)
                .saturating_sub(self.units_before(file, start))
        };
        Position {
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }

    fn document(&self, file: FileId) -> &'r Document {
        let place = Place {
            file,
            ..Place::default()
        };
        self.file.document_at(place)
    }

    fn units_before(&self, file: FileId, offset: usize) -> usize {
        let document = self.document(file);
        let mut known = self.before.borrow_mut();
        let before = known.entry(file).or_insert_with(|| {
            let blocks = document.text.as_bytes().chunks(BLOCK);
            let ends = blocks.scan(0, |sum, block| {
                *sum += count(block, self.unit);
                Some(*sum)
            });
            std::iter::once(0).chain(ends).collect()
        });
        let block = (offset / BLOCK).min(before.len().saturating_sub(1));
        let counted = before.get(block).copied().unwrap_or_default();
        counted + self.units(document, block * BLOCK, offset)
    }

    fn units(&self, document: &Document, start: usize, end: usize) -> usize {
        let bytes = document.text.as_bytes();
        let bytes = bytes.get(start..end.min(bytes.len())).unwrap_or_default();
        count(bytes, self.unit)
    }
}

/// How many units begin within some bytes of UTF-8.
fn count(bytes: &[u8], unit: ColumnUnit) -> usize {
    let code_points = bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    match unit {
        ColumnUnit::CodePoint => code_points,
        // What takes four bytes in UTF-8 takes two units in UTF-16.
        ColumnUnit::Utf16 => code_points + bytes.iter().filter(|byte| **byte >= 0xF0).count(),
        ColumnUnit::Byte => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lines;
    use std::sync::Arc;

    #[test]
    fn positions_are_those_of_the_line_index() {
        let text = format!("é\u{1F600}\n{}\nend", "aé\u{1F600}€".repeat(2000));
        let other = FileId(7);
        let mut file = FileReport::silent("a");
        let document = Arc::new(Document {
            lines: Lines::new(&text),
            text,
            ..(*file.document).clone()
        });
        file.others.insert(other, Arc::clone(&document));
        for unit in [ColumnUnit::CodePoint, ColumnUnit::Utf16, ColumnUnit::Byte] {
            let places = Places::new(&file, unit);
            let position = |offset: usize| {
                let span = Span::of(offset..offset);
                places.start(Place { file: other, span })
            };
            for (offset, _) in document.text.char_indices().step_by(13) {
                let expected = u32::try_from(offset).unwrap();
                assert_eq!(
                    position(offset),
                    document.lines.position(&document.text, expected, unit)
                );
            }
            assert_eq!(position(document.text.len()).column, 4);
        }
    }
}
