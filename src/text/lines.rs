//! Lines and columns, in the units that the outputs ask for.

/// A place that people and protocols can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based line number.
    pub line: u32,
    /// 1-based column, in the unit asked for.
    pub column: u32,
}

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnUnit {
    /// Unicode code points: what people count.
    CodePoint,
    /// UTF-16 code units: what SARIF's default and editors count.
    Utf16,
    /// Bytes of UTF-8: what reviewdog counts.
    Byte,
}

/// Where the lines of a text begin. Lines end with LF or CR LF.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<u32>,
    len: u32,
}

impl Lines {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Lines {
        let mut starts = vec![0];
        starts.extend(
            memchr::memchr_iter(b'\n', text.as_bytes())
                .filter_map(|newline| u32::try_from(newline + 1).ok()),
        );
        Lines {
            starts,
            len: u32::try_from(text.len()).unwrap_or(u32::MAX),
        }
    }

    /// How many lines there are; an empty text has one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The 0-based index of the line that holds the byte at `offset`.
    pub fn index_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1) - 1
    }

    /// The byte offset at which the line of that 0-based index begins; the length of the text for
    /// a line behind the last.
    pub fn start_of(&self, index: usize) -> u32 {
        self.starts.get(index).copied().unwrap_or(self.len)
    }

    /// The text of the line of that 0-based index, without its line break.
    pub fn line<'t>(&self, text: &'t str, index: usize) -> &'t str {
        let start = self.start_of(index) as usize;
        let end = self.start_of(index + 1) as usize;
        let line = text.get(start..end).unwrap_or_default();
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The position of the byte at `offset` in `text`, which must be the text that the lines were
    /// found in.
    pub fn position(&self, text: &str, offset: u32, unit: ColumnUnit) -> Position {
        let index = self.index_of(offset);
        let before = text
            .get(self.start_of(index) as usize..offset as usize)
            .unwrap_or_default();
        let column = match unit {
            ColumnUnit::CodePoint => before.chars().count(),
            ColumnUnit::Utf16 => before.encode_utf16().count(),
            ColumnUnit::Byte => before.len(),
        };
        Position {
            line: u32::try_from(index + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_code_points_and_utf16_units() {
        let text = "a\r\n\u{1F600}é = 1\n";
        let lines = Lines::new(text);
        let offset = u32::try_from(text.find('=').unwrap()).unwrap();
        let code_points = lines.position(text, offset, ColumnUnit::CodePoint);
        let units = lines.position(text, offset, ColumnUnit::Utf16);
        assert_eq!((code_points.line, code_points.column), (2, 4));
        assert_eq!((units.line, units.column), (2, 5));
        assert_eq!(lines.line(text, 0), "a");
        assert_eq!(lines.line(text, 1), "\u{1F600}é = 1");
        assert_eq!(lines.count(), 3);
    }
}
