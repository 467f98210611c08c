//! Suppressions in comments: where they are, and what they govern.

use super::directive::{self, Directive, Malformed};
use crate::syntax::{Language, Outline, Part, PartKind};
use crate::text::Span;

/// A comment that speaks to gluelint.
pub(super) struct Comment {
    /// From its mark to its end, both included.
    pub(super) span: Span,
    /// Where what stands behind `gluelint` begins.
    pub(super) start: u32,
    /// What it says.
    pub(super) directive: Result<Directive, Malformed>,
    /// What it governs; `None` where there is nothing.
    pub(super) governs: Option<Span>,
}

/// How comments begin in a language; none where it has no comments.
fn marks(language: Language) -> &'static [&'static str] {
    match language {
        Language::Yaml => &["#"],
        Language::Hcl => &["#", "//", "/*"],
        Language::Json | Language::TerraformJson => &[],
    }
}

/// Finds the comments of a file that begin with `gluelint:`.
pub(super) struct Comments<'t> {
    pub(super) text: &'t str,
    /// The file.
    pub(super) file: Span,
    pub(super) language: Language,
    pub(super) outline: &'t Outline,
}

impl<'t> Comments<'t> {
    /// The comments, in the order of the file.
    pub(super) fn all(&self) -> Vec<Comment> {
        let marks = marks(self.language);
        if marks.is_empty() {
            return Vec::new();
        }
        let bytes = self.file.slice(self.text).as_bytes();
        (memchr::memmem::find_iter(bytes, super::WORD))
            .filter_map(|at| self.comment(self.file.start + Span::of(0..at).end, marks))
            .collect()
    }

    fn slice(&self, start: u32, end: u32) -> &'t str {
        Span::new(start, end).slice(self.text)
    }

    /// The comment whose first word stands at `word`, if one does.
    fn comment(&self, word: u32, marks: &[&str]) -> Option<Comment> {
        let blanks = [' ', '\t'];
        let before = self.slice(self.file.start, word).trim_end_matches(blanks);
        let mark = marks.iter().find(|mark| before.ends_with(**mark))?;
        let is_block = *mark == "/*";
        let head = if is_block {
            before.strip_suffix(mark)?
        } else {
            before.trim_end_matches(*mark)
        };
        // In YAML, a comment is set off.
        let is_apart = head.is_empty() || head.ends_with(char::is_whitespace);
        let start = self.file.start + Span::of(0..head.len()).end;
        if self.outline.is_in_text(start) || !(is_apart || self.language == Language::Hcl) {
            return None;
        }
        let from = word + Span::of(0..super::WORD.len()).end;
        let rest = self.slice(from, self.file.end);
        let line = rest.lines().next().unwrap_or_default();
        let (said, closing) = match line.split_once("*/") {
            Some((said, _)) if is_block => (said, "*/".len()),
            _ => (line.trim_end(), 0),
        };
        if !speaks_to_us(said) {
            return None;
        }
        let end = from + Span::of(0..said.len() + closing).end;
        let directive = directive::read(said);
        let is_for_file = (directive.as_ref()).is_ok_and(|directive| directive.whole_file);
        let governs = if is_for_file {
            Some(self.file)
        } else {
            self.governed(Span::new(start, end))
        };
        Some(Comment {
            span: Span::new(start, end),
            start: from,
            directive,
            governs,
        })
    }

    fn start_of_line(&self, offset: u32) -> u32 {
        let before = self.slice(self.file.start, offset);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        self.file.start + Span::of(0..start).end
    }

    /// What a comment governs: what stands before it on its line, else what begins below it.
    fn governed(&self, comment: Span) -> Option<Span> {
        let start = self.start_of_line(comment.start);
        let before = self.slice(start, comment.start);
        let indent = Span::of(0..before.len() - before.trim_start().len()).end;
        let first = before.trim_start();
        // Another comment may stand before it.
        let is_alone = first.is_empty()
            || (marks(self.language)
                .iter()
                .any(|mark| first.starts_with(mark))
                && !self.outline.is_in_text(start + indent));
        if is_alone {
            return self.below(comment.end, indent);
        }
        let line = Span::new(start, comment.start);
        self.beginning_on(line)
            .or_else(|| self.ending_on(line))
            .or_else(|| self.below(comment.end, 0))
    }

    /// The entries and items that begin on a line, as a whole.
    fn beginning_on(&self, line: Span) -> Option<Span> {
        // `- Name: orders` begins an item too, but the comment is about the entry.
        let is_meant = |part: &&Part| match part.kind {
            PartKind::Entry | PartKind::Item => true,
            PartKind::Document | PartKind::Container => part.span.end <= line.end,
        };
        let parts = self.outline.beginning_in(line).iter().filter(is_meant);
        parts.map(|part| part.span).reduce(Span::cover)
    }

    /// What ends on a line, behind a bracket or the last line of a text.
    fn ending_on(&self, line: Span) -> Option<Span> {
        let (starts, end) = self.outline.ending_in(line)?;
        let starts: Vec<u32> = starts.collect();
        let innermost = starts.last()?;
        let its_line = self.start_of_line(*innermost);
        // A block is as many entries as it has labels.
        let outermost = starts.iter().find(|start| **start >= its_line)?;
        Some(Span::new(*outermost, end))
    }

    /// What begins first behind `offset`, as a whole. In YAML, a comment that is indented further
    /// belongs to what is above it.
    fn below(&self, offset: u32, indent: u32) -> Option<Span> {
        let part = self.outline.next(offset)?;
        if !is_gap(self.slice(offset, part.span.start), self.language) {
            return None;
        }
        let column = part.span.start - self.start_of_line(part.span.start);
        (self.language != Language::Yaml || column >= indent).then_some(part.span)
    }
}

/// Whether a comment that begins with our name is one for us.
fn speaks_to_us(said: &str) -> bool {
    let said = said.trim_start();
    let is_call = |word: &str| {
        (said.strip_prefix(word)).is_some_and(|behind| behind.trim_start().starts_with('('))
    };
    said.starts_with(':') || is_call("allow") || is_call("allow-file")
}

/// Whether nothing but comments and the marks of an item stand there.
fn is_gap(text: &str, language: Language) -> bool {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let comment =
            if rest.starts_with('#') || (language == Language::Hcl && rest.starts_with("//")) {
                Some("\n")
            } else if language == Language::Hcl && rest.starts_with("/*") {
                Some("*/")
            } else {
                None
            };
        if let Some(end) = comment {
            rest = rest.split_once(end).map_or("", |(_, behind)| behind);
            continue;
        }
        let (token, behind) = match rest.find(char::is_whitespace) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let is_mark = match language {
            Language::Yaml => matches!(token, "-" | "?" | ",") || token.starts_with(['&', '!']),
            _ => token == ",",
        };
        match token {
            "" => return true,
            _ if is_mark => rest = behind,
            _ => return false,
        }
    }
}
