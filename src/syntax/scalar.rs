//! Scalars: what their source says, and of what type they are.

use super::{Style, Text, TextBuilder};
use crate::text::Span;

/// The type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number with a fraction or an exponent.
    Float,
    /// A truth value.
    Boolean,
    /// Nothing.
    Null,
}

/// The rules by which a scalar without quotes gets its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// JSON and YAML 1.2's core schema.
    Core,
    /// YAML 1.1, as CloudFormation, PyYAML and Ansible read it: `yes` is true, `0777` is octal.
    Yaml11,
}

impl Literal {
    /// The type of a scalar without quotes.
    pub fn of_plain(text: &str, schema: Schema) -> Literal {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Literal::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Literal::Boolean,
            _ => {}
        }
        if schema == Schema::Yaml11
            && ["yes", "no", "on", "off", "y", "n"]
                .iter()
                .any(|word| is_word_in_any_case(text, word))
        {
            return Literal::Boolean;
        }
        let digits = text.trim_start_matches(['+', '-']);
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return Literal::String;
        }
        let all =
            |text: &str, is: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(is);
        let separated = schema == Schema::Yaml11;
        if all(digits, u8::is_ascii_digit)
            || (separated && all(digits, |b| b.is_ascii_digit() || *b == b'_'))
            || digits
                .strip_prefix("0x")
                .is_some_and(|hex| all(hex, u8::is_ascii_hexdigit))
            || digits
                .strip_prefix("0o")
                .is_some_and(|octal| all(octal, |b| (b'0'..=b'7').contains(b)))
            || (separated && is_sexagesimal(digits))
        {
            return Literal::Integer;
        }
        if is_float(digits) {
            return Literal::Float;
        }
        Literal::String
    }
}

/// YAML 1.1 knows its words in lower case, in upper case and with a capital.
fn is_word_in_any_case(text: &str, word: &str) -> bool {
    text.eq_ignore_ascii_case(word)
        && (text.bytes().all(|b| b.is_ascii_lowercase())
            || text.bytes().all(|b| b.is_ascii_uppercase())
            || text.bytes().skip(1).all(|b| b.is_ascii_lowercase()))
}

/// `12:30:45` is a number to base 60 in YAML 1.1.
fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    !first.is_empty()
        && first.bytes().all(|b| b.is_ascii_digit())
        && rest.peek().is_some()
        && rest.all(|part| {
            (1..=2).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_digit())
                && part.parse::<u8>().is_ok_and(|n| n < 60)
        })
}

fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.trim_start_matches(['+', '-']))),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    (!whole.is_empty() || !fraction.is_empty())
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

/// The span of a scalar's text without the quotes around it.
pub(super) fn inside_quotes(style: Style, span: Span) -> Span {
    match style {
        Style::Json | Style::SingleQuoted | Style::DoubleQuoted | Style::Hcl if span.len() >= 2 => {
            Span::new(span.start + 1, span.end - 1)
        }
        _ => span,
    }
}

/// Decodes the scalar under `span`.
///
/// `breaks` is how many line breaks a block scalar keeps at its end.
pub(super) fn decode<'s>(text: &'s str, span: Span, style: Style, breaks: u8) -> Text<'s> {
    let inside = inside_quotes(style, span);
    let mut decoder = Decoder {
        raw: inside.slice(text),
        base: inside.start,
        at: 0,
        out: TextBuilder::default(),
    };
    match style {
        Style::Json => decoder.escaped(false),
        Style::DoubleQuoted => decoder.escaped(true),
        Style::SingleQuoted => decoder.single_quoted(),
        Style::Hcl | Style::HclPart => decoder.template(true),
        Style::HeredocPart => decoder.template(false),
        Style::Plain => decoder.plain(),
        Style::Literal | Style::Folded => {
            let line = text.get(..inside.start as usize).unwrap_or_default();
            let indent = line.len() - line.rfind('\n').map_or(0, |newline| newline + 1);
            decoder.block(indent, style == Style::Folded);
            for _ in 0..breaks {
                decoder.out.push_from("\n", Span::at(inside.end));
            }
        }
    }
    let decoded = decoder.out.finish();
    if decoded.as_str().is_empty() {
        // Nothing has a place too.
        return Text::from_whole("", inside);
    }
    decoded
}

struct Decoder<'s> {
    raw: &'s str,
    /// Offset of `raw` in the document.
    base: u32,
    at: usize,
    out: TextBuilder,
}

impl Decoder<'_> {
    fn rest(&self) -> &str {
        self.raw.get(self.at..).unwrap_or_default()
    }

    fn span(&self, from: usize, to: usize) -> Span {
        let span = Span::of(from..to);
        Span::new(span.start + self.base, span.end + self.base)
    }

    /// Takes the text up to `to` as it is.
    fn take_verbatim(&mut self, to: usize) {
        let start = self.span(self.at, self.at).start;
        let run = self.raw.get(self.at..to).unwrap_or_default();
        self.out.push_verbatim(run, start);
        self.at = to;
    }

    /// Takes the text up to `to`, which stands for `decoded`.
    fn take_as(&mut self, to: usize, decoded: &str) {
        let span = self.span(self.at, to);
        self.out.push_from(decoded, span);
        self.at = to;
    }

    /// JSON strings, and YAML's double-quoted scalars, whose lines fold.
    fn escaped(&mut self, folds: bool) {
        while let Some(next) = self
            .rest()
            .find(|c| c == '\\' || (folds && is_break_or_blank(c)))
        {
            let stop = self.at + next;
            match self.raw.as_bytes().get(stop) {
                Some(b'\\') => {
                    self.take_verbatim(stop);
                    self.escape(folds);
                }
                _ => self.blanks(stop),
            }
        }
        self.take_verbatim(self.raw.len());
    }

    /// The literal part of a template: `$${` stands for `${`.
    fn template(&mut self, has_escapes: bool) {
        while let Some(next) = self.rest().find(['$', '%', '\\']) {
            let stop = self.at + next;
            let rest = self.raw.get(stop..).unwrap_or_default();
            if rest.starts_with("$${") || rest.starts_with("%%{") {
                self.take_verbatim(stop + 1);
                self.take_as(stop + 3, "{");
            } else if has_escapes && rest.starts_with('\\') {
                self.take_verbatim(stop);
                self.escape(false);
            } else {
                self.take_verbatim(stop + 1);
            }
        }
        self.take_verbatim(self.raw.len());
    }

    fn single_quoted(&mut self) {
        while let Some(next) = self.rest().find(|c| c == '\'' || is_break_or_blank(c)) {
            let stop = self.at + next;
            if self.raw.as_bytes().get(stop) == Some(&b'\'') {
                self.take_verbatim(stop);
                self.take_as((stop + 2).min(self.raw.len()), "'");
            } else {
                self.blanks(stop);
            }
        }
        self.take_verbatim(self.raw.len());
    }

    fn plain(&mut self) {
        while let Some(next) = self.rest().find(is_break_or_blank) {
            self.blanks(self.at + next);
        }
        self.take_verbatim(self.raw.len());
    }

    /// A run of blanks and line breaks that begins at `from`: folded where it holds a line break,
    /// kept where it does not.
    fn blanks(&mut self, from: usize) {
        let run = self.raw.get(from..).unwrap_or_default();
        let len = run.find(|c| !is_break_or_blank(c)).unwrap_or(run.len());
        let breaks = run.get(..len).unwrap_or_default().matches('\n').count();
        if breaks == 0 {
            self.take_verbatim(from + len);
            return;
        }
        self.take_verbatim(from);
        let folded = if breaks == 1 {
            " ".to_owned()
        } else {
            "\n".repeat(breaks - 1)
        };
        self.take_as(from + len, &folded);
    }

    fn escape(&mut self, yaml: bool) {
        let bytes = self.raw.as_bytes();
        let hex = |digits: usize| -> (usize, Option<u32>) {
            let end = self.at + 2 + digits;
            let code = self.raw.get(self.at + 2..end);
            (
                end,
                code.and_then(|code| u32::from_str_radix(code, 16).ok()),
            )
        };
        let (end, code) = match bytes.get(self.at + 1) {
            Some(b'u') => hex(4),
            Some(b'U') => hex(8),
            Some(b'x') if yaml => hex(2),
            Some(b'\r' | b'\n') if yaml => {
                // An escaped line break joins the lines.
                let rest = self.raw.get(self.at + 1..).unwrap_or_default();
                let len = rest.find(|c| !is_break_or_blank(c)).unwrap_or(rest.len());
                self.at += 1 + len;
                return;
            }
            Some(byte) => {
                let decoded = match byte {
                    b'n' => "\n",
                    b't' => "\t",
                    b'r' => "\r",
                    b'b' => "\u{8}",
                    b'f' => "\u{C}",
                    b'0' if yaml => "\0",
                    b'a' if yaml => "\u{7}",
                    b'v' if yaml => "\u{B}",
                    b'e' if yaml => "\u{1B}",
                    b'N' if yaml => "\u{85}",
                    b'_' if yaml => "\u{A0}",
                    b'L' if yaml => "\u{2028}",
                    b'P' if yaml => "\u{2029}",
                    _ => {
                        // `\"`, `\\`, `\/` and the like stand for the character itself.
                        let rest = self.raw.get(self.at + 1..).unwrap_or_default();
                        let character: String = rest.chars().take(1).collect();
                        self.take_as(self.at + 1 + character.len(), &character);
                        return;
                    }
                };
                self.take_as(self.at + 2, decoded);
                return;
            }
            None => (self.raw.len(), None),
        };
        let (end, character) = match code {
            Some(high @ 0xD800..0xDC00) => match self.low_surrogate(end) {
                Some(low) => (
                    end + 6,
                    char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)),
                ),
                None => (end, None),
            },
            code => (end, code.and_then(char::from_u32)),
        };
        let mut buffer = [0; 4];
        let decoded = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        self.take_as(end.min(self.raw.len()), decoded.encode_utf8(&mut buffer));
    }

    fn low_surrogate(&self, at: usize) -> Option<u32> {
        let digits = self.raw.get(at..at + 6)?.strip_prefix("\\u")?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        (0xDC00..0xE000).contains(&code).then_some(code)
    }

    /// The lines of a block scalar, the first of which begins behind its indentation. In a folded
    /// one, a break between two lines becomes a blank, unless either is indented further.
    fn block(&mut self, indent: usize, folded: bool) {
        let is_spaced = |text: &str| text.starts_with([' ', '\t']);
        let mut spaced = is_spaced(self.raw);
        while self.at < self.raw.len() {
            let rest = self.rest();
            let line = rest.find('\n').unwrap_or(rest.len());
            let line = line
                - usize::from(
                    rest.as_bytes()
                        .get(..line)
                        .is_some_and(|l| l.ends_with(b"\r")),
                );
            self.take_verbatim(self.at + line);
            if self.at >= self.raw.len() {
                break;
            }
            // The line break, every empty line behind it, and the next line's indentation.
            let rest = self.rest();
            let blank = rest
                .find(|c| !matches!(c, ' ' | '\r' | '\n'))
                .unwrap_or(rest.len());
            let run = rest.get(..blank).unwrap_or_default();
            let breaks = run.matches('\n').count();
            let last_line = run.rfind('\n').map_or(0, |newline| newline + 1);
            let stop = self.at + last_line + indent.min(blank - last_line);
            let next_is_spaced = self.raw.get(stop..).is_some_and(is_spaced);
            let decoded = match breaks {
                1 if folded && !spaced && !next_is_spaced => " ".to_owned(),
                _ if folded && !spaced && !next_is_spaced => "\n".repeat(breaks.saturating_sub(1)),
                _ => "\n".repeat(breaks),
            };
            spaced = next_is_spaced;
            self.take_as(stop, &decoded);
        }
    }
}

fn is_break_or_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_get_the_type_of_their_schema() {
        let core = |text| Literal::of_plain(text, Schema::Core);
        let yaml11 = |text| Literal::of_plain(text, Schema::Yaml11);
        assert_eq!(core("5432"), Literal::Integer);
        assert_eq!(core("1e3"), Literal::Float);
        assert_eq!(core("1.5"), Literal::Float);
        assert_eq!(core("yes"), Literal::String);
        assert_eq!(yaml11("yes"), Literal::Boolean);
        assert_eq!(yaml11("yEs"), Literal::String);
        assert_eq!(yaml11("12:30"), Literal::Integer);
        assert_eq!(core("12:30"), Literal::String);
        assert_eq!(core("10.0.0.1"), Literal::String);
        assert_eq!(core("subnet-1"), Literal::String);
        assert_eq!(core("~"), Literal::Null);
    }

    fn decoded(raw: &str, style: Style) -> String {
        decode(raw, Span::of(0..raw.len()), style, 0)
            .as_str()
            .to_owned()
    }

    #[test]
    fn escapes_and_folds_are_undone() {
        assert_eq!(
            decoded(r#""a\u00e9\ud83d\ude00\n\"/""#, Style::Json),
            "aé\u{1F600}\n\"/"
        );
        assert_eq!(decoded(r#""\ud83d""#, Style::Json), "\u{FFFD}");
        assert_eq!(decoded("'it''s\n   so'", Style::SingleQuoted), "it's so");
        assert_eq!(
            decoded("\"a\\\n   b\n\n  c\"", Style::DoubleQuoted),
            "ab\nc"
        );
        assert_eq!(decoded("a\r\n  b", Style::Plain), "a b");
    }

    #[test]
    fn a_part_of_an_escaped_scalar_has_its_own_span() {
        let raw = r#""x\u003a\/80""#;
        let text = decode(raw, Span::of(0..raw.len()), Style::Json, 0);
        assert_eq!(text.as_str(), "x:/80");
        assert_eq!(text.span_of(3..5).slice(raw), "80");
        assert_eq!(text.span_of(1..2).slice(raw), r"\u003a");
    }
}
