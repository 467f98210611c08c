//! How a change is written: as edits of the document's bytes, in the style of the place.
//!
//! A change that cannot be written for certain is not written at all: in a text that a document
//! only stands for, behind an alias, next to a comment that would be lost.

mod additions;
mod entries;
mod lists;
mod pairs;

use super::{Kind, Language, Literal, NodeRef, Schema, Style, Text, Tree, scalar};
use crate::text::{Edit, Span};

pub use additions::{Addition, Position};

/// What to change in a document, however that is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The text `from`, which is written at `span` and is a scalar or a part of one, becomes `to`.
    Text {
        /// Where it is written, quotes of a whole scalar included or not.
        span: Span,
        /// What it is now.
        from: String,
        /// What it will be.
        to: String,
    },
    /// The scalar at `span`, which is written without quotes, gets them.
    Quotes {
        /// Where it is written.
        span: Span,
    },
    /// The key at `key` becomes `name`.
    Key {
        /// Where it is written.
        key: Span,
        /// What it will be.
        name: String,
    },
    /// The entry of the key at `span`, or the item of a list at `span`, goes away.
    Removal {
        /// Where the key or the item is written.
        span: Span,
    },
    /// The entry of the key at `behind` gets another one behind it, whose value is a text.
    Entry {
        /// Where the key is written.
        behind: Span,
        /// Where its value is written.
        value: Span,
        /// The text of that value.
        holds: String,
        /// The new key.
        name: String,
        /// The new text.
        text: String,
    },
    /// The scalar at `span` becomes the only item of a list.
    Wrap {
        /// Where it is written.
        span: Span,
    },
    /// The list of one item that is the value of the key at `key` becomes that item.
    Unwrap {
        /// Where the key is written.
        key: Span,
    },
    /// The reference at `span`, which ends in the attribute `from`, ends in `to`.
    Attribute {
        /// Where the expression is written.
        span: Span,
        /// The attribute now.
        from: String,
        /// What it will be.
        to: String,
    },
    /// The entry of the key at `before` gets another one in front of it, which is a reference of
    /// CloudFormation.
    Reference {
        /// Where the key is written.
        before: Span,
        /// The new key.
        name: String,
        /// What its value refers to.
        to: String,
    },
    /// The list of pairs, `[{Key, Value}]`, that is the value of the key at `key` becomes a map.
    Pairs {
        /// Where the key is written.
        key: Span,
    },
}

impl Change {
    /// Where it is made, or beside what.
    pub fn span(&self) -> Span {
        match self {
            Change::Text { span, .. }
            | Change::Quotes { span }
            | Change::Removal { span }
            | Change::Wrap { span }
            | Change::Attribute { span, .. } => *span,
            Change::Key { key, .. } | Change::Unwrap { key } | Change::Pairs { key } => *key,
            Change::Entry { behind, .. } => *behind,
            Change::Reference { before, .. } => *before,
        }
    }

    /// The place whose text it holds, to find that text there again.
    pub fn held(&self) -> Option<Span> {
        match self {
            Change::Text { span, .. } => Some(*span),
            Change::Entry { value, .. } => Some(*value),
            _ => None,
        }
    }
}

impl Tree<'_> {
    /// The edits that a change takes; `None` where it cannot be written for certain.
    pub fn edits(&self, change: &Change) -> Option<Vec<Edit>> {
        let writer = Writer { tree: self };
        match change {
            Change::Text { span, from, to } => writer.text(*span, from, to),
            Change::Quotes { span } => writer.quotes(*span),
            Change::Key { key, name } => writer.key(*key, name),
            Change::Removal { span } => writer.removal(*span),
            Change::Entry {
                behind,
                holds,
                name,
                text,
                ..
            } => writer.entry(*behind, holds, name, text),
            Change::Wrap { span } => writer.wrap(*span),
            Change::Unwrap { key } => writer.unwrap(*key),
            Change::Attribute { span, from, to } => writer.attribute(*span, from, to),
            Change::Reference { before, name, to } => writer.reference(*before, name, to),
            Change::Pairs { key } => writer.pairs(*key),
        }
    }

    /// Whether what stands at `span` also stands elsewhere, by an alias.
    pub fn is_repeated(&self, span: Span) -> bool {
        let trail = self.trail(span);
        self.has_aliases
            && self.nodes.iter().any(|node| match node.kind {
                Kind::Alias(target) => trail.contains(&target),
                _ => false,
            })
    }

    /// Where the value of the key at `key` is written; `None` where no key is.
    pub fn value_of(&self, key: Span) -> Option<Span> {
        let (map, index) = Writer { tree: self }.entry_of(key)?;
        let value = *self.children_of(map).get(index + 1)?;
        Some(self.node(value).span)
    }

    /// The nodes around `span`, from the document that holds it to the innermost. Aliases are not
    /// followed.
    fn trail(&self, span: Span) -> Vec<u32> {
        let mut trail = Vec::new();
        let mut next = child_around(self, &self.documents, span);
        while let Some(id) = next {
            trail.push(id);
            next = child_around(self, self.children_of(id), span);
        }
        trail
    }

    fn children_of(&self, id: u32) -> &[u32] {
        match self.node(id).kind {
            Kind::List { first, len } | Kind::Expression { first, len, .. } => {
                self.slice(first, len)
            }
            Kind::Map { first, len } => self.slice(first, len.saturating_mul(2)),
            Kind::Scalar { .. } | Kind::Alias(_) | Kind::Broken => &[],
        }
    }
}

/// The one of `nodes`, which are in the order of the document, that lies around `span`.
fn child_around(tree: &Tree<'_>, nodes: &[u32], span: Span) -> Option<u32> {
    let is_around = |id: &&u32| tree.node(**id).span.contains(span);
    let near = nodes.partition_point(|id| tree.node(*id).span.end <= span.start);
    let mut candidates = nodes.get(near).into_iter().chain(nodes);
    candidates.find(is_around).copied()
}

struct Writer<'t> {
    tree: &'t Tree<'t>,
}

impl<'t> Writer<'t> {
    fn slice(&self, start: u32, end: u32) -> &'t str {
        Span::new(start, end).slice(self.tree.text)
    }

    /// What is written there.
    fn raw(&self, span: Span) -> &'t str {
        span.slice(self.tree.text)
    }

    fn node(&self, id: u32) -> NodeRef<'t> {
        NodeRef {
            tree: self.tree,
            id,
        }
    }

    /// The style of a scalar; `None` for anything else, an alias of a scalar included.
    fn style(&self, id: u32) -> Option<Style> {
        match self.tree.node(id).kind {
            Kind::Scalar { style, .. } => Some(style),
            _ => None,
        }
    }

    fn is_json(&self) -> bool {
        matches!(self.tree.language, Language::Json | Language::TerraformJson)
    }

    /// What stands in front of `offset` on its line.
    fn line_before(&self, offset: u32) -> &'t str {
        let before = self.slice(0, offset);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        before.get(start..).unwrap_or_default()
    }

    /// What stands from `offset` on to the end of its line, and the offset behind the line break.
    fn line_behind(&self, offset: u32) -> (&'t str, u32) {
        let rest = self.tree.text.get(offset as usize..).unwrap_or_default();
        let len = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let line = rest.get(..len).unwrap_or_default();
        (line, offset + Span::of(0..len).end)
    }

    /// The line break that the document is written with.
    fn line_break(&self) -> &'static str {
        match self.tree.text.find('\n') {
            Some(at)
                if self
                    .tree
                    .text
                    .get(..at)
                    .is_some_and(|it| it.ends_with('\r')) =>
            {
                "\r\n"
            }
            _ => "\n",
        }
    }

    // ---- scalars -----------------------------------------------------------------------------

    fn text(&self, span: Span, from: &str, to: &str) -> Option<Vec<Edit>> {
        let id = *self.tree.trail(span).last()?;
        let style = self.style(id)?;
        let place = self.tree.node(id).span;
        let text = self.node(id).text()?;
        let range = part(&text, span, from)
            .or_else(|| (text.as_str() == from && span == place).then_some(0..from.len()))?;
        let (before, behind) = (
            text.as_str().get(..range.start)?,
            text.as_str().get(range.end..)?,
        );
        let wanted = format!("{before}{to}{behind}");
        // Nothing that somebody fills in may come into being.
        let markers = |text: &str| ["${", "%{", "{{"].map(|mark| text.matches(mark).count());
        if markers(&wanted).iter().sum::<usize>() > markers(text.as_str()).iter().sum() {
            return None;
        }
        if let Style::Literal | Style::Folded = style
            && behind.is_empty()
            && to.is_empty()
            && from.bytes().all(|byte| byte == b'\n')
        {
            return self.without_last_breaks(id, &text, from);
        }
        if style == Style::HeredocPart
            && behind.is_empty()
            && to.is_empty()
            && matches!(from, "\n" | "\r\n")
        {
            return self.heredoc_in_quotes(span);
        }
        let is_whole = range == (0..text.as_str().len());
        if !is_whole && let Some(edit) = self.within(id, style, span, to, &wanted) {
            return Some(vec![edit]);
        }
        match style {
            Style::HclPart | Style::HeredocPart => {
                (self.within(id, style, span, to, &wanted)).map(|edit| vec![edit])
            }
            _ => self.whole(id, style, &wanted).map(|edit| vec![edit]),
        }
    }

    /// Writes a part of a scalar anew, if the scalar then says what is wanted.
    fn within(&self, id: u32, style: Style, span: Span, to: &str, wanted: &str) -> Option<Edit> {
        let place = self.tree.node(id).span;
        let raw = self.slice(span.start, span.end);
        let is_line = |text: &str| !text.contains(['\n', '\r']);
        let replacement = match style {
            Style::Json | Style::DoubleQuoted | Style::Hcl | Style::HclPart => escaped(to),
            Style::SingleQuoted if is_line(to) => to.replace('\'', "''"),
            // Its lines and their indentation are no one's to change.
            Style::HeredocPart if !(is_line(raw) && !raw.trim().is_empty() && is_plain(to)) => {
                return None;
            }
            Style::Plain | Style::Literal | Style::Folded | Style::HeredocPart if is_line(to) => {
                to.to_owned()
            }
            _ => return None,
        };
        let head = self.line_before(place.start);
        let start = self.slice(place.start, span.start);
        let end = self.slice(span.end, place.end);
        let written = format!("{head}{start}{replacement}{end}");
        let own = Span::of(head.len()..written.len());
        let breaks = match self.tree.node(id).kind {
            Kind::Scalar { breaks, .. } => breaks,
            _ => 0,
        };
        if scalar::decode(&written, own, style, breaks).as_str() != wanted {
            return None;
        }
        if style == Style::Plain && !(self.tree.language == Language::Yaml && stays_plain(wanted)) {
            return None;
        }
        Some(Edit::new(span, replacement))
    }

    /// Writes a scalar anew, in its own quotes if it can be.
    fn whole(&self, id: u32, style: Style, wanted: &str) -> Option<Edit> {
        let span = self.tree.node(id).span;
        let fills_in = matches!(self.tree.language, Language::Hcl | Language::TerraformJson);
        if fills_in && (wanted.contains("${") || wanted.contains("%{")) {
            return None;
        }
        let replacement = match style {
            Style::SingleQuoted if !wanted.contains(char::is_control) => {
                format!("'{}'", wanted.replace('\'', "''"))
            }
            Style::Plain
                if self.tree.language == Language::Yaml
                    && is_plain(wanted)
                    && stays_plain(wanted) =>
            {
                wanted.to_owned()
            }
            Style::Literal | Style::Folded => {
                let header = self.header(span)?;
                let between = self.slice(header.end, span.start);
                // A comment may stand behind the header.
                if !between.trim().is_empty() {
                    return None;
                }
                return Some(Edit::new(header.cover(span), quoted(wanted)));
            }
            Style::HclPart | Style::HeredocPart => return None,
            _ => quoted(wanted),
        };
        Some(Edit::new(span, replacement))
    }

    /// Lets a block scalar end without a line break.
    fn without_last_breaks(&self, id: u32, text: &Text<'_>, from: &str) -> Option<Vec<Edit>> {
        let kept = text.as_str().trim_end_matches('\n');
        if kept.is_empty() || text.as_str().len() - kept.len() != from.len() {
            return None;
        }
        let header = self.header(self.tree.node(id).span)?;
        let raw = self.slice(header.start, header.end);
        Some(vec![match raw.find('+') {
            Some(at) => {
                let at = header.start + Span::of(0..at).end;
                Edit::new(Span::new(at, at + 1), "-")
            }
            None => Edit::insert(header.end, "-"),
        }])
    }

    /// Writes the heredoc whose last line break is at `span` in quotes, without that break.
    fn heredoc_in_quotes(&self, span: Span) -> Option<Vec<Edit>> {
        let trail = self.tree.trail(span);
        let [.., template, _] = trail.as_slice() else {
            return None;
        };
        let mut text = String::new();
        for piece in self.tree.children_of(*template) {
            (self.style(*piece) == Some(Style::HeredocPart)).then_some(())?;
            text.push_str(self.node(*piece).text()?.as_str());
        }
        let text = text.trim_end_matches(['\r', '\n']);
        let body = self.tree.node(*template).span;
        let head = self.slice(0, body.start);
        let opening = head.get(head.rfind("<<")?..)?;
        let word = opening.trim_start_matches(['<', '-']).trim();
        let (line, _) = self.line_behind(body.end);
        let is_heredoc = opening.trim_end().lines().count() == 1 && line.trim() == word;
        if !is_heredoc || text.contains(['\n', '\r']) || text.contains("${") || text.contains("%{")
        {
            return None;
        }
        let start = Span::of(0..head.len() - opening.len()).end;
        let end = body.end + Span::of(0..line.find(word)? + word.len()).end;
        Some(vec![Edit::new(Span::new(start, end), quoted(text))])
    }

    /// The header of a block scalar whose text begins at `text`: `|`, `>-`, `|2+`.
    fn header(&self, text: Span) -> Option<Span> {
        let above = self.slice(0, text.start).trim_end();
        let start = above.rfind('\n').map_or(0, |newline| newline + 1);
        let line = above.get(start..)?;
        let line = line
            .get(..line.find(" #").unwrap_or(line.len()))?
            .trim_end();
        let at = line.rfind(['|', '>'])?;
        let marks = line.get(at + 1..)?;
        (marks
            .bytes()
            .all(|b| matches!(b, b'+' | b'-' | b'1'..=b'9')))
        .then(|| Span::of(start + at..start + line.len()))
    }

    fn quotes(&self, span: Span) -> Option<Vec<Edit>> {
        let id = *self.tree.trail(span).last()?;
        if self.tree.node(id).span != span
            || self.style(id) != Some(Style::Plain)
            || !is_plain(self.slice(span.start, span.end))
        {
            return None;
        }
        Some(vec![
            Edit::insert(span.start, "\""),
            Edit::insert(span.end, "\""),
        ])
    }
}

/// Where `part` stands in a text, if it comes from just that span.
fn part(text: &Text<'_>, span: Span, part: &str) -> Option<std::ops::Range<usize>> {
    let whole = text.as_str();
    (whole.char_indices().map(|(at, _)| at))
        .chain([whole.len()])
        .filter(|at| whole.get(*at..).is_some_and(|rest| rest.starts_with(part)))
        .map(|at| at..at + part.len())
        .find(|range| text.span_of(range.clone()) == span)
}

/// Whether between two entries there is nothing but white space and a comma.
fn is_gap(text: &str) -> bool {
    let mut commas = 0;
    text.chars().all(|c| {
        commas += usize::from(c == ',');
        c.is_whitespace() || (c == ',' && commas == 1)
    })
}

/// Whether a text has only characters that mean themselves wherever they stand.
fn is_plain(text: &str) -> bool {
    (text.bytes()).all(|b| b.is_ascii_alphanumeric() || b"_./:@+=-".contains(&b))
}

/// Whether a text that has been a scalar of YAML without quotes, and lost or gained plain characters,
/// is still one, and still a text.
fn stays_plain(text: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '.');
    text.starts_with(is_start)
        && !text.ends_with([':', ' ', '\t'])
        && ![": ", " #", "\n", "\t"].iter().any(|it| text.contains(it))
        && ![Schema::Core, Schema::Yaml11]
            .iter()
            .any(|schema| Literal::of_plain(text, *schema) != Literal::String)
}

/// Whether two names are the same but for case and separators.
fn are_alike(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> Vec<char> {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(one) == letters(other)
}

/// Whether HCL takes a name for a key without quotes.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && (name.bytes()).all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// A text in double quotes, as JSON, YAML and HCL all read it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text with the escape sequences that JSON, YAML and HCL share.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
