//! What intrinsic functions yield, as far as the template says it.

use std::collections::BTreeMap;

use super::names::{fixed, one_of, says_not_set};
use super::references::parts_of;
use super::{MAX_CHOICES, Template, looked_up, without_dynamic_references};
use crate::form::compose::{Composed, Null, json};
use crate::form::holes::push_part;
use crate::form::intrinsics::{Intrinsic, SubPiece, dynamic_references, sub_pieces};
use crate::form::lower::{Lower, embedded_json};
use crate::form::model::here;
use crate::form::{Reference, Shape, Value};
use crate::syntax::{GAP, Literal, NodeKind, NodeRef, Text, TextBuilder};
use crate::text::Place;

/// A list, as far as it is known.
struct Items<'t> {
    items: Vec<Value<'t>>,
    /// Whether others may follow. The last item then ends with a gap.
    open: bool,
}

impl<'t> Items<'t> {
    /// The item at `index`. One that may be missing moves those behind it.
    fn into_item(mut self, index: usize) -> Option<Value<'t>> {
        let before = self.items.get(..=index)?;
        (before.iter())
            .all(|item| item.is_absent() == Some(false))
            .then(|| self.items.swap_remove(index))
    }
}

impl<'t> Template<'t> {
    /// `Fn::If`: both of its branches, each of them once.
    pub(super) fn if_else(
        &self,
        intrinsic: Intrinsic<'t>,
        place: Place,
        depth: usize,
    ) -> Value<'t> {
        match intrinsic.arguments().as_slice() {
            [_, yes, no] => {
                let branches = [yes, no].map(|branch| self.value(*branch, depth + 1));
                Value::new(place, Shape::OneOf(branches.into()))
            }
            _ => Value::unknown(place),
        }
    }

    /// `Fn::Sub`, in both of its notations.
    pub(super) fn sub(&self, argument: NodeRef<'t>, place: Place, depth: usize) -> Value<'t> {
        let (template, variables) = match argument.kind() {
            NodeKind::List => {
                let mut arguments = argument.items();
                (arguments.next(), arguments.next())
            }
            _ => (Some(argument), None),
        };
        let Some(text) = template.and_then(NodeRef::text) else {
            return Value::unknown(place);
        };
        let holes = self.holes_in_sub(text.as_str());
        let text = self.filled_in(text, &holes);
        let local = |name: &str| {
            let local = variables.and_then(|variables| variables.get(name))?;
            Some(self.value(local, depth + 1))
        };
        let pieces = sub_pieces(text.as_str());
        if let [SubPiece::Variable(_, name)] = pieces.as_slice()
            && let Some(value) = self.variable(name, local(name), place)
        {
            return value;
        }
        let mut composed = Composed::default();
        let mut locals: BTreeMap<&str, Option<Value<'t>>> = BTreeMap::new();
        for piece in pieces {
            match piece {
                SubPiece::Text(part) => push_part(&mut composed.builder, &text, part),
                SubPiece::Escaped(placeholder) => {
                    let literal = placeholder.replacen("${!", "${", 1);
                    (composed.builder).push_from(&literal, text.span_of_part(placeholder));
                }
                SubPiece::Variable(placeholder, name) => {
                    let used = Place {
                        span: text.span_of_part(placeholder),
                        ..place
                    };
                    let local = locals.entry(name).or_insert_with(|| local(name));
                    composed.append(&match local {
                        Some(local) => self.stand_in(local.clone(), used, &value_of(name)),
                        None => self.reference_value(name, used),
                    });
                }
            }
        }
        finish(composed, place)
    }

    /// The value of a text that is nothing but `${name}`, if it surely refers to something; what is
    /// `local` is defined beside the text.
    fn variable(&self, name: &str, local: Option<Value<'t>>, place: Place) -> Option<Value<'t>> {
        let value = match local {
            Some(local) => self.stand_in(local, place, &value_of(name)),
            None if name.contains('.') => self.attribute_value(name, place),
            None => self.reference_value(name, place),
        };
        let is_reference = |value: &Value<'_>| {
            (value.reference.as_ref()).is_some_and(|reference| !reference.is_list)
        };
        (value.is_absent() == Some(false) && value.alternatives().all(is_reference))
            .then_some(value)
    }

    /// `Fn::Join`, as far as its pieces are known.
    pub(super) fn join(&self, intrinsic: Intrinsic<'t>, place: Place, depth: usize) -> Value<'t> {
        let arguments = intrinsic.arguments();
        let (Some(separator), Some(list)) = (
            arguments.first().and_then(|node| node.text()),
            arguments
                .get(1)
                .and_then(|list| self.list(*list, depth + 1).ok()),
        ) else {
            return Value::unknown(place);
        };
        let holes = self.holes(separator.as_str());
        let separator = self.filled_in(separator, &holes);
        let mut composed = Composed::default();
        // Whether a separator is due before the next item. An item that a condition may take away
        // takes its separator with it, so that a gap stands for both.
        let mut is_due = false;
        for item in list.items {
            let is_absent = item.is_absent();
            if is_absent == Some(false) && is_due {
                composed.builder.append(&separator);
            }
            if is_absent != Some(true) {
                is_due = is_absent.is_some();
                composed.append(&item);
            }
        }
        finish(composed, place)
    }

    /// `Fn::Select`: an item, in the place where it is written.
    pub(super) fn select(&self, intrinsic: Intrinsic<'t>, place: Place, depth: usize) -> Value<'t> {
        let arguments = intrinsic.arguments();
        let [index, list] = arguments.as_slice() else {
            return Value::unknown(place);
        };
        let index = self.value(*index, depth + 1);
        let index = fixed(&index).and_then(|index| index.trim().parse::<usize>().ok());
        match self.list(*list, depth + 1) {
            Ok(list) => index.and_then(|index| list.into_item(index)),
            Err(list) => Some(item_of_unknown(*list, place)),
        }
        .unwrap_or_else(|| Value::unknown(place))
    }

    /// `Fn::Split` where it stands for a list by itself: all of its items must be known.
    pub(super) fn split_list(
        &self,
        intrinsic: Intrinsic<'t>,
        place: Place,
        depth: usize,
    ) -> Value<'t> {
        match self.split(intrinsic, depth) {
            Some(Items { items, open: false }) => Value::new(place, Shape::List(items)),
            _ => Value::unknown(place),
        }
    }

    /// The items of a list, or of what yields one; else what it is instead.
    fn list(&self, node: NodeRef<'t>, depth: usize) -> Result<Items<'t>, Box<Value<'t>>> {
        if let Some(intrinsic) = Intrinsic::of(node).filter(|it| it.name == "Split") {
            let unknown = || Box::new(Value::unknown(here(node.span_with_tag())));
            return self.split(intrinsic, depth).ok_or_else(unknown);
        }
        let value = self.value(node, depth);
        match value.shape {
            Shape::List(items) => Ok(Items { items, open: false }),
            _ => Err(Box::new(value)),
        }
    }

    /// `Fn::Split`. A gap may hold separators, so that behind it nothing is known; in front of it,
    /// items are whole, and the last begins as it is written.
    fn split(&self, intrinsic: Intrinsic<'t>, depth: usize) -> Option<Items<'t>> {
        let arguments = intrinsic.arguments();
        let [separator, text] = arguments.as_slice() else {
            return None;
        };
        let separator = self.value(*separator, depth + 1);
        let separator = fixed(&separator).filter(|separator| !separator.is_empty())?;
        let value = self.value(*text, depth + 1);
        let text = value.text()?;
        let mut items = Vec::new();
        for part in text.as_str().split(separator) {
            if !self.spend_on_value(part.len()) {
                return None;
            }
            let (known, gap) = part.split_at(part.find(GAP).unwrap_or(part.len()));
            let gap = gap.get(..GAP.len_utf8());
            let mut builder = TextBuilder::default();
            // The gap may complete a separator that begins in front of it.
            if gap.is_none() || separator.len() == 1 {
                push_part(&mut builder, text, known);
            }
            if let Some(gap) = gap {
                builder.push_gap(text.span_of_part(gap));
            }
            let item = builder.finish();
            let place = match item.as_str() {
                "" => value.place_of(known),
                _ => Place {
                    span: item.span(),
                    ..value.place
                },
            };
            items.push(Value {
                origins: value.origins_at(place).cloned().collect(),
                parameters: value.parameters_at(place).cloned().collect(),
                ..Value::scalar(place, item, Literal::String)
            });
            if gap.is_some() {
                return Some(Items { items, open: true });
            }
        }
        Some(Items { items, open: false })
    }

    /// `Fn::FindInMap`: the value, or one of those that a deployment may choose.
    pub(super) fn find_in_map(
        &self,
        intrinsic: Intrinsic<'t>,
        place: Place,
        depth: usize,
    ) -> Value<'t> {
        let arguments = intrinsic.arguments();
        let [name, first, second, options @ ..] = arguments.as_slice() else {
            return Value::unknown(place);
        };
        let name = self.value(*name, depth + 1);
        let mapping = fixed(&name).and_then(|name| {
            let of = |part: NodeRef<'t>| part.get("Mappings")?.get(name);
            Some((name, self.parts.iter().find_map(|(_, part)| of(*part))?))
        });
        let Some((name, mapping)) = mapping else {
            return Value::unknown(place);
        };
        let first = self.keys(*first, depth + 1);
        let second = self.keys(*second, depth + 1);
        let mut chosen = Choice::default();
        for group in chosen.of(mapping, first.as_deref()) {
            let values = chosen.of(group, second.as_deref());
            chosen.found.extend(values);
            if chosen.found.len() > MAX_CHOICES {
                break;
            }
        }
        let what = format!("a value of mapping `{name}`");
        let mut values: Vec<Value<'t>> = (chosen.found.iter().take(MAX_CHOICES + 1))
            .map(|node| match self.value(*node, depth + 1) {
                value if value.known().is_some_and(says_not_set) => Value::unknown(place),
                value => self.stand_in(value, place, &what),
            })
            .collect();
        let default = options
            .first()
            .and_then(|options| options.get("DefaultValue"));
        match default {
            Some(default) if chosen.is_open || chosen.misses => {
                values.insert(0, self.value(default, depth + 1));
            }
            None if chosen.misses => values.push(Value::unknown(place)),
            _ => {}
        }
        one_of(place, values)
    }

    /// `ConnectionProperties` may be JSON in a string.
    pub(super) fn connection_properties(&self, node: NodeRef<'t>, depth: usize) -> Value<'t> {
        if let Some(intrinsic) = Intrinsic::of(node).filter(|it| it.name == "ToJsonString") {
            return self.structure(intrinsic.argument, depth + 1);
        }
        let mut value = self.value(node, depth);
        read_json_text(&mut value);
        value
    }

    /// The map or list that is the argument of a function; in the short notation, the tag of the
    /// function is its own.
    fn structure(&self, argument: NodeRef<'t>, depth: usize) -> Value<'t> {
        if argument.tag().is_none() {
            return self.value(argument, depth);
        }
        let shape = match argument.kind() {
            NodeKind::Map => match self.map_with_macros(argument, depth) {
                Some(map) => return map,
                None => Shape::Map(self.map(argument, None, depth)),
            },
            NodeKind::List => {
                let items = argument.items();
                Shape::List(items.map(|item| self.value(item, depth + 1)).collect())
            }
            NodeKind::Scalar(_) | NodeKind::Expression(_) | NodeKind::Broken => Shape::Unknown,
        };
        Value::new(here(argument.span()), shape)
    }

    /// `Fn::ToJsonString`: the text, if its structure is known.
    pub(super) fn to_json_string(
        &self,
        intrinsic: Intrinsic<'t>,
        place: Place,
        depth: usize,
    ) -> Value<'t> {
        let value = self.structure(intrinsic.argument, depth + 1);
        let is_structure = matches!(value.shape, Shape::Map(_) | Shape::List(_));
        match json(&value, Null::LeftOut).filter(|_| is_structure) {
            Some(composed) => finish(composed, place),
            None => Value::unknown(place),
        }
    }
}

/// The values of a mapping that may be chosen.
#[derive(Default)]
struct Choice<'t> {
    found: Vec<NodeRef<'t>>,
    /// Whether any key may be meant: one that is not there makes a deployment fail, unless there is
    /// a default.
    is_open: bool,
    /// Whether a value may be meant that cannot be seen.
    misses: bool,
}

impl<'t> Choice<'t> {
    /// What stands under these keys; where any may be meant, under all of them.
    fn of(&mut self, map: NodeRef<'t>, keys: Option<&[String]>) -> Vec<NodeRef<'t>> {
        let most = MAX_CHOICES + 1;
        if let Some(keys) = keys {
            let nodes: Vec<_> = (keys.iter().take(most)).map(|key| map.get(key)).collect();
            self.misses |= nodes.iter().any(Option::is_none);
            return nodes.into_iter().flatten().collect();
        }
        self.is_open = true;
        let (macros, entries): (Vec<_>, Vec<_>) = (map.entries().take(most))
            .partition(|(key, _)| key.str().is_none_or(|key| key.starts_with("Fn::")));
        self.misses |= !macros.is_empty();
        entries.into_iter().map(|(_, node)| node).collect()
    }
}

/// What a variable of `Fn::Sub` yields that is defined beside the text.
fn value_of(name: &str) -> String {
    format!("the value of `{name}`")
}

/// An item of a list of which no item is known: of the same sort as all of them.
fn item_of_unknown(list: Value<'_>, place: Place) -> Value<'_> {
    let reference = list.reference.filter(|reference| reference.is_list);
    let one = |reference: Box<Reference>| {
        Box::new(Reference {
            is_list: false,
            ..*reference
        })
    };
    Value {
        reference: reference.map(one),
        parameters: parts_of(list.parameters, place.span),
        ..Value::unknown(place)
    }
}

/// The text that was composed. What dynamic references stand for is known to AWS alone, and a
/// parameter inside of one names what is looked up, and is no part of it.
fn finish<'t>(composed: Composed, place: Place) -> Value<'t> {
    let mut value = composed.finish(place.span);
    if let Shape::Scalar(scalar) = &mut value.shape {
        for range in dynamic_references(scalar.text.as_str()) {
            let lookup = scalar.text.span_of(range);
            (value.parameters).retain(|parameter| !lookup.contains(parameter.used));
        }
        let text = std::mem::replace(&mut scalar.text, Text::unknown(place.span));
        value.taken_from = looked_up(&text);
        scalar.text = without_dynamic_references(text);
    }
    value
}

/// Reads each text that a value may be as JSON.
fn read_json_text(value: &mut Value<'_>) {
    if let Shape::OneOf(branches) = &mut value.shape {
        branches.iter_mut().for_each(read_json_text);
    }
    let Some(text) = value.text() else {
        return;
    };
    match embedded_json(text, value.place) {
        Ok(mut read) if read.as_map().is_some() => {
            inherit(&mut read, value);
            *value = read;
        }
        // What is no JSON object is the judgement's business, unless a gap may make it one.
        Err(_) if text.has_gap() => *value = Value::unknown(value.place),
        _ => {}
    }
}

/// Tells the values that were read out of a text where their parts come from.
fn inherit(value: &mut Value<'_>, outer: &Value<'_>) {
    match &mut value.shape {
        Shape::Map(map) => {
            (map.entries.iter_mut()).for_each(|entry| inherit(&mut entry.value, outer));
        }
        Shape::List(items) | Shape::OneOf(items) => {
            items.iter_mut().for_each(|item| inherit(item, outer));
        }
        _ => {
            (value.origins).extend(outer.origins_at(value.place).cloned());
            (value.parameters).extend(outer.parameters_at(value.place).cloned());
        }
    }
}
