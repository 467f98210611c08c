//! From nodes to values.

use std::borrow::Cow;

use super::model::{Entry, Map, Shape, Value, here};
use crate::syntax::{Language, NodeKind, NodeRef, Schema, Text, Tree};
use crate::text::{Place, Span};

/// How a form reads a node that may stand for something else, such as an intrinsic function.
pub(super) trait Lower<'t> {
    /// The type of scalars without quotes.
    fn schema(&self) -> Schema;

    /// The value that `node` stands for, if it is not just what is written there.
    fn special(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>>;

    /// The value of a node.
    fn value(&self, node: NodeRef<'t>, depth: usize) -> Value<'t> {
        let place = here(node.span());
        if depth > MAX_DEPTH {
            return Value::unknown(place);
        }
        if let Some(value) = self.special(node, depth) {
            return value;
        }
        let shape = match node.kind() {
            NodeKind::Scalar(_) => match node.text() {
                Some(text) => return Value::scalar(place, text, node.literal(self.schema())),
                None => Shape::Unknown,
            },
            NodeKind::List => Shape::List(
                node.items()
                    .map(|item| self.value(item, depth + 1))
                    .collect(),
            ),
            NodeKind::Map => Shape::Map(self.map(node, None, depth)),
            NodeKind::Broken => Shape::Unknown,
        };
        Value {
            place,
            shape,
            origins: Vec::new(),
        }
    }

    /// The map that a node is, under `key`.
    fn map(&self, node: NodeRef<'t>, key: Option<Place>, depth: usize) -> Map<'t> {
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut open = false;
        for (name, value) in node.entries() {
            let Some(text) = name.str() else {
                open = true;
                continue;
            };
            let key = here(name.span());
            let mut value = self.value(value, depth + 1);
            value.belongs_to(key);
            entries.push(Entry {
                name: text,
                key,
                value,
            });
        }
        let key = key
            .or_else(|| entries.first().map(|entry| entry.key))
            .unwrap_or_else(|| here(node.span()));
        Map { key, entries, open }
    }
}

/// A connection is less deep than this; what is deeper is not looked at.
const MAX_DEPTH: usize = 24;

impl Value<'_> {
    /// Tells the maps in a value which key they stand under.
    pub(super) fn belongs_to(&mut self, key: Place) {
        match &mut self.shape {
            Shape::Map(map) => map.key = key,
            Shape::OneOf(branches) => {
                for branch in branches {
                    branch.belongs_to(key);
                }
            }
            _ => {}
        }
    }
}

/// Takes nodes for what is written there.
pub(super) struct Plain(pub(super) Schema);

impl<'t> Lower<'t> for Plain {
    fn schema(&self) -> Schema {
        self.0
    }

    fn special(&self, _: NodeRef<'t>, _: usize) -> Option<Value<'t>> {
        None
    }
}

/// The value of a node in a document without intrinsics.
pub fn lower_plain(node: NodeRef<'_>, schema: Schema) -> Value<'_> {
    Plain(schema).value(node, 0)
}

/// The value that is written as JSON in `text`, with places in the document of `text`.
///
/// # Errors
///
/// The place and the message of what is no JSON.
pub fn embedded_json(text: &Text<'_>, place: Place) -> Result<Value<'static>, (Place, String)> {
    let tree = Tree::read(text.as_str(), Language::Json);
    if let Some(problem) = tree.problems().first() {
        let span = text.map_span(problem.span);
        return Err((Place { span, ..place }, problem.message.clone()));
    }
    let mut documents = tree.documents();
    match (documents.next(), documents.next()) {
        (Some(root), None) => {
            let value = lower_plain(root, Schema::Core);
            Ok(value.rehomed(place, text))
        }
        _ => Err((place, "one JSON value should stand here".to_owned())),
    }
}

impl Value<'_> {
    /// The same value with its own text, and with spans that counted bytes of `outer`'s decoded
    /// string replaced by `outer`'s spans.
    fn rehomed(self, at: Place, outer: &Text<'_>) -> Value<'static> {
        let move_place = |span: Span| Place {
            span: outer.map_span(span),
            ..at
        };
        let shape = match self.shape {
            Shape::Scalar(scalar) => Shape::Scalar(super::Scalar {
                text: scalar.text.within(outer).into_owned(),
                literal: scalar.literal,
            }),
            Shape::List(items) => Shape::List(
                items
                    .into_iter()
                    .map(|item| item.rehomed(at, outer))
                    .collect(),
            ),
            Shape::OneOf(items) => Shape::OneOf(
                items
                    .into_iter()
                    .map(|item| item.rehomed(at, outer))
                    .collect(),
            ),
            Shape::Map(map) => Shape::Map(Map {
                key: move_place(map.key.span),
                entries: (map.entries.into_iter())
                    .map(|entry| Entry {
                        name: Cow::Owned(entry.name.into_owned()),
                        key: move_place(entry.key.span),
                        value: entry.value.rehomed(at, outer),
                    })
                    .collect(),
                open: map.open,
            }),
            Shape::Absent => Shape::Absent,
            Shape::Unknown => Shape::Unknown,
        };
        Value {
            place: move_place(self.place.span),
            shape,
            origins: Vec::new(),
        }
    }
}
