//! What intrinsic functions yield, as far as the template says it.

use std::collections::BTreeMap;

use super::names::{one_of, says_not_set};
use super::{MAX_CHOICES, Template, without_dynamic_references};
use crate::form::holes::push_part;
use crate::form::intrinsics::{Intrinsic, SubPiece, sub_pieces};
use crate::form::lower::{Lower, embedded_json};
use crate::form::model::here;
use crate::form::{Map, Origin, Scalar, Shape, Value};
use crate::syntax::{GAP, Literal, NodeKind, NodeRef, Text, TextBuilder};
use crate::text::{Place, Span};

/// A list, as far as it is known.
struct Items<'t> {
    items: Vec<Value<'t>>,
    /// Whether others may follow. The last item then ends with a gap.
    open: bool,
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
        let mut builder = TextBuilder::default();
        let mut origins = Vec::new();
        let mut locals: BTreeMap<&str, Option<Value<'t>>> = BTreeMap::new();
        for piece in sub_pieces(text.as_str()) {
            match piece {
                SubPiece::Text(part) => push_part(&mut builder, &text, part),
                SubPiece::Escaped(placeholder) => {
                    let literal = placeholder.replacen("${!", "${", 1);
                    builder.push_from(&literal, text.span_of_part(placeholder));
                }
                SubPiece::Variable(placeholder, name) => {
                    let used = Place {
                        span: text.span_of_part(placeholder),
                        ..place
                    };
                    let local = locals.entry(name).or_insert_with(|| {
                        let local = variables.and_then(|variables| variables.get(name))?;
                        Some(self.value(local, depth + 1))
                    });
                    let value = match local {
                        Some(local) => {
                            self.stand_in(local.clone(), used, &format!("the value of `{name}`"))
                        }
                        None => self.reference_value(name, used),
                    };
                    match value.text() {
                        Some(text) => {
                            builder.append(text);
                            origins.extend(value.origins);
                        }
                        None => builder.push_gap(used.span),
                    }
                }
            }
        }
        composed(place, builder, origins)
    }

    /// `Fn::Join`, as far as its pieces are known.
    pub(super) fn join(&self, intrinsic: Intrinsic<'t>, place: Place, depth: usize) -> Value<'t> {
        let arguments = intrinsic.arguments();
        let (Some(separator), Some(list)) = (
            arguments.first().and_then(|node| node.text()),
            arguments
                .get(1)
                .and_then(|list| self.list(*list, depth + 1)),
        ) else {
            return Value::unknown(place);
        };
        let holes = self.holes(separator.as_str());
        let separator = self.filled_in(separator, &holes);
        let mut builder = TextBuilder::default();
        let mut origins = Vec::new();
        // Whether a separator is due before the next item. An item that a condition may take away
        // takes its separator with it, so that a gap stands for both.
        let mut is_due = false;
        for item in list.items {
            match item.is_absent() {
                Some(false) => {
                    if is_due {
                        builder.append(&separator);
                    }
                    match item.text() {
                        Some(text) => builder.append(text),
                        None => builder.push_gap(item.place.span),
                    }
                    is_due = true;
                }
                Some(true) => {}
                None => {
                    builder.push_gap(item.place.span);
                    is_due = false;
                }
            }
            origins.extend(item.origins);
        }
        composed(place, builder, origins)
    }

    /// `Fn::Select`: an item, in the place where it is written.
    pub(super) fn select(&self, intrinsic: Intrinsic<'t>, place: Place, depth: usize) -> Value<'t> {
        let selected = match intrinsic.arguments().as_slice() {
            [index, list] => self.item(*index, *list, depth + 1),
            _ => None,
        };
        selected.unwrap_or_else(|| Value::unknown(place))
    }

    fn item(&self, index: NodeRef<'t>, list: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let index: usize = self.value(index, depth).known()?.trim().parse().ok()?;
        let mut items = self.list(list, depth)?.items;
        // An item that may be missing moves those behind it.
        let before = items.get(..=index)?;
        (before.iter())
            .all(|item| item.is_absent() == Some(false))
            .then(|| items.swap_remove(index))
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

    /// The items of a list, or of what yields one.
    fn list(&self, node: NodeRef<'t>, depth: usize) -> Option<Items<'t>> {
        if let Some(intrinsic) = Intrinsic::of(node).filter(|it| it.name == "Split") {
            return self.split(intrinsic, depth);
        }
        match self.value(node, depth).shape {
            Shape::List(items) => Some(Items { items, open: false }),
            _ => None,
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
        let separator = separator
            .known()
            .filter(|separator| !separator.is_empty())?;
        let value = self.value(*text, depth + 1);
        let text = value.text()?;
        let mut items = Vec::new();
        for part in text.as_str().split(separator) {
            let known = part.split(GAP).next().unwrap_or_default();
            let is_cut = known.len() < part.len();
            // The gap may complete a separator that begins in front of it.
            let known = if is_cut && separator.len() > 1 {
                ""
            } else {
                known
            };
            let place = value.place_of(known);
            let mut builder = TextBuilder::default();
            push_part(&mut builder, text, known);
            if is_cut {
                builder.push_gap(place.span);
            }
            let mut item = Value::scalar(place, builder.finish(), Literal::String);
            item.origins = value.origins_at(place).cloned().collect();
            items.push(item);
            if is_cut {
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
        let mapping = name.known().and_then(|name| {
            (self.parts.iter()).find_map(|(_, part)| part.get("Mappings")?.get(name))
        });
        let (Some(name), Some(mapping)) = (name.known(), mapping) else {
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
            NodeKind::Scalar(_) | NodeKind::Broken => Shape::Unknown,
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
        let mut json = Json::default();
        match value.shape {
            Shape::Map(_) | Shape::List(_) if json.push(&value).is_some() => {
                composed(place, json.text, json.origins)
            }
            _ => Value::unknown(place),
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

/// A text of several pieces, with the places from which they come.
fn composed<'t>(place: Place, builder: TextBuilder, origins: Vec<Origin>) -> Value<'t> {
    let text = without_dynamic_references(builder.finish());
    let mut value = Value::scalar(place, text, Literal::String);
    value.origins = origins;
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
        _ => value.origins.extend(outer.origins_at(value.place).cloned()),
    }
}

/// JSON text in which every character comes from its place in the document.
#[derive(Default)]
struct Json {
    text: TextBuilder,
    origins: Vec<Origin>,
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
                self.text.push_from("{", Span::at(start));
                let mut comma = "";
                for entry in &map.entries {
                    if entry.value.is_absent()? {
                        continue;
                    }
                    let key = entry.key.span;
                    self.text.push_from(comma, Span::at(key.start));
                    self.text.push_from("\"", Span::at(key.start));
                    self.escaped(&Text::from_whole(entry.name.as_ref(), key));
                    self.text.push_from("\":", Span::at(key.end));
                    self.push(&entry.value)?;
                    comma = ",";
                }
                self.text.push_from("}", Span::at(end));
            }
            Shape::List(items) => {
                self.text.push_from("[", Span::at(start));
                let mut comma = "";
                for item in items {
                    if item.is_absent()? {
                        continue;
                    }
                    self.text.push_from(comma, Span::at(item.place.span.start));
                    self.push(item)?;
                    comma = ",";
                }
                self.text.push_from("]", Span::at(end));
            }
            Shape::OneOf(_) | Shape::Absent | Shape::Unknown => {
                self.quoted(value.place.span, &Text::unknown(value.place.span));
            }
        }
        Some(())
    }

    fn scalar(&mut self, value: &Value<'_>, scalar: &Scalar<'_>) {
        let span = value.place.span;
        self.origins.extend(value.origins.iter().cloned());
        let text = scalar.text.as_str();
        // What YAML 1.1 writes in other ways is some number or truth value as well, but which one
        // need not be known.
        let is_json = matches!(text, "true" | "false" | "null")
            || (text.len() < 16 && text.bytes().all(|b| b.is_ascii_digit()))
                && (text == "0" || !text.starts_with('0'));
        match scalar.literal {
            Literal::String => self.quoted(span, &scalar.text),
            _ if is_json => self.text.append(&scalar.text),
            _ => self.quoted(span, &Text::unknown(span)),
        }
    }

    fn quoted(&mut self, span: Span, text: &Text<'_>) {
        self.text.push_from("\"", Span::at(span.start));
        self.escaped(text);
        self.text.push_from("\"", Span::at(span.end));
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
            push_part(&mut self.text, text, plain);
            if let Some(character) = last {
                let code = format!("\\u{:04x}", u32::from(character));
                self.text.push_from(&code, text.span_of_part(escaped));
            }
        }
    }
}
