//! Terraform's functions, as far as their result is known without a deployment.

use std::borrow::Cow;

use super::evaluate::Evaluator;
use crate::form::compose::{Composed, Null, attribute, join, json, settle};
use crate::form::holes::push_part;
use crate::form::model::here;
use crate::form::{Entry, Map, Shape, Value};
use crate::syntax::{Literal, NodeRef, Text};
use crate::text::Span;

/// What a call stands for.
pub(super) fn call<'t>(
    evaluator: &Evaluator<'_, 't>,
    node: NodeRef<'t>,
    depth: usize,
) -> Value<'t> {
    let mut operands = node.operands();
    let name = operands.next().map_or("", NodeRef::source);
    let nodes: Vec<NodeRef<'t>> = operands.collect();
    let span = node.span();
    // What is spread over the arguments is a list of which each item is one.
    let is_spread = node
        .source()
        .trim_end_matches([')', ' ', '\n', ','])
        .ends_with("...");
    let values = || evaluator.all(nodes.iter().copied(), depth);
    let result = match name {
        _ if is_spread => None,
        "merge" => Some(merge(values(), span)),
        "concat" => concat(values(), span),
        "join" => join(&values(), span),
        "format" => format(&values(), span),
        "jsonencode" => {
            let json = values()
                .first()
                .and_then(|value| json(value, Null::Written));
            json.map(|composed| composed.finish(span))
        }
        "coalesce" | "try" => Some(one_of(values(), span)),
        "lookup" => lookup(values(), span),
        "element" => element(values()),
        "length" => length(&values(), span),
        "tostring" | "tonumber" | "tobool" | "toset" | "tolist" | "tomap" | "sensitive"
        | "nonsensitive" | "compact" | "distinct" | "sort" | "ephemeralasnull" => {
            values().into_iter().next()
        }
        "trimspace" => trimmed(&values(), str::trim),
        "chomp" => trimmed(&values(), |text| text.trim_end_matches(['\r', '\n'])),
        "lower" => in_case(&values(), str::to_lowercase),
        "upper" => in_case(&values(), str::to_uppercase),
        _ => None,
    };
    result.unwrap_or_else(|| evaluator.opaque(node))
}

/// The entries of all maps; of those with one key, the last.
fn merge<'t>(maps: Vec<Value<'t>>, span: Span) -> Value<'t> {
    let mut merged = Map::empty(here(span));
    for value in maps {
        add_to(&mut merged, value);
    }
    for entry in &mut merged.entries {
        settle(&mut entry.value);
    }
    Value::new(here(span), Shape::Map(merged))
}

fn add_to<'t>(merged: &mut Map<'t>, value: Value<'t>) {
    match value.shape {
        Shape::Map(map) => {
            if map.open {
                doubt(merged);
            }
            merged.open |= map.open;
            for entry in map.entries {
                merged.entries.retain(|other| other.name != entry.name);
                merged.entries.push(entry);
            }
        }
        Shape::OneOf(branches) => {
            for branch in branches {
                match branch.shape {
                    Shape::Map(map) => {
                        if map.open {
                            doubt(merged);
                        }
                        merged.open |= map.open;
                        map.entries
                            .into_iter()
                            .for_each(|entry| add_maybe(merged, entry));
                    }
                    Shape::Absent => {}
                    _ => {
                        doubt(merged);
                        merged.open = true;
                    }
                }
            }
        }
        // `merge` passes over null.
        Shape::Absent => {}
        Shape::Scalar(_) | Shape::List(_) | Shape::Unknown => {
            doubt(merged);
            merged.open = true;
        }
    }
}

/// Every entry may be replaced by one that cannot be seen.
fn doubt(map: &mut Map<'_>) {
    for entry in &mut map.entries {
        let place = entry.value.place;
        let own = std::mem::replace(&mut entry.value, Value::unknown(place));
        let maybe = vec![own, Value::unknown(place)];
        entry.value = Value::new(place, Shape::OneOf(maybe));
    }
}

/// Adds an entry that is there by a condition.
fn add_maybe<'t>(map: &mut Map<'t>, entry: Entry<'t>) {
    let place = entry.value.place;
    let index = (map.entries.iter()).position(|other| other.name == entry.name);
    let otherwise = match index {
        Some(index) => map.entries.remove(index).value,
        None => Value::new(place, Shape::Absent),
    };
    let value = Value::new(place, Shape::OneOf(vec![entry.value, otherwise]));
    map.entries.push(Entry { value, ..entry });
}

fn concat<'t>(lists: Vec<Value<'t>>, span: Span) -> Option<Value<'t>> {
    let mut all = Vec::new();
    for list in lists {
        match list.shape {
            Shape::List(items) => all.extend(items),
            _ => return None,
        }
    }
    Some(Value::new(here(span), Shape::List(all)))
}

/// `%s`, `%d` and `%v` stand for the arguments, one after the other.
fn format<'t>(values: &[Value<'t>], span: Span) -> Option<Value<'t>> {
    let (pattern, arguments) = values.split_first()?;
    let text = pattern.text().filter(|_| pattern.origins.is_empty())?;
    let mut arguments = arguments.iter();
    let mut composed = Composed::default();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        push_part(&mut composed.builder, text, before);
        let verb = from.get(..2)?;
        match verb {
            "%%" => composed.builder.push_from("%", text.span_of_part(verb)),
            "%s" | "%d" | "%v" => {
                let argument = arguments.next()?;
                composed.push(argument, argument.place.span);
            }
            // With a width or another base, what becomes of it is not for this to say.
            _ => return None,
        }
        rest = from.get(2..)?;
    }
    push_part(&mut composed.builder, text, rest);
    Some(composed.finish(span))
}

/// One of several, where which is a matter of the deployment.
fn one_of<'t>(values: Vec<Value<'t>>, span: Span) -> Value<'t> {
    let mut value = Value::new(here(span), Shape::OneOf(values));
    settle(&mut value);
    value
}

/// `lookup(map, key, default)`.
fn lookup<'t>(values: Vec<Value<'t>>, span: Span) -> Option<Value<'t>> {
    let mut values = values.into_iter();
    let (map, key, default) = (values.next()?, values.next()?, values.next());
    let key = key.known()?;
    match (&map.shape, default) {
        (Shape::Map(known), default) => match (known.get(key), default) {
            (Some(entry), _) => Some(entry.value.clone()),
            (None, Some(default)) if !known.open => Some(default),
            (None, Some(default)) => Some(either(default, span)),
            (None, None) => None,
        },
        (Shape::OneOf(_), None) => Some(attribute(map, key)),
        (_, Some(default)) => Some(either(default, span)),
        (_, None) => None,
    }
}

/// That value, or another one.
fn either<'t>(value: Value<'t>, span: Span) -> Value<'t> {
    one_of(vec![Value::unknown(here(span)), value], span)
}

fn element<'t>(values: Vec<Value<'t>>) -> Option<Value<'t>> {
    let mut values = values.into_iter();
    let (list, index) = (values.next()?, values.next()?);
    let length = match &list.shape {
        Shape::List(items) => items.len(),
        _ => return None,
    };
    let index = index.known()?.parse::<usize>().ok()?.checked_rem(length)?;
    Some(attribute(list, &index.to_string()))
}

fn length<'t>(values: &[Value<'t>], span: Span) -> Option<Value<'t>> {
    let length = match &values.first()?.shape {
        Shape::List(items) => items.len(),
        Shape::Map(map) if !map.open => map.entries.len(),
        _ => return None,
    };
    let text = Text::from_whole(length.to_string(), span);
    Some(Value::scalar(here(span), text, Literal::Integer))
}

/// A part of a text.
fn trimmed<'t>(values: &[Value<'t>], part: fn(&str) -> &str) -> Option<Value<'t>> {
    let [value] = values else {
        return None;
    };
    let text = value.text()?;
    let mut composed = Composed::default();
    push_part(&mut composed.builder, text, part(text.as_str()));
    composed.origins.clone_from(&value.origins);
    Some(composed.finish(value.place.span))
}

fn in_case<'t>(values: &[Value<'t>], change: fn(&str) -> String) -> Option<Value<'t>> {
    let [value] = values else {
        return None;
    };
    let text = value.known()?;
    let changed = Text::from_whole(Cow::Owned(change(text)), value.place.span);
    let mut value = Value::scalar(value.place, changed, Literal::String);
    value.origins = values.first()?.origins.clone();
    Some(value)
}
