//! Values that are put together of others: texts of pieces, elements of maps, and what is written in
//! one place and used in another.

use std::cell::Cell;

use super::holes::push_part;
use super::model::here;
use super::{Map, Origin, Parameter, Scalar, Shape, Value};
use crate::syntax::{GAP, Literal, Text, TextBuilder};
use crate::text::Span;

/// How many nodes are looked at in one resource.
pub(super) const BUDGET: usize = 50_000;

/// So often the resources of a document are repeated, all together; each is read once in any case.
pub(super) const MAX_REPETITIONS: usize = 10_000;

/// How much may still be looked at: a few variables that use each other twice would otherwise make
/// millions of values. What is beyond is not known.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<usize>,
    is_exceeded: Cell<bool>,
}

impl Budget {
    /// A budget of so many steps.
    pub(super) fn new(steps: usize) -> Budget {
        Budget {
            left: Cell::new(steps),
            is_exceeded: Cell::new(false),
        }
    }

    /// Takes from what is left; false where that is not enough.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(steps));
        if left < steps {
            self.is_exceeded.set(true);
        }
        left >= steps
    }

    /// Whether more was asked of it than there was: not everything was seen.
    pub(super) fn is_exceeded(&self) -> bool {
        self.is_exceeded.get()
    }
}

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
    pub(super) parameters: Vec<Parameter>,
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

    /// Appends a value that stands where it is written; a gap where it is not one text.
    pub(super) fn append(&mut self, value: &Value<'_>) {
        match value.text() {
            Some(text) => self.builder.append(text),
            None => self.builder.push_gap(value.place.span),
        }
        self.note(value);
    }

    /// Notes what a value is taken from that is a part of the text.
    pub(super) fn note(&mut self, value: &Value<'_>) {
        self.origins.extend(value.origins.iter().cloned());
        for parameter in value.alternatives().flat_map(|value| &value.parameters) {
            if !self.parameters.contains(parameter) {
                self.parameters.push(parameter.clone());
            }
        }
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

/// What becomes of a value that is not there, in JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Null {
    /// It is `null`.
    Written,
    LeftOut,
}

/// The JSON text of a value, each of its characters where it is written; `None` where its structure
/// is not known.
pub(super) fn json(value: &Value<'_>, null: Null) -> Option<Composed> {
    let mut json = Json {
        composed: Composed::default(),
        null,
    };
    json.push(value)?;
    Some(json.composed)
}

/// JSON text in which every character comes from its place in the document.
struct Json {
    composed: Composed,
    null: Null,
}

impl Json {
    /// Appends a value; `None` where the structure of the text is not known. What is unknown in a
    /// value that is there stands as a text of its own.
    fn push(&mut self, value: &Value<'_>) -> Option<()> {
        let Span { start, end } = value.place.span;
        match &value.shape {
            Shape::Scalar(scalar) => self.scalar(value, scalar),
            Shape::Map(Map { open: true, .. }) => return None,
            Shape::Map(map) => {
                self.composed.builder.push_from("{", Span::at(start));
                let mut comma = "";
                for entry in &map.entries {
                    if self.leaves_out(&entry.value)? {
                        continue;
                    }
                    let key = entry.key.span;
                    self.composed.builder.push_from(comma, Span::at(key.start));
                    self.composed.builder.push_from("\"", Span::at(key.start));
                    self.escaped(&Text::from_whole(entry.name.as_ref(), key));
                    self.composed.builder.push_from("\":", Span::at(key.end));
                    self.push(&entry.value)?;
                    comma = ",";
                }
                self.composed.builder.push_from("}", Span::at(end));
            }
            Shape::List(items) => {
                self.composed.builder.push_from("[", Span::at(start));
                let mut comma = "";
                for item in items {
                    if self.leaves_out(item)? {
                        continue;
                    }
                    self.composed
                        .builder
                        .push_from(comma, Span::at(item.place.span.start));
                    self.push(item)?;
                    comma = ",";
                }
                self.composed.builder.push_from("]", Span::at(end));
            }
            Shape::Absent if self.null == Null::Written => {
                self.composed.builder.push_from("null", value.place.span);
            }
            Shape::OneOf(_) | Shape::Absent | Shape::Unknown => {
                self.quoted(value.place.span, &Text::unknown(value.place.span));
                self.composed.note(value);
            }
        }
        Some(())
    }

    /// Whether an entry or item is not written; `None` where that is not known.
    fn leaves_out(&self, value: &Value<'_>) -> Option<bool> {
        match self.null {
            Null::Written => Some(false),
            Null::LeftOut => value.is_absent(),
        }
    }

    fn scalar(&mut self, value: &Value<'_>, scalar: &Scalar<'_>) {
        let span = value.place.span;
        self.composed.note(value);
        let text = scalar.text.as_str();
        // What YAML 1.1 writes in other ways is some number or truth value as well, but which one
        // need not be known.
        let is_json = matches!(text, "true" | "false" | "null")
            || (text.len() < 16 && text.bytes().all(|b| b.is_ascii_digit()))
                && (text == "0" || !text.starts_with('0'));
        match scalar.literal {
            Literal::String => self.quoted(span, &scalar.text),
            _ if is_json => self.composed.builder.append(&scalar.text),
            _ => self.quoted(span, &Text::unknown(span)),
        }
    }

    fn quoted(&mut self, span: Span, text: &Text<'_>) {
        self.composed.builder.push_from("\"", Span::at(span.start));
        self.escaped(text);
        self.composed.builder.push_from("\"", Span::at(span.end));
    }

    fn escaped(&mut self, text: &Text<'_>) {
        let all = text.as_str();
        for part in all.split_inclusive(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
            let last = part
                .chars()
                .next_back()
                .filter(|last| last.is_control() || matches!(last, '"' | '\\'));
            let escaped = last.map_or(0, char::len_utf8);
            let (plain, escaped) = part.split_at(part.len() - escaped);
            push_part(&mut self.composed.builder, text, plain);
            if let Some(character) = last {
                let code = format!("\\u{:04x}", u32::from(character));
                self.composed
                    .builder
                    .push_from(&code, text.span_of_part(escaped));
            }
        }
    }
}
