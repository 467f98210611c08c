//! Lists of one item, references to attributes, and entries that refer to something.

use super::{Writer, is_identifier, is_plain, quoted};
use crate::syntax::{Kind, Language, Operator, Style};
use crate::text::{Edit, Span};

impl Writer<'_> {
    pub(super) fn wrap(&self, span: Span) -> Option<Vec<Edit>> {
        let id = *self.tree.trail(span).last()?;
        let is_one_word = match self.style(id)? {
            Style::Plain => is_plain(self.raw(span)),
            Style::Json | Style::DoubleQuoted | Style::SingleQuoted | Style::Hcl => true,
            _ => false,
        };
        // An anchor or a tag in front of it would be that of the list.
        let before = self.line_before(span.start).trim_end();
        if self.tree.node(id).span != span || !is_one_word || !before.ends_with([':', '=']) {
            return None;
        }
        Some(vec![
            Edit::insert(span.start, "["),
            Edit::insert(span.end, "]"),
        ])
    }

    pub(super) fn unwrap(&self, key: Span) -> Option<Vec<Edit>> {
        let (map, index) = self.entry_of(key)?;
        let list = *self.tree.children_of(map).get(index + 1)?;
        let (Kind::List { .. }, [item]) = (self.tree.node(list).kind, self.tree.children_of(list))
        else {
            return None;
        };
        let (list, item) = (self.tree.node(list).span, self.tree.node(*item).span);
        if !self.is_block(list) {
            let open = Span::new(list.start, item.start);
            let close = Span::new(item.end, list.end);
            let is_free = |span: Span, bracket: &str| {
                self.raw(span).trim_matches([' ', '\t', '\r', '\n', ',']) == bracket
            };
            return (is_free(open, "[") && is_free(close, "]"))
                .then(|| vec![Edit::delete(open), Edit::delete(close)]);
        }
        // What stands behind the dash stays where it is, if that is further in than the key.
        let above = self.slice(0, item.start).trim_end().strip_suffix('-')?;
        let dash = Span::of(0..above.len()).end;
        let (before, own) = (self.line_before(dash), self.line_before(item.start));
        if !before.trim().is_empty() || own.len() <= self.line_before(key.start).len() {
            return None;
        }
        Some(vec![if own.trim().is_empty() {
            let lines = Span::new(
                dash - Span::of(0..before.len()).end,
                item.start - Span::of(0..own.len()).end,
            );
            Edit::delete(lines)
        } else {
            Edit::new(Span::new(dash, dash + 1), " ")
        }])
    }

    pub(super) fn attribute(&self, span: Span, from: &str, to: &str) -> Option<Vec<Edit>> {
        let trail = self.tree.trail(span);
        let mut id = *(trail.iter()).find(|id| self.tree.node(**id).span == span)?;
        loop {
            let children = self.tree.children_of(id);
            match (self.tree.node(id).kind, children) {
                (
                    Kind::Expression {
                        operator: Operator::Template | Operator::Interpolation,
                        ..
                    },
                    [only],
                ) => id = *only,
                (
                    Kind::Expression {
                        operator: Operator::Traversal,
                        ..
                    },
                    [_, .., last],
                ) => {
                    let step = self.tree.node(*last).span;
                    let is_it = self.style(*last) == Some(Style::Plain) && self.raw(step) == from;
                    return is_it.then(|| vec![Edit::new(step, to)]);
                }
                _ => return None,
            }
        }
    }

    pub(super) fn reference(&self, before: Span, name: &str, to: &str) -> Option<Vec<Edit>> {
        let (map, index) = self.entry_of(before)?;
        let is_there = self.node(map).own_entries().any(|(key, _)| key.is(name));
        if is_there || self.tree.language == Language::Hcl {
            return None;
        }
        let style = self.style(*self.tree.children_of(map).get(index)?)?;
        let is_block = self.is_block(self.tree.node(map).span);
        let name = match style {
            Style::Plain if is_identifier(name) => name.to_owned(),
            Style::SingleQuoted => format!("'{name}'"),
            _ => quoted(name),
        };
        let value = match (self.tree.language, is_block) {
            (Language::Yaml, true) => format!("!Ref {to}"),
            (Language::Yaml, false) if style == Style::Plain => format!("!Ref \"{to}\""),
            _ => format!("{{\"Ref\": \"{to}\"}}"),
        };
        let line = self.line_before(before.start);
        let behind = match (is_block, line.trim().is_empty()) {
            (true, true) => format!("{}{line}", self.line_break()),
            (false, true) => format!(",{}{line}", self.line_break()),
            (false, false) => ", ".to_owned(),
            (true, false) => return None,
        };
        Some(vec![Edit::insert(
            before.start,
            format!("{name}: {value}{behind}"),
        )])
    }
}
