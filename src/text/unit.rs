//! Files that mean something together, as one text.

use super::{DecodeError, FileId, Place, Source, Span};

/// The files of a unit, a Terraform module say, one behind the other with a line break between
/// them: one text, so that a span says all there is to say of a place while the unit is linted.
/// [`Unit::locate`] tells files apart again.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    text: String,
    parts: Vec<Part>,
}

/// A file of a [`Unit`].
#[derive(Clone, Debug)]
pub struct Part {
    /// The name that reports give it, with `/` between folders.
    pub name: String,
    /// Where it is in the text of the unit. The parts are apart from each other, in order.
    pub span: Span,
    /// See [`Source::byte_order_mark`].
    pub byte_order_mark: u32,
    /// Whether it was asked for. Other files are there for what those refer to.
    pub asked: bool,
    /// Why it could not be read, in a few words. Its text is empty then.
    pub unreadable: Option<String>,
}

impl Unit {
    /// A unit of one file, which was asked for. Its text is not copied.
    pub fn of(source: Source) -> Unit {
        Unit {
            parts: vec![Part {
                span: Span::of(0..source.text.len()),
                byte_order_mark: source.byte_order_mark(),
                name: source.name,
                asked: true,
                unreadable: None,
            }],
            text: source.text,
        }
    }

    /// Adds a file. One with which the unit would be too large becomes one that could not be read.
    pub fn push(&mut self, source: Source, asked: bool) {
        let size = self.text.len() + 1 + source.text.len();
        if u32::try_from(size).is_err() {
            let why = DecodeError::TooLarge(size).to_string();
            return self.push_unreadable(source.name, why, asked);
        }
        let byte_order_mark = source.byte_order_mark();
        let span = if self.parts.is_empty() {
            self.text = source.text;
            Span::of(0..self.text.len())
        } else {
            self.text.push('\n');
            let start = self.text.len();
            self.text.push_str(&source.text);
            Span::of(start..self.text.len())
        };
        self.parts.push(Part {
            name: source.name,
            span,
            byte_order_mark,
            asked,
            unreadable: None,
        });
    }

    /// Adds a file that could not be read.
    pub fn push_unreadable(&mut self, name: String, why: String, asked: bool) {
        if !self.parts.is_empty() {
            self.text.push('\n');
        }
        self.parts.push(Part {
            name,
            span: Span::of(self.text.len()..self.text.len()),
            byte_order_mark: 0,
            asked,
            unreadable: Some(why),
        });
    }

    /// The text of all files.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The files.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The text of one file.
    pub fn text_of(&self, part: &Part) -> &str {
        part.span.slice(&self.text)
    }

    /// The place of a span of the whole text: the number of the file in which it begins, and what
    /// it covers of that file's own text.
    pub fn locate(&self, span: Span) -> Place {
        let behind = (self.parts).partition_point(|part| part.span.start <= span.start);
        let index = behind.max(1) - 1;
        let part = (self.parts.get(index)).map_or(Span::default(), |part| part.span);
        let local = |offset: u32| offset.min(part.end).saturating_sub(part.start);
        Place {
            file: FileId(u32::try_from(index).unwrap_or(u32::MAX)),
            span: Span::new(local(span.start), local(span.end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_lies_in_the_file_in_which_it_begins() {
        let mut unit = Unit::default();
        unit.push(Source::new("a", "abc"), true);
        unit.push_unreadable("b".to_owned(), "gone".to_owned(), false);
        unit.push(Source::new("c", ""), false);
        unit.push(Source::new("d", "é\n"), false);
        assert_eq!(unit.text(), "abc\n\n\né\n");
        let locate = |start, end| {
            let place = unit.locate(Span::new(start, end));
            (place.file.0, place.span.range())
        };
        assert_eq!(locate(0, 3), (0, 0..3));
        assert_eq!(locate(3, 3), (0, 3..3), "the end of a file is in it");
        assert_eq!(locate(4, 4), (1, 0..0));
        assert_eq!(locate(5, 5), (2, 0..0));
        assert_eq!(locate(6, 8), (3, 0..2));
        assert_eq!(locate(1, 8), (0, 1..3));
        assert_eq!(locate(90, 99), (3, 3..3));
        let text_of = |index: usize| unit.text_of(&unit.parts()[index]);
        assert_eq!([0, 1, 2, 3].map(text_of), ["abc", "", "", "é\n"]);
    }
}
