//! JSON, read for linting: comments and trailing commas are problems, not the end.

use super::builder::Builder;
use super::{Language, ProblemKind, Style, Tree, hcl};
use crate::text::Span;

/// Reads one JSON value, or several of them on lines of their own, from byte `start` to the end.
pub(super) fn read(text: &str, start: usize, language: Language) -> Tree<'_> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: start,
        has_templates: language == Language::TerraformJson,
        builder: Builder::new(text, language),
    };
    reader.values();
    reader.builder.finish()
}

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    /// Whether strings may be templates.
    has_templates: bool,
    builder: Builder<'s>,
}

/// A syntax problem has been noted; there is nothing more to read.
struct Stop;

impl Reader<'_> {
    fn values(&mut self) {
        loop {
            self.builder.begin_document();
            let outcome = self.blank().and_then(|()| {
                if self.at >= self.bytes.len() {
                    return Ok(false);
                }
                self.value()?;
                self.end_of_value().map(|()| true)
            });
            match outcome {
                Ok(true) => {}
                Ok(false) => return,
                Err(Stop) => return self.builder.abandon_document(),
            }
        }
    }

    /// Behind a value at the top there may be another, on a line of its own.
    fn end_of_value(&mut self) -> Result<(), Stop> {
        let end = self.at;
        self.blank()?;
        let between = self.text.get(end..self.at).unwrap_or_default();
        if self.at < self.bytes.len() && !between.contains('\n') {
            return self.unexpected("the document should end here");
        }
        Ok(())
    }

    /// Reads one value, however deeply nested, without recursion.
    fn value(&mut self) -> Result<(), Stop> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            // A value begins here.
            self.blank()?;
            match self.bytes.get(self.at) {
                Some(bracket @ (b'{' | b'[')) => {
                    let is_map = *bracket == b'{';
                    let span = Span::of(self.at..self.at + 1);
                    if self.builder.open(span, is_map).is_none() {
                        return Err(Stop);
                    }
                    self.at += 1;
                    open.push(if is_map { b'}' } else { b']' });
                    if !self.first_entry(&mut open)? {
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(_) => self.word()?,
                None => return self.unexpected("a value is missing"),
            }
            // A value ended here: close what it completes, go on to the next.
            loop {
                let Some(close) = open.last().copied() else {
                    return Ok(());
                };
                if self.next_entry(close)? {
                    break;
                }
                open.pop();
            }
        }
    }

    /// Behind an opening bracket: `true` where the container is closed already.
    fn first_entry(&mut self, open: &mut Vec<u8>) -> Result<bool, Stop> {
        self.blank()?;
        let close = open.last().copied().unwrap_or_default();
        if self.bytes.get(self.at) == Some(&close) {
            self.close();
            open.pop();
            return Ok(true);
        }
        if close == b'}' {
            self.key()?;
        }
        Ok(false)
    }

    /// Behind a value in a container: `true` where another begins, `false` where the container
    /// ends.
    fn next_entry(&mut self, close: u8) -> Result<bool, Stop> {
        self.blank()?;
        match self.bytes.get(self.at) {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.blank()?;
                if self.bytes.get(self.at) == Some(&close) {
                    self.builder.problem(
                        Span::of(comma..comma + 1),
                        ProblemKind::TrailingComma,
                        "there is a comma behind the last entry",
                    );
                    self.close();
                    return Ok(false);
                }
                if close == b'}' {
                    self.key()?;
                }
                Ok(true)
            }
            Some(byte) if *byte == close => {
                self.close();
                Ok(false)
            }
            Some(_) => self.unexpected("a comma is missing before this"),
            None if close == b'}' => self.unexpected("the object is not closed: `}` is missing"),
            None => self.unexpected("the array is not closed: `]` is missing"),
        }
    }

    fn close(&mut self) {
        self.at += 1;
        self.builder.close(Some(Span::of(0..self.at).end));
    }

    /// A key and its colon.
    fn key(&mut self) -> Result<(), Stop> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return self.unexpected("a key in double quotes should stand here");
        }
        self.string()?;
        self.blank()?;
        if self.bytes.get(self.at) != Some(&b':') {
            return self.unexpected("a colon is missing behind the key");
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let mut at = start + 1;
        let mut verbatim = true;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let len = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            let run = rest.get(..len).unwrap_or_default();
            if let Some(control) = run.iter().position(|byte| *byte < 0x20) {
                self.at = at + control;
                return self.unexpected("a string holds no bare control characters or line breaks");
            }
            at += len;
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(_) => {
                    verbatim = false;
                    at = self.escape(at)?;
                }
                None => {
                    self.at = start;
                    return self.unexpected("the string is not closed");
                }
            }
        }
        self.at = at + 1;
        // Of a template with escape sequences in it, the form fills the variables with gaps.
        let is_template = self.has_templates
            && verbatim
            && self.builder.is_within_container()
            && (self.text.get(start..at))
                .is_some_and(|raw| raw.contains("${") || raw.contains("%{"));
        if !(is_template && hcl::template_in_json(self.text, start + 1..at, &mut self.builder)) {
            (self.builder).scalar(Span::of(start..self.at), Style::Json, verbatim);
        }
        Ok(())
    }

    /// Checks the escape sequence at `at` and yields where it ends.
    fn escape(&mut self, at: usize) -> Result<usize, Stop> {
        let digits = match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
            Some(b'u') => 4,
            _ => {
                self.at = at;
                return self.unexpected("no escape sequence begins so");
            }
        };
        let end = at + 2 + digits;
        let hex = self.bytes.get(at + 2..end).unwrap_or_default();
        if hex.len() < digits || !hex.iter().all(u8::is_ascii_hexdigit) {
            self.at = at;
            return self.unexpected("`\\u` takes four hexadecimal digits");
        }
        Ok(end)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<(), Stop> {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let len = rest
            .iter()
            .position(|b| {
                matches!(b, b',' | b'}' | b']' | b':' | b'"' | b'/' | b'{' | b'[')
                    || b.is_ascii_whitespace()
            })
            .unwrap_or(rest.len());
        let word = self.text.get(start..start + len).unwrap_or_default();
        if !(matches!(word, "true" | "false" | "null") || is_number(word)) {
            return self.unexpected("this is no JSON value");
        }
        self.at += len;
        (self.builder).scalar(Span::of(start..self.at), Style::Plain, true);
        Ok(())
    }

    /// Skips white space, and comments, which it notes.
    fn blank(&mut self) -> Result<(), Stop> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'/') => self.comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn comment(&mut self) -> Result<(), Stop> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = if rest.starts_with("//") {
            rest.find(['\r', '\n']).unwrap_or(rest.len())
        } else if let Some(inside) = rest.strip_prefix("/*") {
            match inside.find("*/") {
                Some(end) => end + 4,
                None => return self.unexpected("the comment is not closed"),
            }
        } else {
            return self.unexpected("this is no JSON value");
        };
        self.builder.problem(
            Span::of(self.at..self.at + len),
            ProblemKind::Comment,
            "JSON has no comments",
        );
        self.at += len;
        Ok(())
    }

    fn unexpected<T>(&mut self, message: &str) -> Result<T, Stop> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = rest.chars().next().map_or(0, char::len_utf8);
        self.builder.problem(
            Span::of(self.at..self.at + len),
            ProblemKind::Syntax,
            message,
        );
        Err(Stop)
    }
}

/// RFC 8259's grammar of numbers.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}
