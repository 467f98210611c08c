//! A program: what its names stand for, as far as literals carry.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::form::compose::{
    BUDGET, Budget, Composed, Null, add_parameter, attribute, borrowed, is_empty, join, json,
};
use crate::form::holes::{end_of_expression, push_part, steps};
use crate::form::lower::Lower;
use crate::form::model::here;
use crate::form::{Map, Origin, Parameter, Reference, Shape, Value};
use crate::spec;
use crate::syntax::{Literal, MAX_DEPTH, NodeKind, NodeRef, Schema, Text};
use crate::text::Span;

/// A program with its components.
pub(super) struct Program<'t> {
    /// The program itself, and its components.
    pub(super) scopes: Vec<Scope<'t>>,
    /// What it declares to be secret.
    pub(super) secrets: Vec<Span>,
}

/// The program itself or one of its components: each knows no names but its own.
pub(super) struct Scope<'t> {
    /// What stands in front of its paths: `components.network.`, nothing for the program itself.
    pub(super) path: String,
    /// Where it is written.
    pub(super) node: NodeRef<'t>,
    names: BTreeMap<Cow<'t, str>, Named<'t>>,
}

/// What a name stands for.
#[derive(Clone, Copy)]
enum Named<'t> {
    /// What a deployment is given; in a component, by those who use it.
    Setting {
        key: NodeRef<'t>,
        setting: NodeRef<'t>,
        is_input: bool,
    },
    Variable(NodeRef<'t>),
    Resource {
        key: NodeRef<'t>,
        resource: NodeRef<'t>,
    },
    /// More than one thing, which Pulumi refuses.
    Several,
}

/// The sections that define names.
const SECTIONS: &[&str] = &[
    "config",
    "configuration",
    "inputs",
    "variables",
    "resources",
];

impl<'t> Program<'t> {
    pub(super) fn of(document: NodeRef<'t>) -> Program<'t> {
        let components = document.get("components").into_iter();
        let components = components
            .flat_map(NodeRef::entries)
            .filter_map(|(key, node)| {
                Some(Scope::of(format!("components.{}.", key.str()?), node, None))
            });
        let project = document.get("name").and_then(NodeRef::str);
        let own = Scope::of(String::new(), document, project.as_deref());
        let scopes: Vec<Scope<'t>> = [own].into_iter().chain(components).collect();
        Program {
            secrets: secrets(document, &scopes),
            scopes,
        }
    }

    /// Whether no other resource of the program has that name.
    pub(super) fn is_only(&self, name: &str) -> bool {
        let mut found = (self.scopes.iter()).filter_map(|scope| scope.names.get(name));
        let is_resource = matches!(found.next(), Some(Named::Resource { .. }));
        is_resource && !found.any(|it| matches!(it, Named::Resource { .. } | Named::Several))
    }
}

impl<'t> Scope<'t> {
    /// * `project`: the name that may stand in front of its settings.
    fn of(path: String, node: NodeRef<'t>, project: Option<&str>) -> Scope<'t> {
        let mut names = BTreeMap::new();
        for section in SECTIONS {
            for (key, value) in node.get(section).into_iter().flat_map(NodeRef::entries) {
                let Some(name) = key.str() else { continue };
                let name = match project.and_then(|project| name.strip_prefix(project)) {
                    Some(rest) if rest.starts_with(':') => Cow::Owned(rest.replacen(':', "", 1)),
                    _ => name,
                };
                let named = match *section {
                    "variables" => Named::Variable(value),
                    "resources" => Named::Resource {
                        key,
                        resource: value,
                    },
                    section => Named::Setting {
                        key,
                        setting: value,
                        is_input: section == "inputs",
                    },
                };
                (names.entry(name))
                    .and_modify(|known| *known = Named::Several)
                    .or_insert(named);
            }
        }
        Scope { path, node, names }
    }

    /// Its resources, each with its key.
    pub(super) fn resources(&self) -> impl Iterator<Item = (NodeRef<'t>, NodeRef<'t>)> {
        let resources = self.node.get("resources").into_iter();
        resources.flat_map(NodeRef::entries)
    }
}

/// The type of a resource.
pub(super) fn kind(resource: NodeRef<'_>) -> Option<Cow<'_, str>> {
    resource.get("type")?.str()
}

/// What a program declares to be secret: defaults of settings, and arguments of `fn::secret`.
fn secrets(document: NodeRef<'_>, scopes: &[Scope<'_>]) -> Vec<Span> {
    let settings = scopes.iter().flat_map(|scope| scope.names.values());
    let mut found: Vec<Span> = settings
        .filter_map(|named| match named {
            Named::Setting { setting, .. } if is_secret(*setting) => {
                Some([setting.get("default"), setting.get("value")])
            }
            _ => None,
        })
        .flatten()
        .flatten()
        .map(NodeRef::span)
        .collect();
    let mut left = BUDGET;
    if wrapped(document, 0, &mut left, &mut found).is_none() {
        // Where not all of it can be looked at, nothing is shown.
        return vec![document.span()];
    }
    found
}

/// Whether a setting is declared to be secret: anything but a plain no may say so.
fn is_secret(setting: NodeRef<'_>) -> bool {
    setting.get("secret").is_some_and(|it| !it.is("false"))
}

/// Finds the arguments of `fn::secret`; `None` where there is too much to look at.
fn wrapped(node: NodeRef<'_>, depth: usize, left: &mut usize, found: &mut Vec<Span>) -> Option<()> {
    *left = left.checked_sub(1).filter(|_| depth <= MAX_DEPTH)?;
    // What an alias stands for is found where it is written.
    if node.anchored_span().is_some() {
        return Some(());
    }
    for item in node.items() {
        wrapped(item, depth + 1, left, found)?;
    }
    for (key, value) in node.entries() {
        if key.str().and_then(|key| function_name(&key)).as_deref() == Some("secret") {
            found.push(value.anchored_span().unwrap_or(value.span()));
        }
        wrapped(value, depth + 1, left, found)?;
    }
    Some(())
}

/// The name of a built-in function, by its key.
fn function_name(key: &str) -> Option<String> {
    let name = key.to_ascii_lowercase();
    name.strip_prefix("fn::").map(str::to_owned)
}

/// Reads the values of one resource.
pub(super) struct Evaluator<'p, 't> {
    scope: &'p Scope<'t>,
    /// How many nodes may still be looked at.
    budget: Budget,
}

impl<'p, 't> Evaluator<'p, 't> {
    pub(super) fn new(scope: &'p Scope<'t>) -> Evaluator<'p, 't> {
        Evaluator {
            scope,
            budget: Budget::new(BUDGET),
        }
    }

    /// Whether it looked at less than there was to look at.
    pub(super) fn is_curtailed(&self) -> bool {
        self.budget.is_exceeded()
    }

    /// The properties of a resource, under their key; what is none of a map is not known.
    pub(super) fn properties(&self, resource: NodeRef<'t>) -> Map<'t> {
        let place = here(resource.span());
        let none = Map::empty(place);
        let Some((key, properties)) = resource.entry("properties") else {
            return none;
        };
        let key = here(key.span());
        match self.value(properties, 0).shape {
            Shape::Map(map) => Map { key, ..map },
            _ => Map {
                key,
                open: true,
                ..none
            },
        }
    }

    /// A built-in function, by the map that it is.
    fn function(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let mut entries = node.entries();
        let (key, argument) = entries.next()?;
        if entries.next().is_some() {
            return None;
        }
        let name = function_name(&key.str()?)?;
        let span = node.span();
        let value = self.value(argument, depth + 1);
        let known = match (name.as_str(), &value.shape) {
            ("secret", _) => {
                let mut value = value;
                hide(&mut value);
                return Some(value);
            }
            ("tojson", _) => {
                let mut value = value.clone();
                doubt_numbers(&mut value);
                json(&value, Null::Written).map(|composed| composed.finish(span))
            }
            ("join", Shape::List(arguments)) => join(arguments, span),
            ("select", Shape::List(arguments)) => select(arguments),
            ("split", Shape::List(arguments)) => split(arguments),
            _ => None,
        };
        Some(known.unwrap_or_else(|| {
            // What cannot be known remembers the texts in it: they may be parts of a credential.
            let mut opaque = Value::unknown(here(span));
            collect_texts(&value, &mut opaque.origins);
            opaque
        }))
    }

    /// A text with `${…}` in it.
    fn interpolated(&self, node: NodeRef<'t>, text: &Text<'_>, depth: usize) -> Value<'t> {
        let pieces = pieces(text.as_str());
        if let [Piece::Access(placeholder, inside)] = pieces.as_slice() {
            let mut value = self.access(inside, text.span_of_part(placeholder), depth);
            // Lists and maps stay where they are written.
            if !matches!(value.shape, Shape::List(_) | Shape::Map(_)) {
                value.place = here(node.span());
            }
            value.taken_from = Some((*inside).into());
            return value;
        }
        let mut composed = Composed::default();
        for piece in pieces {
            match piece {
                Piece::Text(part) => push_part(&mut composed.builder, text, part),
                Piece::Escaped(part) => composed.builder.push_from("${", text.span_of_part(part)),
                Piece::Access(placeholder, inside) => {
                    let used = text.span_of_part(placeholder);
                    composed.push(&self.access(inside, used, depth), used);
                }
            }
        }
        composed.finish(node.span())
    }

    /// What `name.attribute` stands for, where it is used.
    fn access(&self, expression: &str, used: Span, depth: usize) -> Value<'t> {
        let unknown = Value::unknown(here(used));
        let Some((name, steps)) = steps(expression) else {
            return unknown;
        };
        match self.scope.names.get(name) {
            Some(Named::Variable(definition)) => {
                let value = stepped(self.value(*definition, depth + 1), &steps);
                match value.shape {
                    Shape::Absent => unknown,
                    _ => borrowed(value, used, &format!("variable `{name}`"), false),
                }
            }
            Some(Named::Setting {
                key,
                setting,
                is_input,
            }) => {
                let what = if *is_input { "input" } else { "setting" };
                let default = if setting.kind() == NodeKind::Map {
                    setting.get("default").or(setting.get("value"))
                } else {
                    Some(*setting)
                };
                let default = default
                    .map(|default| stepped(self.value(default, depth + 1), &steps))
                    // What is empty says "not set".
                    .filter(|default| !is_empty(default));
                let mut value = match default {
                    Some(value) => borrowed(
                        value,
                        used,
                        &format!("the default of {what} `{name}`"),
                        true,
                    ),
                    None => unknown,
                };
                if steps.is_empty() {
                    let parameter = Parameter {
                        name: name.to_owned(),
                        anchor: here(key.span()),
                        used,
                        // Whether an input is, those decide who use the component.
                        is_shown: !is_input && !is_secret(*setting),
                    };
                    add_parameter(&mut value, &parameter);
                }
                value
            }
            Some(Named::Resource { key, resource }) => Value {
                reference: reference(name, *key, *resource, &steps).map(Box::new),
                ..unknown
            },
            Some(Named::Several) | None => unknown,
        }
    }
}

/// The reference to an attribute of a resource that the facts know.
fn reference(
    name: &str,
    key: NodeRef<'_>,
    resource: NodeRef<'_>,
    steps: &[&str],
) -> Option<Reference> {
    let [attribute] = steps else { return None };
    let known = spec::resource(&kind(resource)?)?;
    // What the facts do not know of a resource, nothing can be said about.
    known.yields(attribute)?;
    Some(Reference {
        address: name.to_owned(),
        resource: known,
        attribute: (*attribute).to_owned(),
        anchor: Some(here(key.span())),
        is_made_here: resource.get("get").is_none(),
        is_list: false,
    })
}

impl<'t> Lower<'t> for Evaluator<'_, 't> {
    fn schema(&self) -> Schema {
        Schema::Core
    }

    fn special(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let place = here(node.span());
        if !self.budget.spend(1) {
            return Some(Value::unknown(place));
        }
        match node.kind() {
            NodeKind::Map => {
                if let Some(value) = self.function(node, depth) {
                    return Some(value);
                }
                let mut map = self.map(node, None, depth);
                let count = map.entries.len();
                map.entries.retain(|entry| !entry.name.contains("${"));
                map.open |= map.entries.len() < count;
                Some(Value::new(place, Shape::Map(map)))
            }
            NodeKind::Scalar(_) if node.literal(self.schema()) == Literal::Null => {
                Some(Value::new(place, Shape::Absent))
            }
            NodeKind::Scalar(_) => {
                let text = node.text().filter(|text| text.as_str().contains("${"))?;
                Some(self.interpolated(node, &text, depth))
            }
            _ => None,
        }
    }
}

/// A piece of a text.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    /// Literal text.
    Text(&'a str),
    /// `$${`, which stands for `${`.
    Escaped(&'a str),
    /// `${name.attribute}`: the whole, and what stands inside.
    Access(&'a str, &'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        if let Some(plain) = before.strip_suffix('$') {
            let (escaped, after) = rest.split_at(start + 2);
            pieces.push(Piece::Text(plain));
            pieces.push(Piece::Escaped(
                escaped.get(plain.len()..).unwrap_or_default(),
            ));
            rest = after;
            continue;
        }
        let Some(end) = end_of_expression(from, 2, "}") else {
            break;
        };
        let (placeholder, after) = from.split_at(end);
        let inside = placeholder.get(2..end - 1).unwrap_or_default();
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Access(placeholder, inside));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

/// What steps behind a value lead to.
fn stepped<'t>(value: Value<'t>, steps: &[&str]) -> Value<'t> {
    (steps.iter()).fold(value, |value, step| attribute(value, step))
}

/// What is wrapped as a secret is shown to nobody, wherever it is taken from.
fn hide(value: &mut Value<'_>) {
    for parameter in &mut value.parameters {
        parameter.is_shown = false;
    }
    match &mut value.shape {
        Shape::List(items) | Shape::OneOf(items) => items.iter_mut().for_each(hide),
        Shape::Map(map) => (map.entries.iter_mut()).for_each(|entry| hide(&mut entry.value)),
        Shape::Scalar(_) | Shape::Absent | Shape::Unknown => {}
    }
}

/// Forgets numbers and truth values that JSON writes in another way than YAML.
fn doubt_numbers(value: &mut Value<'_>) {
    match &mut value.shape {
        Shape::Scalar(scalar) => {
            let is_json = || {
                let written = scalar.text.as_str();
                serde_json::from_str::<serde_json::Value>(written).is_ok()
            };
            if scalar.literal != Literal::String && !is_json() {
                value.shape = Shape::Unknown;
            }
        }
        Shape::List(items) | Shape::OneOf(items) => items.iter_mut().for_each(doubt_numbers),
        Shape::Map(map) => {
            (map.entries.iter_mut()).for_each(|entry| doubt_numbers(&mut entry.value));
        }
        Shape::Absent | Shape::Unknown => {}
    }
}

/// `fn::select`: an index and a list.
fn select<'t>(arguments: &[Value<'t>]) -> Option<Value<'t>> {
    let [index, list] = arguments else {
        return None;
    };
    let index = index.known()?.parse::<usize>().ok()?;
    match &list.shape {
        Shape::List(items) => items.get(index).cloned(),
        _ => None,
    }
}

/// `fn::split`: a separator and a text, all of which has to be known.
fn split<'t>(arguments: &[Value<'t>]) -> Option<Value<'t>> {
    let [separator, whole] = arguments else {
        return None;
    };
    let text = whole.text()?;
    let separator = separator.known().filter(|it| !it.is_empty())?;
    let items = text.known()?.split(separator).map(|part| {
        let mut composed = Composed::default();
        push_part(&mut composed.builder, text, part);
        composed.origins.clone_from(&whole.origins);
        composed.finish(text.span_of_part(part))
    });
    Some(Value::new(whole.place, Shape::List(items.collect())))
}

fn collect_texts(value: &Value<'_>, texts: &mut Vec<Origin>) {
    texts.extend(value.origins.iter().cloned());
    match &value.shape {
        Shape::Scalar(scalar) if !scalar.text.as_str().is_empty() => texts.push(Origin {
            used: value.place.span,
            place: value.place,
            what: "a text in the expression".to_owned(),
            is_default: false,
        }),
        Shape::List(items) | Shape::OneOf(items) => {
            items.iter().for_each(|item| collect_texts(item, texts));
        }
        Shape::Map(map) => {
            (map.entries.iter()).for_each(|entry| collect_texts(&entry.value, texts));
        }
        Shape::Scalar(_) | Shape::Absent | Shape::Unknown => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_text() {
        assert_eq!(
            pieces("a-${b.c}:$${d}${e[\"}\"]}${"),
            [
                Piece::Text("a-"),
                Piece::Access("${b.c}", "b.c"),
                Piece::Text(":"),
                Piece::Escaped("$${"),
                Piece::Text("d}"),
                Piece::Access("${e[\"}\"]}", "e[\"}\"]"),
                Piece::Text("${"),
            ]
        );
    }
}
