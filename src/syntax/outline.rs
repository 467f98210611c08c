//! What stands where in a document: for comments, which the tree does not keep.

use super::{Kind, Language, Operator, Tree};
use crate::text::Span;

/// The places of a document's entries, items and texts, in the order of the document.
#[derive(Debug)]
pub struct Outline {
    /// By start; of those that begin at one place, the longest first.
    parts: Vec<Part>,
    /// The ends of the parts, each with the start of its part, in order.
    ends: Vec<(u32, u32)>,
    /// Texts, none within another.
    texts: Vec<Span>,
}

/// A part of a document that has a place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// An entry from its key to the end of its value, an item with its tag.
    pub span: Span,
    /// What it is.
    pub kind: PartKind,
}

/// The sorts of [`Part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A YAML document that is a map.
    Document,
    /// The entry of a map; an argument or a block.
    Entry,
    /// The item of a list, or the argument of a function, that is a list or a map.
    Container,
    /// Any other item or argument.
    Item,
}

impl Outline {
    /// The outline of a document.
    pub fn of(tree: &Tree<'_>) -> Outline {
        let mut outline = Outline {
            parts: Vec::new(),
            ends: Vec::new(),
            texts: Vec::new(),
        };
        for node in &tree.nodes {
            match node.kind {
                Kind::Scalar { .. } => outline.texts.push(node.span),
                Kind::Expression {
                    operator: Operator::Template | Operator::Interpolation | Operator::Directive,
                    ..
                } => outline.texts.push(node.span),
                Kind::Map { first, len } => {
                    let children = tree.slice(first, len.saturating_mul(2));
                    for pair in children.chunks_exact(2) {
                        if let [key, value] = pair {
                            // Where nothing is written behind the colon, the value's place is no one's.
                            let value = Some(tree.with_tag(*value)).filter(|it| !it.is_empty());
                            let key = tree.with_tag(*key);
                            outline.add(key.cover(value.unwrap_or(key)), PartKind::Entry);
                        }
                    }
                }
                Kind::List { first, len } | Kind::Expression { first, len, .. } => {
                    for id in tree.slice(first, len) {
                        let kind = match tree.node(*id).kind {
                            Kind::List { .. } | Kind::Map { .. } => PartKind::Container,
                            _ => PartKind::Item,
                        };
                        outline.add(tree.with_tag(*id), kind);
                    }
                }
                Kind::Alias(_) | Kind::Broken => {}
            }
        }
        for id in &tree.documents {
            if tree.language == Language::Yaml && matches!(tree.node(*id).kind, Kind::Map { .. }) {
                outline.add(tree.with_tag(*id), PartKind::Document);
            }
        }
        outline.settle();
        outline
    }

    fn add(&mut self, span: Span, kind: PartKind) {
        self.parts.push(Part { span, kind });
    }

    fn settle(&mut self) {
        let outer_first = |span: Span| (span.start, u32::MAX - span.end);
        // Of a document and its only entry, which have one place, the document comes first.
        (self.parts).sort_by_key(|part| (outer_first(part.span), part.kind as u8));
        self.texts.sort_unstable_by_key(|span| outer_first(*span));
        let mut end = 0;
        self.texts.retain(|span| {
            let is_outer = span.end > end;
            end = end.max(span.end);
            is_outer
        });
        let ends = self.parts.iter().map(|part| part.span);
        self.ends = ends.map(|span| (span.end, span.start)).collect();
        self.ends.sort_unstable();
    }

    /// The parts, by start; of those that begin at one place, the longest first.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether a byte belongs to a text, the marks around it included.
    pub fn is_in_text(&self, offset: u32) -> bool {
        let behind = (self.texts).partition_point(|span| span.start <= offset);
        let text = behind.checked_sub(1).and_then(|at| self.texts.get(at));
        text.is_some_and(|span| offset < span.end)
    }

    /// The parts that begin in a range of offsets, its end left out.
    pub fn beginning_in(&self, range: Span) -> &[Part] {
        let index = |offset: u32| self.parts.partition_point(|part| part.span.start < offset);
        (self.parts.get(index(range.start)..index(range.end))).unwrap_or_default()
    }

    /// The first part that begins at `offset` or behind it, and all that begins with it.
    pub fn next(&self, offset: u32) -> Option<Part> {
        let index = (self.parts).partition_point(|part| part.span.start < offset);
        self.parts.get(index).copied()
    }

    /// Where the parts begin that end last in a range of offsets, its start left out, and where that
    /// is; the outermost first.
    pub fn ending_in(&self, range: Span) -> Option<(impl Iterator<Item = u32>, u32)> {
        let behind = (self.ends).partition_point(|(end, _)| *end <= range.end);
        let (end, _) = *behind.checked_sub(1).and_then(|at| self.ends.get(at))?;
        let first = (self.ends).partition_point(|(other, _)| *other < end);
        let starts =
            (self.ends.get(first..behind).unwrap_or_default().iter()).map(|(_, start)| *start);
        (end > range.start).then_some((starts, end))
    }

    /// The innermost part around `span`.
    pub fn around(&self, span: Span) -> Option<Part> {
        let behind = (self.parts).partition_point(|part| part.span.start <= span.start);
        let before = self.parts.get(..behind).unwrap_or_default();
        (before.iter().rev().copied()).find(|part| part.span.contains(span))
    }
}

impl Tree<'_> {
    /// Where a node stands, its tag included.
    fn with_tag(&self, id: u32) -> Span {
        let span = self.node(id).span;
        let index = self.tags.binary_search_by_key(&id, |(id, _)| *id);
        match index.ok().and_then(|index| self.tags.get(index)) {
            Some((_, tag)) => tag.cover(span),
            None => span,
        }
    }
}
