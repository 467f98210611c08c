//! CloudFormation templates, SAM templates and what the CDK synthesises.

mod references;
mod surroundings;

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use references::{parts_of, realm_of};

use super::holes::{is_all_of, push_part, quoted_within, with_gaps};
use super::intrinsics::{Intrinsic, SubPiece, dynamic_references, sub_pieces};
use super::lower::{Lower, embedded_json};
use super::model::here;
use super::{
    Connection, Direction, Envelope, Facets, Form, Map, Origin, Parameter, Shape, Stream,
    Surroundings, Typing, Value,
};
use crate::syntax::{Literal, NodeKind, NodeRef, Schema, Text, TextBuilder};
use crate::text::{Place, Span};

pub(super) const FORM: Form = Form {
    name: "cloudformation",
    title: "CloudFormation templates, SAM templates and the output of the CDK",
    mark: "a resource of type `AWS::Glue::Connection` under `Resources`",
    recognises,
    connections,
    surroundings,
    is_module: false,
};

/// The resource type that defines a connection.
const RESOURCE_TYPE: &str = "AWS::Glue::Connection";

fn recognises(document: NodeRef<'_>) -> bool {
    holds_connection(document)
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let parts = vec![(String::new(), document)];
    Template::new(FORM.name, parts, |_| Vec::new()).connections(each);
}

fn surroundings<'t>(document: NodeRef<'t>, _: &Stream<'t>) -> Surroundings<'t> {
    let parts = vec![(String::new(), document)];
    Template::new(FORM.name, parts, |_| Vec::new()).surroundings()
}

/// Whether a template, or a part of one, defines a connection.
pub(super) fn holds_connection(template: NodeRef<'_>) -> bool {
    template.get("Resources").is_some_and(|resources| {
        resources
            .entries()
            .any(|(_, resource)| is_connection(resource))
    })
}

fn is_connection(resource: NodeRef<'_>) -> bool {
    resource
        .get("Type")
        .is_some_and(|kind| kind.is(RESOURCE_TYPE))
}

/// A template, as a document or inside one.
pub(super) struct Template<'t> {
    form: &'static str,
    /// The parts that make it up, each with what stands before its paths.
    parts: Vec<(String, NodeRef<'t>)>,
    /// Finds what the form fills into a text before CloudFormation sees it.
    variables: fn(&str) -> Vec<Range<usize>>,
    /// What stands in quotes within such variables, as far as values were read.
    quoted: RefCell<Vec<Span>>,
    /// Its resources by their logical ids; found when the first is asked for.
    resources: OnceCell<references::Resources<'t>>,
}

impl<'t> Template<'t> {
    /// A template of these parts, in a form that fills in `variables`.
    pub(super) fn new(
        form: &'static str,
        parts: Vec<(String, NodeRef<'t>)>,
        variables: fn(&str) -> Vec<Range<usize>>,
    ) -> Template<'t> {
        Template {
            form,
            parts,
            variables,
            quoted: RefCell::default(),
            resources: OnceCell::new(),
        }
    }

    /// Hands over its connections.
    pub(super) fn connections(&self, each: &mut dyn FnMut(Connection<'t>)) {
        let secrets = self.hidden_defaults();
        for (path, part) in &self.parts {
            let Some(resources) = part.get("Resources") else {
                continue;
            };
            for (key, resource) in resources.entries() {
                if is_connection(resource) {
                    let path = format!("{path}Resources.{}", key.str().unwrap_or_default());
                    self.connection(key, resource, &path, &secrets, each);
                }
            }
        }
    }

    fn connection(
        &self,
        key: NodeRef<'t>,
        resource: NodeRef<'t>,
        path: &str,
        secrets: &[Span],
        each: &mut dyn FnMut(Connection<'t>),
    ) {
        self.quoted.borrow_mut().clear();
        let anchor = here(key.span());
        let facets = Facets {
            form: self.form,
            dialect: "cloudformation",
            direction: Direction::Authored,
            typing: Typing::Converting,
            schema: Schema::Yaml11,
            group_names: false,
            resolved: false,
            spelling: None,
        };
        let (properties_key, properties) = match resource.entry("Properties") {
            Some((key, properties)) => (here(key.span()), self.value(properties, 0)),
            None => (anchor, self.empty(anchor)),
        };
        let has_choice = matches!(properties.shape, Shape::OneOf(_));
        for mut properties in branches(properties) {
            properties.belongs_to(properties_key);
            let Shape::Map(fields) = properties.shape else {
                // All of it is a macro's or an include's: there is nothing to see.
                continue;
            };
            let input = fields.get("ConnectionInput");
            let input_key = input.map_or(fields.key, |entry| entry.key);
            let input = input.map(|entry| entry.value.clone());
            let inputs = input.map_or_else(
                || vec![Value::unknown(input_key)],
                |input| branches(input).collect(),
            );
            let is_choice = has_choice || inputs.len() > 1;
            for mut input in inputs {
                let chosen = (fields.key, input.place);
                input.belongs_to(input_key);
                let mut map = match input.shape {
                    Shape::Map(map) => map,
                    _ => Map {
                        key: input_key,
                        entries: Vec::new(),
                        open: true,
                    },
                };
                read_json_text(&mut map);
                let mut secrets = secrets.to_vec();
                secrets.extend(self.quoted_in_credentials(&map));
                each(Connection {
                    facets,
                    path: path.to_owned(),
                    anchor,
                    address: key.str().unwrap_or_default().into_owned(),
                    alias: None,
                    realm: realm_of(resource, is_choice.then_some(chosen)),
                    envelope: Some(Envelope {
                        structure: "CloudFormationProperties",
                        fields: fields.clone(),
                    }),
                    structure: "Connection",
                    fields: map,
                    secrets,
                });
            }
        }
    }

    fn empty(&self, anchor: Place) -> Value<'t> {
        Value::new(
            anchor,
            Shape::Map(Map {
                key: anchor,
                entries: Vec::new(),
                open: false,
            }),
        )
    }

    /// What stands in quotes within variables where credentials may be.
    fn quoted_in_credentials(&self, input: &Map<'t>) -> Vec<Span> {
        let holders = ["ConnectionProperties", "AuthenticationConfiguration"];
        let inside = |span: &Span| {
            (holders.iter().filter_map(|name| input.get(name)))
                .any(|entry| entry.value.place.span.contains(*span))
        };
        self.quoted
            .borrow()
            .iter()
            .copied()
            .filter(inside)
            .collect()
    }

    /// The defaults of parameters with `NoEcho`.
    fn hidden_defaults(&self) -> Vec<Span> {
        (self.parts.iter())
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

    /// What `Ref` or `${…}` to that name stands for, as far as the template says it.
    fn reference(&self, name: &str, used: Span) -> Reference {
        if name == "AWS::NoValue" {
            return Reference::NoValue;
        }
        let parameter = (self.parts.iter())
            .find_map(|(_, part)| part.get("Parameters").and_then(|all| all.get(name)));
        let Some(parameter) = parameter else {
            return Reference::Unknown;
        };
        let kind = parameter
            .get("Type")
            .and_then(NodeRef::str)
            .unwrap_or_default();
        // Of a Systems Manager parameter, the default is a path; of a list, one text for many.
        if kind != "String" && kind != "Number" {
            return Reference::Unknown;
        }
        let origin = |node: NodeRef<'t>, what: &str| Origin {
            used,
            place: here(node.span()),
            what: format!("{what} of parameter `{name}`"),
            is_default: true,
        };
        if let Some(default) = parameter.get("Default") {
            // An empty default says "not set", and is often tested by a condition.
            return match default.str() {
                Some(text) if !text.is_empty() && (self.variables)(&text).is_empty() => {
                    Reference::Texts(vec![(text.into_owned(), origin(default, "the default"))])
                }
                _ => Reference::Unknown,
            };
        }
        let allowed: Vec<(String, Origin)> = parameter
            .get("AllowedValues")
            .into_iter()
            .flat_map(NodeRef::items)
            .filter_map(|item| Some((item.str()?.into_owned(), origin(item, "an allowed value"))))
            .collect();
        let is_open = |(text, _): &(String, Origin)| !(self.variables)(text).is_empty();
        if allowed.is_empty() || allowed.iter().any(is_open) {
            Reference::Unknown
        } else {
            Reference::Texts(allowed)
        }
    }

    fn reference_value(&self, name: &str, place: Place) -> Value<'t> {
        let parameters = || self.parameter(name, place.span).into_iter().collect();
        let one = |(text, origin): (String, Origin)| Value {
            place,
            shape: Shape::Scalar(super::Scalar {
                text: Text::from_whole(text, place.span),
                literal: Literal::String,
            }),
            origins: vec![origin],
            reference: None,
            parameters: parameters(),
        };
        match self.reference(name, place.span) {
            Reference::Unknown => Value {
                reference: self.resource(name, "Ref").map(Box::new),
                parameters: parameters(),
                ..Value::unknown(place)
            },
            Reference::NoValue => Value::new(place, Shape::Absent),
            Reference::Texts(mut texts) if texts.len() == 1 => {
                texts.pop().map_or_else(|| Value::unknown(place), one)
            }
            Reference::Texts(texts) => {
                Value::new(place, Shape::OneOf(texts.into_iter().map(one).collect()))
            }
        }
    }

    /// `Fn::Sub`, in both of its notations.
    fn sub(&self, argument: NodeRef<'t>, place: Place, depth: usize) -> Value<'t> {
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
        let text = self.filled_in(text);
        if let [SubPiece::Variable(_, name)] = sub_pieces(text.as_str()).as_slice() {
            let local = variables.and_then(|variables| variables.get(name));
            if let Some(value) = self.variable(name, local, place, depth) {
                return value;
            }
        }
        let mut builder = TextBuilder::default();
        let mut origins = Vec::new();
        let mut parameters = Vec::new();
        for piece in sub_pieces(text.as_str()) {
            match piece {
                SubPiece::Text(part) => push_part(&mut builder, &text, part),
                SubPiece::Escaped(placeholder) => {
                    let literal = placeholder.replacen("${!", "${", 1);
                    builder.push_from(&literal, text.span_of_part(placeholder));
                }
                SubPiece::Variable(placeholder, name) => {
                    let used = text.span_of_part(placeholder);
                    let local = variables.and_then(|variables| variables.get(name));
                    if let Some(local) = local {
                        let value = self.value(local, depth + 1);
                        parameters.extend(parts_of(value.parameters.clone(), used));
                        match value.text() {
                            Some(text) if !text.has_gap() => {
                                builder.push_from(text.as_str(), used);
                                origins.push(Origin {
                                    used,
                                    place: value.place,
                                    what: format!("the value of `{name}`"),
                                    is_default: false,
                                });
                                origins.extend(value.origins);
                            }
                            _ => builder.push_gap(used),
                        }
                        continue;
                    }
                    parameters.extend(self.parameter(name, used));
                    match self.reference(name, used) {
                        Reference::Texts(texts) if texts.len() == 1 => {
                            for (text, origin) in texts {
                                builder.push_from(&text, used);
                                origins.push(origin);
                            }
                        }
                        _ => builder.push_gap(used),
                    }
                }
            }
        }
        composed(place, builder, origins, parameters)
    }

    /// The same text with a gap for each variable of the form.
    fn filled_in<'a>(&self, text: Text<'a>) -> Text<'a> {
        let variables = (self.variables)(text.as_str());
        let quoted = quoted_within(&text, &variables);
        self.quoted.borrow_mut().extend(quoted);
        with_gaps(text, &variables)
    }

    /// `Fn::Join`, as far as its pieces are known.
    fn join(&self, intrinsic: Intrinsic<'t>, place: Place, depth: usize) -> Value<'t> {
        let arguments = intrinsic.arguments();
        let (Some(separator), Some(list)) = (
            arguments.first().and_then(|node| node.text()),
            arguments
                .get(1)
                .filter(|list| list.kind() == NodeKind::List),
        ) else {
            return Value::unknown(place);
        };
        if list.tag().is_some() {
            return Value::unknown(place);
        }
        let separator = self.filled_in(separator);
        let mut builder = TextBuilder::default();
        let mut origins = Vec::new();
        let mut parameters = Vec::new();
        for (index, item) in list.items().enumerate() {
            if index > 0 {
                builder.append(&separator);
            }
            let value = self.value(item, depth + 1);
            match value.text() {
                Some(text) => builder.append(text),
                None => builder.push_gap(item.span()),
            }
            origins.extend(value.origins);
            parameters.extend(value.parameters);
        }
        composed(place, builder, origins, parameters)
    }
}

/// What a name stands for.
enum Reference {
    Unknown,
    NoValue,
    /// One text, or one of several; with where each is written.
    Texts(Vec<(String, Origin)>),
}

impl<'t> Lower<'t> for Template<'t> {
    fn schema(&self) -> Schema {
        Schema::Yaml11
    }

    fn special(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let place = here(node.span_with_tag());
        if let Some(intrinsic) = Intrinsic::of(node) {
            return Some(match intrinsic.name {
                "Ref" => match intrinsic.argument.str() {
                    Some(name) => self.reference_value(&name, place),
                    None => Value::unknown(place),
                },
                "GetAtt" => self.attribute(intrinsic.argument, place),
                "Sub" => self.sub(intrinsic.argument, place, depth),
                "Join" => self.join(intrinsic, place, depth),
                "If" => match intrinsic.arguments().as_slice() {
                    [_, yes, no] => Value::new(
                        place,
                        Shape::OneOf(vec![
                            self.value(*yes, depth + 1),
                            self.value(*no, depth + 1),
                        ]),
                    ),
                    _ => Value::unknown(place),
                },
                _ => Value::unknown(place),
            });
        }
        if node.kind() == NodeKind::Map {
            // A macro may add entries: `Fn::Transform` beside others, `Fn::ForEach::x`.
            let is_macro = |key: &str| key.starts_with("Fn::") || !(self.variables)(key).is_empty();
            let has_macro =
                (node.entries()).any(|(key, _)| key.str().is_some_and(|key| is_macro(&key)));
            if has_macro {
                let mut map = self.map(node, None, depth);
                map.open = true;
                map.entries.retain(|entry| !is_macro(&entry.name));
                return Some(Value::new(place, Shape::Map(map)));
            }
            return None;
        }
        let text = node.text()?;
        let variables = (self.variables)(text.as_str());
        if variables.is_empty() && !text.as_str().contains("{{resolve:") {
            return None;
        }
        let is_any = is_all_of(&variables, text.as_str());
        let text = self.filled_in(text);
        if is_any {
            return Some(Value::unknown(place));
        }
        let text = without_dynamic_references(text);
        Some(Value::scalar(place, text, node.literal(Schema::Yaml11)))
    }
}

/// A text of several pieces, with the places from which they come.
fn composed<'t>(
    place: Place,
    builder: TextBuilder,
    origins: Vec<Origin>,
    mut parameters: Vec<Parameter>,
) -> Value<'t> {
    let text = builder.finish();
    // A parameter inside of a dynamic reference names what is looked up, and is no part of it.
    for range in dynamic_references(text.as_str()) {
        let lookup = text.span_of(range);
        parameters.retain(|parameter| !lookup.contains(parameter.used));
    }
    Value {
        origins,
        parameters,
        ..Value::scalar(place, without_dynamic_references(text), Literal::String)
    }
}

/// The same text with a gap for each `{{resolve:…}}`: what it stands for is known to AWS alone.
fn without_dynamic_references(text: Text<'_>) -> Text<'_> {
    let references = dynamic_references(text.as_str());
    with_gaps(text, &references)
}

/// A value, or each branch of it that is no condition any more.
fn branches(value: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value.shape {
            Shape::OneOf(inner) => open.extend(inner.into_iter().rev()),
            Shape::Absent => {}
            _ => found.push(value),
        }
    }
    found.into_iter()
}

/// `ConnectionProperties` may be JSON in a string.
fn read_json_text(input: &mut Map<'_>) {
    for entry in &mut input.entries {
        if entry.name != "ConnectionProperties" {
            continue;
        }
        let Some(text) = entry.value.text() else {
            continue;
        };
        match embedded_json(text, entry.value.place) {
            Ok(mut value) if value.as_map().is_some() => {
                value.belongs_to(entry.key);
                entry.value = value;
            }
            // What is no JSON object is the judgement's business, unless a gap may make it one.
            Err(_) if text.has_gap() => entry.value = Value::unknown(entry.value.place),
            _ => {}
        }
    }
}
