//! Decoded text that remembers where each of its bytes came from.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::Span;

/// Stands in a [`Text`] wherever only a deployment knows the characters.
pub const GAP: char = '\u{FFFC}';

/// A decoded string with gaps, and the map from its bytes back to the document.
///
/// Offsets *into* a text are 0-based bytes of the decoded string; spans are byte offsets into the
/// document.
#[derive(Clone, Debug)]
pub struct Text<'s> {
    decoded: Cow<'s, str>,
    map: Map,
}

#[derive(Clone, Debug)]
enum Map {
    /// The decoded bytes stand in the document just so, from this offset on.
    Verbatim(u32),
    Pieces(Vec<Piece>),
}

/// A run of decoded bytes from one place.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    /// Where the run begins in the decoded string.
    at: u32,
    /// Where it comes from.
    span: Span,
    /// Whether byte `at + n` comes from byte `span.start + n`; else the run comes from the whole
    /// span, as a character does from its escape sequence.
    verbatim: bool,
}

impl<'s> Text<'s> {
    /// Text that stands in the document as it is, from byte `start` on.
    pub fn verbatim(text: &'s str, start: u32) -> Text<'s> {
        Text {
            decoded: Cow::Borrowed(text),
            map: Map::Verbatim(start),
        }
    }

    /// Text whose bytes all come from the whole of `span`.
    pub fn from_whole(text: impl Into<Cow<'s, str>>, span: Span) -> Text<'s> {
        Text {
            decoded: text.into(),
            map: Map::Pieces(vec![Piece {
                at: 0,
                span,
                verbatim: false,
            }]),
        }
    }

    /// A single gap.
    pub fn unknown(span: Span) -> Text<'s> {
        Text::from_whole("\u{FFFC}", span)
    }

    /// The decoded string.
    pub fn as_str(&self) -> &str {
        &self.decoded
    }

    /// Whether any part of it is unknown.
    pub fn has_gap(&self) -> bool {
        self.decoded.contains(GAP)
    }

    /// The decoded string, unless a part of it is unknown.
    pub fn known(&self) -> Option<&str> {
        (!self.has_gap()).then_some(self.as_str())
    }

    /// The span in the document from which the decoded bytes in `range` come. A range that is
    /// empty yields an empty span at its place.
    pub fn span_of(&self, range: Range<usize>) -> Span {
        match &self.map {
            Map::Verbatim(start) => {
                let span = Span::of(range);
                Span::new(span.start + start, span.end + start)
            }
            Map::Pieces(pieces) => {
                let range = Span::of(range);
                let Some(first) = piece_at(pieces, range.start) else {
                    return Span::default();
                };
                let start = if first.verbatim {
                    first.span.start + (range.start - first.at)
                } else {
                    first.span.start
                };
                if range.is_empty() {
                    return Span::at(start);
                }
                let last = piece_at(pieces, range.end - 1).unwrap_or(first);
                let end = if last.verbatim {
                    last.span.start + (range.end - last.at)
                } else {
                    last.span.end
                };
                Span::new(start.min(end), end)
            }
        }
    }

    /// The span of `part`, which must be a slice of [`Text::as_str`]; the span of the whole
    /// where it is not.
    pub fn span_of_part(&self, part: &str) -> Span {
        let base = self.decoded.as_ptr() as usize;
        let start = (part.as_ptr() as usize).wrapping_sub(base);
        if start <= self.decoded.len() && start + part.len() <= self.decoded.len() {
            self.span_of(start..start + part.len())
        } else {
            self.span()
        }
    }

    /// The span of the whole text, without the quotes around it.
    pub fn span(&self) -> Span {
        self.span_of(0..self.decoded.len())
    }

    /// The same text, owning its string.
    pub fn into_owned(self) -> Text<'static> {
        Text {
            decoded: Cow::Owned(self.decoded.into_owned()),
            map: self.map,
        }
    }

    /// The same text, with spans that count bytes of `outer`'s decoded string replaced by
    /// `outer`'s spans: for text that was read out of other text.
    pub fn within(self, outer: &Text<'_>) -> Text<'s> {
        if self.decoded.is_empty() {
            let span = outer.map_span(self.span());
            return Text::from_whole(self.decoded, span);
        }
        let mut builder = TextBuilder::default();
        builder.append_mapped(&self, |span| outer.map_span(span));
        let built = builder.finish();
        Text {
            decoded: self.decoded,
            map: built.map,
        }
    }

    /// [`Text::span_of`] for a span that counts bytes of the decoded string.
    pub fn map_span(&self, span: Span) -> Span {
        self.span_of(span.range())
    }

    fn pieces(&self) -> Cow<'_, [Piece]> {
        match &self.map {
            Map::Verbatim(start) => Cow::Owned(vec![Piece {
                at: 0,
                span: Span::new(*start, start + Span::of(0..self.decoded.len()).end),
                verbatim: true,
            }]),
            Map::Pieces(pieces) => Cow::Borrowed(pieces),
        }
    }
}

fn piece_at(pieces: &[Piece], offset: u32) -> Option<&Piece> {
    let index = pieces.partition_point(|piece| piece.at <= offset);
    pieces.get(index.max(1) - 1)
}

/// Puts a [`Text`] together.
#[derive(Debug, Default)]
pub struct TextBuilder {
    decoded: String,
    pieces: Vec<Piece>,
}

impl TextBuilder {
    /// Appends characters that stand in the document as they are, from byte `start` on.
    pub fn push_verbatim(&mut self, text: &str, start: u32) {
        if text.is_empty() {
            return;
        }
        let span = Span::new(start, start + Span::of(0..text.len()).end);
        self.push(text, span, true);
    }

    /// Appends characters that all come from the whole of `span`.
    pub fn push_from(&mut self, text: &str, span: Span) {
        if !text.is_empty() {
            self.push(text, span, false);
        }
    }

    /// Appends a gap, for the part of the document under `span`.
    pub fn push_gap(&mut self, span: Span) {
        let mut buffer = [0; 3];
        self.push(GAP.encode_utf8(&mut buffer), span, false);
    }

    /// Appends another text.
    pub fn append(&mut self, text: &Text<'_>) {
        self.append_mapped(text, |span| span);
    }

    /// The text so far.
    pub fn finish(self) -> Text<'static> {
        Text {
            decoded: Cow::Owned(self.decoded),
            map: Map::Pieces(self.pieces),
        }
    }

    fn push(&mut self, text: &str, span: Span, verbatim: bool) {
        let at = Span::of(0..self.decoded.len()).end;
        self.decoded.push_str(text);
        if let Some(last) = self.pieces.last_mut()
            && last.verbatim
            && verbatim
            && last.span.end == span.start
        {
            last.span.end = span.end;
            return;
        }
        self.pieces.push(Piece { at, span, verbatim });
    }

    fn append_mapped(&mut self, text: &Text<'_>, map: impl Fn(Span) -> Span) {
        let pieces = text.pieces();
        for (index, piece) in pieces.iter().enumerate() {
            let end = pieces
                .get(index + 1)
                .map_or(text.decoded.len(), |next| next.at as usize);
            let run = text.decoded.get(piece.at as usize..end).unwrap_or_default();
            if !piece.verbatim {
                self.push_from(run, map(piece.span));
                continue;
            }
            // What is verbatim in the inner text need not be so in the outer one.
            let mut from = piece.span.start;
            for character in run.chars() {
                let to = from + Span::of(0..character.len_utf8()).end;
                let span = map(Span::new(from, to));
                let mut buffer = [0; 4];
                let verbatim = span.len() == to - from;
                self.push(character.encode_utf8(&mut buffer), span, verbatim);
                from = to;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_through_escapes_and_gaps() {
        // jdbc:\u003a${Db}:80
        let mut builder = TextBuilder::default();
        builder.push_verbatim("jdbc", 10);
        builder.push_from(":", Span::new(14, 20));
        builder.push_gap(Span::new(20, 25));
        builder.push_verbatim(":80", 25);
        let text = builder.finish();
        assert_eq!(text.as_str(), "jdbc:\u{FFFC}:80");
        assert_eq!(text.span_of(0..4), Span::new(10, 14));
        assert_eq!(text.span_of(4..5), Span::new(14, 20));
        let port = text.as_str().find("80").unwrap();
        assert_eq!(text.span_of(port..port + 2), Span::new(26, 28));
        assert_eq!(text.span(), Span::new(10, 28));
        assert_eq!(text.known(), None);
    }

    #[test]
    fn text_within_text_keeps_its_place() {
        // "{\"a\"}" in a document, at byte 100; the inner reader saw {"a"}.
        let mut builder = TextBuilder::default();
        builder.push_verbatim("{", 101);
        builder.push_from("\"", Span::new(102, 104));
        builder.push_verbatim("a", 104);
        builder.push_from("\"", Span::new(105, 107));
        builder.push_verbatim("}", 107);
        let outer = builder.finish();
        let inner = Text::verbatim("a", 2).within(&outer);
        assert_eq!(inner.span(), Span::new(104, 105));
        assert_eq!(outer.map_span(Span::new(1, 4)), Span::new(102, 107));
        let nothing = Text::verbatim("", 2).within(&outer);
        assert_eq!(nothing.span(), Span::at(104));
    }
}
