//! Values that are put together of others: texts of pieces, elements of maps, and what is written in
//! one place and used in another.

use super::model::here;
use super::{Origin, Parameter, Scalar, Shape, Value};
use crate::syntax::{GAP, Literal, Text, TextBuilder};
use crate::text::Span;

/// What there is to look at in one resource; what is beyond is not known.
pub(super) const BUDGET: usize = 50_000;

/// Where nothing stands as one branch of several, "not set" is meant.
pub(super) fn settle(value: &mut Value<'_>) {
    if let Shape::OneOf(branches) = &mut value.shape {
        for branch in branches {
            if is_empty(branch) {
                *branch = Value::unknown(branch.place);
            } else {
                settle(branch);
            }
        }
    }
}

/// Whether a value is an empty text, list or map.
pub(super) fn is_empty(value: &Value<'_>) -> bool {
    match &value.shape {
        Shape::Scalar(scalar) => scalar.text.as_str().is_empty(),
        Shape::List(items) => items.is_empty(),
        Shape::Map(map) => map.entries.is_empty() && !map.open,
        Shape::OneOf(_) | Shape::Absent | Shape::Unknown => false,
    }
}

/// An attribute of a map, or an item of a list.
pub(super) fn attribute<'t>(value: Value<'t>, name: &str) -> Value<'t> {
    let place = value.place;
    match value.shape {
        Shape::Map(map) => {
            let found = map.entries.into_iter().rfind(|entry| entry.name == name);
            found.map_or_else(|| Value::unknown(place), |entry| entry.value)
        }
        Shape::List(items) => {
            let index = name.parse::<usize>().ok();
            let found = index.and_then(|index| items.into_iter().nth(index));
            found.unwrap_or_else(|| Value::unknown(place))
        }
        Shape::OneOf(branches) => {
            let branches = branches.into_iter().map(|branch| attribute(branch, name));
            Value::new(place, Shape::OneOf(branches.collect()))
        }
        Shape::Scalar(_) | Shape::Absent | Shape::Unknown => Value::unknown(place),
    }
}

/// A value that is written elsewhere, where it is used. Lists and maps stay where they are: what is
/// wrong in them is shown there.
pub(super) fn borrowed<'t>(
    value: Value<'t>,
    used: Span,
    what: &str,
    is_default: bool,
) -> Value<'t> {
    let place = here(used);
    match value.shape {
        Shape::Scalar(scalar) => {
            let mut composed = Composed::default();
            composed.origins.push(Origin {
                used,
                place: value.place,
                what: what.to_owned(),
                is_default,
            });
            composed.push_text(&scalar.text, &value.origins, used);
            composed.push_parameters(&value.parameters, used);
            let mut moved = composed.finish(used);
            if let Shape::Scalar(Scalar { literal, .. }) = &mut moved.shape {
                *literal = scalar.literal;
            }
            moved
        }
        Shape::OneOf(branches) => {
            let branches = branches.into_iter();
            let moved = branches.map(|branch| borrowed(branch, used, what, is_default));
            Value::new(place, Shape::OneOf(moved.collect()))
        }
        // A variable that is null is one that has to be given.
        Shape::Absent if is_default => Value::unknown(place),
        Shape::Absent | Shape::Unknown => {
            let parameters = value.parameters.into_iter();
            Value {
                place,
                parameters: parameters.map(|it| Parameter { used, ..it }).collect(),
                ..value
            }
        }
        Shape::List(_) | Shape::Map(_) => value,
    }
}

/// Notes that a value, or each branch of it, is taken from that parameter.
pub(super) fn add_parameter(value: &mut Value<'_>, parameter: &Parameter) {
    match &mut value.shape {
        Shape::OneOf(branches) => {
            (branches.iter_mut()).for_each(|branch| add_parameter(branch, parameter));
        }
        _ => value.parameters.push(parameter.clone()),
    }
}

/// A text of several pieces, with the places from which they come.
#[derive(Default)]
pub(super) struct Composed {
    pub(super) builder: TextBuilder,
    pub(super) origins: Vec<Origin>,
    parameters: Vec<Parameter>,
}

impl Composed {
    /// Appends a value that stands for the part of the document under `used`.
    pub(super) fn push(&mut self, value: &Value<'_>, used: Span) {
        self.push_parameters(&value.parameters, used);
        match &value.shape {
            Shape::Scalar(scalar) => self.push_text(&scalar.text, &value.origins, used),
            _ => {
                self.builder.push_gap(used);
                self.push_origins(&value.origins, used);
            }
        }
    }

    /// Appends a text that stands for the part of the document under `used`.
    fn push_text(&mut self, text: &Text<'_>, origins: &[Origin], used: Span) {
        // What is written right there keeps its own places.
        if used.contains(text.span()) && origins.is_empty() {
            self.builder.append(text);
            return;
        }
        let mut runs = text.as_str().split(GAP);
        self.builder
            .push_from(runs.next().unwrap_or_default(), used);
        for run in runs {
            self.builder.push_gap(used);
            self.builder.push_from(run, used);
        }
        self.push_origins(origins, used);
    }

    fn push_origins(&mut self, origins: &[Origin], used: Span) {
        let moved = (origins.iter().cloned()).map(|origin| Origin { used, ..origin });
        self.origins.extend(moved);
    }

    fn push_parameters(&mut self, parameters: &[Parameter], used: Span) {
        let moved = (parameters.iter().cloned()).map(|parameter| Parameter { used, ..parameter });
        self.parameters.extend(moved);
    }

    pub(super) fn finish<'t>(self, span: Span) -> Value<'t> {
        let mut value = Value::scalar(here(span), self.builder.finish(), Literal::String);
        value.origins = self.origins;
        value.parameters = self.parameters;
        value
    }
}

pub(super) fn join<'t>(values: &[Value<'t>], span: Span) -> Option<Value<'t>> {
    let [separator, list] = values else {
        return None;
    };
    let Shape::List(items) = &list.shape else {
        return None;
    };
    let mut composed = Composed::default();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            composed.push(separator, separator.place.span);
        }
        composed.push(item, item.place.span);
    }
    Some(composed.finish(span))
}

/// The JSON text of a value, each of its characters where it is written.
pub(super) fn json<'t>(value: &Value<'t>, span: Span) -> Option<Value<'t>> {
    let mut composed = Composed::default();
    write_json(value, &mut composed)?;
    Some(composed.finish(span))
}

fn write_json(value: &Value<'_>, out: &mut Composed) -> Option<()> {
    let span = value.place.span;
    let mark = Span::at(span.start);
    match &value.shape {
        Shape::Scalar(scalar) if scalar.literal == Literal::String => {
            out.builder.push_from("\"", mark);
            let text = &scalar.text;
            for character in text.as_str().split_inclusive(|_| true) {
                let at = text.span_of_part(character);
                match character {
                    "\"" => out.builder.push_from("\\\"", at),
                    "\\" => out.builder.push_from("\\\\", at),
                    _ if character.starts_with(GAP) => out.builder.push_gap(at),
                    _ if character.starts_with(char::is_control) => {
                        let code = character.chars().next().map_or(0, u32::from);
                        out.builder.push_from(&format!("\\u{code:04x}"), at);
                    }
                    _ if at.len() as usize == character.len() => {
                        out.builder.push_verbatim(character, at.start);
                    }
                    _ => out.builder.push_from(character, at),
                }
            }
            out.builder.push_from("\"", Span::at(span.end));
            out.origins.extend(value.origins.iter().cloned());
        }
        Shape::Scalar(scalar) => {
            out.builder.push_from(scalar.text.as_str(), span);
            out.origins.extend(value.origins.iter().cloned());
        }
        Shape::Absent => out.builder.push_from("null", span),
        // What will stand there is most often a text.
        Shape::Unknown | Shape::OneOf(_) => {
            out.builder.push_from("\"", mark);
            out.builder.push_gap(span);
            out.builder.push_from("\"", mark);
            out.origins.extend(value.origins.iter().cloned());
        }
        Shape::List(items) => {
            out.builder.push_from("[", mark);
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.builder.push_from(",", mark);
                }
                write_json(item, out)?;
            }
            out.builder.push_from("]", mark);
        }
        Shape::Map(map) if map.open => return None,
        Shape::Map(map) => {
            out.builder.push_from("{", mark);
            for (index, entry) in map.entries.iter().enumerate() {
                if index > 0 {
                    out.builder.push_from(",", mark);
                }
                let key = serde_json::to_string(&entry.name).ok()?;
                out.builder.push_from(&key, entry.key.span);
                out.builder.push_from(":", mark);
                write_json(&entry.value, out)?;
            }
            out.builder.push_from("}", mark);
        }
    }
    Some(())
}
