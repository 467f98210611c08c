//! What a name stands for: a parameter, a variable of a loop, a pseudo parameter.

use super::references::parts_of;
use super::{MAX_CHOICES, STEPS_PER_VALUE, Template, without_dynamic_references};
use crate::form::intrinsics::Intrinsic;
use crate::form::lower::Lower;
use crate::form::model::here;
use crate::form::{Origin, Parameter, Reference, Shape, Value};
use crate::syntax::{Literal, NodeRef, Text};
use crate::text::{Place, Span};

/// The defaults of parameters with `NoEcho`.
pub(super) fn hidden_defaults(parts: &[(String, NodeRef<'_>)]) -> Vec<Span> {
    (parts.iter())
        .filter_map(|(_, part)| part.get("Parameters"))
        .flat_map(NodeRef::entries)
        .filter(|(_, parameter)| {
            (parameter.get("NoEcho").and_then(NodeRef::str))
                .is_some_and(|no_echo| no_echo.eq_ignore_ascii_case("true"))
        })
        .filter_map(|(_, parameter)| parameter.get("Default"))
        .map(NodeRef::span)
        .collect()
}

impl<'t> Template<'t> {
    /// What `Ref` or `${…}` to that name stands for, as far as the template says it.
    pub(super) fn reference_value(&self, name: &str, place: Place) -> Value<'t> {
        if name == "AWS::NoValue" {
            return Value::new(place, Shape::Absent);
        }
        if let Some(items) = self.items_of_variable(name) {
            let what = format!("an item for `{name}`");
            let items = (items.into_iter()).map(|item| self.stand_in(item, place, &what));
            return one_of(place, items.collect());
        }
        let mut value = match self.parameter_entry(name) {
            Some((_, parameter)) => self.parameter_value(name, parameter, place),
            None => Value::unknown(place),
        };
        let reference = self.reference(name, "Ref");
        taken_from(
            &mut value,
            reference.as_ref(),
            self.parameter(name, place.span).as_ref(),
        );
        value.taken_from = Some(name.into());
        value
    }

    /// What a parameter is if a deployment does not say otherwise.
    fn parameter_value(&self, name: &str, parameter: NodeRef<'t>, place: Place) -> Value<'t> {
        let kind = parameter.get("Type").and_then(NodeRef::str);
        let default = parameter.get("Default");
        match kind.as_deref().unwrap_or_default() {
            "String" | "Number" => {}
            kind if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
                return match default {
                    Some(default) => self.default_list(name, default, place),
                    None => Value::unknown(place),
                };
            }
            // Of a Systems Manager parameter, the default is a path.
            kind if kind.starts_with("AWS::") && !kind.starts_with("AWS::SSM::") => {}
            _ => return Value::unknown(place),
        }
        if let Some(default) = default {
            let what = format!("the default of parameter `{name}`");
            return self.written(default, place, &what);
        }
        let what = format!("an allowed value of parameter `{name}`");
        let allowed = (parameter.get("AllowedValues").into_iter()).flat_map(NodeRef::items);
        one_of(
            place,
            allowed
                .map(|item| self.written(item, place, &what))
                .take(MAX_CHOICES + 1)
                .collect(),
        )
    }

    /// The text of a parameter that a deployment may replace.
    fn written(&self, node: NodeRef<'t>, place: Place, what: &str) -> Value<'t> {
        match node.str() {
            Some(text)
                if !says_not_set(&text)
                    && (self.variables)(&text).is_empty()
                    && self.spend_on_value(text.len()) =>
            {
                replaceable(
                    Text::from_whole(text, place.span),
                    here(node.span()),
                    place,
                    what,
                )
            }
            _ => Value::unknown(place),
        }
    }

    /// The default of a parameter that is a list: its items stand between commas and blanks.
    fn default_list(&self, name: &str, default: NodeRef<'t>, place: Place) -> Value<'t> {
        let what = format!("the default of parameter `{name}`");
        let Some(text) = default.text().filter(|text| {
            let text = text.as_str();
            let count = text.split(',').count();
            !says_not_set(text)
                && (self.variables)(text).is_empty()
                && count <= MAX_CHOICES
                && self.budget.spend(STEPS_PER_VALUE * count + text.len())
        }) else {
            return Value::unknown(place);
        };
        let items = text.as_str().split(',').map(str::trim).map(|item| {
            let written = here(text.span_of_part(item));
            let item = Text::from_whole(item.to_owned(), place.span);
            replaceable(item, written, place, &what)
        });
        Value::new(place, Shape::List(items.collect()))
    }

    /// The keys that a node may be; `None` where it may be any. A parameter's default is but one of
    /// those that a deployment may choose.
    pub(super) fn keys(&self, node: NodeRef<'t>, depth: usize) -> Option<Vec<String>> {
        if let Some(Intrinsic {
            name: "Ref",
            argument,
        }) = Intrinsic::of(node)
            && let Some(name) = argument.str()
            && self.items_of_variable(&name).is_none()
            && let Some((_, parameter)) = self.parameter_entry(&name)
        {
            let allowed = parameter.get("AllowedValues")?.items();
            let is_fixed = |text: &str| (self.variables)(text).is_empty();
            return allowed
                .map(|item| Some(item.str().filter(|text| is_fixed(text))?.into_owned()))
                .collect();
        }
        let value = self.value(node, depth);
        let known = |value: &Value<'t>| fixed(value).map(str::to_owned);
        let keys: Option<Vec<String>> = value.alternatives().map(known).collect();
        keys.filter(|keys| !keys.is_empty())
    }

    /// The same value, for a place that stands for it. What is wrong in a map is not known there.
    pub(super) fn stand_in(&self, value: Value<'t>, place: Place, what: &str) -> Value<'t> {
        let own = Origin {
            used: place.span,
            place: value.place,
            what: what.to_owned(),
            is_default: false,
        };
        let inherited = value.origins.into_iter().map(|origin| Origin {
            used: place.span,
            ..origin
        });
        let origins = std::iter::once(own).chain(inherited).collect();
        let all = |items: Vec<Value<'t>>| {
            (items.into_iter())
                .map(|item| self.stand_in(item, place, what))
                .collect()
        };
        let shape = match value.shape {
            Shape::Scalar(scalar) if self.spend_on_value(scalar.text.as_str().len()) => {
                Shape::Scalar(crate::form::Scalar {
                    text: Text::from_whole(scalar.text.as_str().to_owned(), place.span),
                    literal: Literal::String,
                })
            }
            Shape::List(items) => Shape::List(all(items)),
            Shape::OneOf(items) => Shape::OneOf(all(items)),
            Shape::Absent => Shape::Absent,
            Shape::Unknown => Shape::Unknown,
            Shape::Scalar(_) | Shape::Map(_) => return Value::unknown(place),
        };
        Value {
            place,
            shape,
            origins,
            reference: value.reference,
            parameters: parts_of(value.parameters, place.span),
            taken_from: value.taken_from,
        }
    }
}

/// The text of a value that no deployment replaces.
pub(super) fn fixed<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    let is_fixed = !value.origins.iter().any(|origin| origin.is_default);
    value.known().filter(|_| is_fixed)
}

/// Tells a value what it is taken from: all that it may be, and all that it holds.
fn taken_from(value: &mut Value<'_>, reference: Option<&Reference>, parameter: Option<&Parameter>) {
    match &mut value.shape {
        Shape::OneOf(branches) => {
            return (branches.iter_mut())
                .for_each(|branch| taken_from(branch, reference, parameter));
        }
        Shape::List(items) => {
            let one = reference.map(|reference| Reference {
                is_list: false,
                ..reference.clone()
            });
            (items.iter_mut()).for_each(|item| taken_from(item, one.as_ref(), parameter));
        }
        _ => {}
    }
    value.reference = reference.cloned().map(Box::new);
    value.parameters = parameter.cloned().into_iter().collect();
}

/// Whether a text that a deployment may choose says "not set", for a condition to test.
pub(super) fn says_not_set(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "",
        "-",
        "n/a",
        "na",
        "nil",
        "none",
        "null",
        "undefined",
        "unset",
    ];
    let text = text.trim();
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A text that stands elsewhere, in the place of which a deployment may put another.
fn replaceable<'t>(text: Text<'t>, written: Place, place: Place, what: &str) -> Value<'t> {
    let text = without_dynamic_references(text);
    let mut value = Value::scalar(place, text, Literal::String);
    value.origins.push(Origin {
        used: place.span,
        place: written,
        what: what.to_owned(),
        is_default: true,
    });
    value
}

/// One of several values by a choice that only a deployment makes. Of many, a few stand for all.
pub(super) fn one_of<'t>(place: Place, mut values: Vec<Value<'t>>) -> Value<'t> {
    if values.len() > MAX_CHOICES {
        values.truncate(MAX_CHOICES);
        values.push(Value::unknown(place));
    }
    match values.len() {
        0 => Value::unknown(place),
        1 => values.pop().unwrap_or_else(|| Value::unknown(place)),
        _ => Value::new(place, Shape::OneOf(values)),
    }
}
