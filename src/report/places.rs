//! Lines and columns of many findings in one document.

use std::cell::OnceCell;

use crate::lint::FileReport;
use crate::text::{ColumnUnit, Position, Span};

/// A column this many bytes into its line, or fewer, is simply counted.
const BLOCK: usize = 4096;

/// Finds the positions of a document's findings. A position costs no more than a few thousand
/// bytes of counting, however long the line is that it lies on: minified JSON has but one.
pub(super) struct Places<'r> {
    file: &'r FileReport,
    unit: ColumnUnit,
    /// How many units stand before each [`BLOCK`] of the text.
    before: OnceCell<Vec<usize>>,
}

impl<'r> Places<'r> {
    pub(super) fn new(file: &'r FileReport, unit: ColumnUnit) -> Places<'r> {
        Places {
            file,
            unit,
            before: OnceCell::new(),
        }
    }

    /// The 1-based position of the byte at `offset`.
    pub(super) fn position(&self, offset: u32) -> Position {
        let line = self.file.lines.index_of(offset);
        let start = self.file.lines.start_of(line) as usize;
        let offset = offset as usize;
        let column = if offset.saturating_sub(start) <= BLOCK {
            self.units(start, offset)
        } else {
            self.units_before(offset)
                .saturating_sub(self.units_before(start))
        };
        Position {
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }

    /// The positions of a span's first byte and of the byte behind its last, which is never in
    /// front of the first.
    pub(super) fn range(&self, span: Span) -> (Position, Position) {
        let start = self.position(span.start);
        (start, self.position(span.end).max(start))
    }

    fn units_before(&self, offset: usize) -> usize {
        let before = self.before.get_or_init(|| {
            let blocks = self.file.text.as_bytes().chunks(BLOCK);
            let ends = blocks.scan(0, |sum, block| {
                *sum += count(block, self.unit);
                Some(*sum)
            });
            std::iter::once(0).chain(ends).collect()
        });
        let block = (offset / BLOCK).min(before.len().saturating_sub(1));
        before.get(block).copied().unwrap_or_default() + self.units(block * BLOCK, offset)
    }

    fn units(&self, start: usize, end: usize) -> usize {
        let bytes = self.file.text.as_bytes();
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lines;

    #[test]
    fn positions_are_those_of_the_line_index() {
        let text = format!("é\u{1F600}\n{}\nend", "aé\u{1F600}€".repeat(2000));
        let mut file = FileReport::unreadable("a", "");
        file.lines = Lines::new(&text);
        file.text = text;
        for unit in [ColumnUnit::CodePoint, ColumnUnit::Utf16] {
            let places = Places::new(&file, unit);
            for (offset, _) in file.text.char_indices().step_by(13) {
                let offset = u32::try_from(offset).unwrap();
                assert_eq!(
                    places.position(offset),
                    file.lines.position(&file.text, offset, unit)
                );
            }
            let end = u32::try_from(file.text.len()).unwrap();
            assert_eq!(places.position(end).column, 4);
        }
    }
}
