//! From nodes to values.

use std::borrow::Cow;

use super::model::{Entry, Envelope, Facets, Map, Origin, Scalar, Shape, Value, here};
use crate::spec::{self, MemberShape};
use crate::syntax::{Language, Literal, NodeKind, NodeRef, Schema, Text, Tree};
use crate::text::{Place, Span};

/// How a form reads a node that may stand for something else, such as an intrinsic function.
pub(super) trait Lower<'t> {
    /// The type of scalars without quotes.
    fn schema(&self) -> Schema;

    /// The value that `node` stands for, if it is not just what is written there.
    fn special(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>>;

    /// The value that a map holds under `key`, where the key tells how it is read.
    fn entry(&self, _key: &str, node: NodeRef<'t>, depth: usize) -> Value<'t> {
        self.value(node, depth)
    }

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
                Some(text) => {
                    let mut value = Value::scalar(place, text, node.literal(self.schema()));
                    value
                        .origins
                        .extend(node.anchored_span().map(|span| Origin {
                            used: place.span,
                            place: here(span),
                            what: "the anchor".to_owned(),
                            is_default: false,
                        }));
                    return value;
                }
                None => Shape::Unknown,
            },
            NodeKind::List => Shape::List(
                node.items()
                    .map(|item| self.value(item, depth + 1))
                    .collect(),
            ),
            NodeKind::Map => Shape::Map(self.map(node, None, depth)),
            NodeKind::Expression(_) | NodeKind::Broken => Shape::Unknown,
        };
        Value::new(place, shape)
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
            let mut value = self.entry(&text, value, depth + 1);
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
        Map {
            entries,
            open,
            ..Map::empty(key)
        }
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

/// Gives the members of a structure the names of the API. What only looks like one keeps its name;
/// what is none is left out, for the tool may know more members than the API. After either, the
/// map is open.
pub(super) fn name_members(map: &mut Map<'_>, structure: &str, facets: &Facets) {
    let Some(structure) = spec::structure(structure) else {
        return;
    };
    let known = |name: &str| {
        (structure.members.iter())
            .filter(|member| member.direction != spec::Direction::Output)
            .find(|member| {
                // How tools spell the members of deeper structures is not for this to say.
                let here = facets.spelled(member.name);
                here == name || (member.name.contains("OAuth2") && folded(&here).eq(folded(name)))
            })
    };
    let is_like = |name: &str| {
        (structure.members.iter())
            .filter(|member| member.direction != spec::Direction::Output)
            .any(|member| {
                !facets.spelled(member.name).contains('.') && folded(name).eq(folded(member.name))
            })
    };
    let mut open = map.open;
    map.entries.retain_mut(|entry| {
        let Some(member) = known(&entry.name) else {
            open = true;
            return is_like(&entry.name);
        };
        entry.name = Cow::Borrowed(member.name);
        if let MemberShape::Structure(inner) = member.shape {
            each_map(&mut entry.value, &mut |map| {
                name_members(map, inner, facets)
            });
        }
        true
    });
    map.open = open;
}

/// A name without case and separators.
fn folded(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-'));
    letters.map(|c| c.to_ascii_uppercase())
}

/// Hands over each map that a value may be.
pub(super) fn each_map<'t>(value: &mut Value<'t>, each: &mut dyn FnMut(&mut Map<'t>)) {
    match &mut value.shape {
        Shape::Map(map) => each(map),
        Shape::OneOf(branches) => {
            for branch in branches {
                each_map(branch, each);
            }
        }
        _ => {}
    }
}

/// An entry that the document does not write out: it stands nowhere, near `place`.
pub(super) fn implied<'t>(
    name: impl Into<Cow<'t, str>>,
    place: Place,
    shape: Shape<'t>,
) -> Entry<'t> {
    let nowhere = here(Span::at(place.span.start));
    Entry {
        name: name.into(),
        key: nowhere,
        value: Value::new(nowhere, shape),
    }
}

/// Where the type is not written, tools that grew out of Terraform mean JDBC.
pub(super) fn default_to_jdbc(fields: &mut Map<'_>, anchor: Place) {
    if fields.presence("ConnectionType").is_absent() {
        // One that is null stands for none.
        fields
            .entries
            .retain(|entry| entry.name != "ConnectionType");
        let scalar = Scalar {
            text: Text::from_whole("JDBC", Span::at(anchor.span.start)),
            literal: Literal::String,
        };
        let entry = implied("ConnectionType", anchor, Shape::Scalar(scalar));
        fields.entries.push(entry);
    }
}

/// Takes the members of the request out of a map in which they stand beside the connection's.
pub(super) fn take_request<'t>(map: &mut Map<'t>) -> Envelope<'t> {
    let mut fields = Map {
        open: true,
        ..Map::empty(map.key)
    };
    for mut entry in std::mem::take(&mut map.entries) {
        match entry.name.as_ref() {
            "catalogId" | "catalogID" | "catalog_id" => entry.name = Cow::Borrowed("CatalogId"),
            "tags" => entry.name = Cow::Borrowed("Tags"),
            "region" => continue,
            _ => {
                map.entries.push(entry);
                continue;
            }
        }
        fields.entries.push(entry);
    }
    Envelope {
        structure: "CreateConnectionRequest",
        fields,
    }
}

/// The request and the connection of a map that holds the connection as a member.
pub(super) fn take_nested(mut fields: Map<'_>) -> Option<(Envelope<'_>, Map<'_>)> {
    let mut envelope = take_request(&mut fields);
    let is_input = |name: &str| matches!(name, "connectionInput" | "connection_input");
    let mut input = (fields.entries.into_iter()).rfind(|entry| is_input(&entry.name))?;
    input.name = Cow::Borrowed("ConnectionInput");
    let map = input.value.as_map()?.clone();
    envelope.fields.entries.push(input);
    Some((envelope, map))
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
                structure: map.structure,
            }),
            Shape::Absent => Shape::Absent,
            Shape::Unknown => Shape::Unknown,
        };
        Value::new(move_place(self.place.span), shape)
    }
}
