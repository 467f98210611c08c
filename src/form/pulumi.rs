//! Pulumi programs in YAML, of the classic AWS provider and of the native one.

use std::cell::RefCell;

use super::holes::push_part;
use super::lower::{Lower, default_to_jdbc, implied, name_members, take_nested, take_request};
use super::model::here;
use super::{
    Connection, Direction, Facets, Form, Map, Shape, Spelling, Stream, Typing, Value, Words,
};
use crate::syntax::{GAP, Literal, NodeKind, NodeRef, Schema, Text, TextBuilder};
use crate::text::Span;

pub(super) const FORM: Form = Form {
    name: "pulumi",
    title: "Pulumi programs in YAML",
    mark: "a resource of type `aws:glue:Connection` or `aws-native:glue:Connection` under `resources`",
    recognises,
    connections,
    surroundings: super::surroundings::none,
    is_module: false,
};

/// The types that define a connection, and whether each is of the native provider.
const TYPES: &[(&str, bool)] = &[
    ("aws:glue:Connection", false),
    ("aws:glue/connection:Connection", false),
    ("aws-native:glue:Connection", true),
];

/// How the classic provider spells the members of the API: as Terraform does, lists in the plural.
const CLASSIC: Spelling = Spelling {
    words: Words::Camel,
    own: &[
        ("MatchCriteria", "matchCriterias"),
        ("SecurityGroupIdList", "securityGroupIdLists"),
        ("OAuth2Properties", "oauth2Properties"),
    ],
};

/// How the native provider spells them.
const NATIVE: Spelling = Spelling {
    words: Words::Camel,
    own: &[],
};

fn recognises(document: NodeRef<'_>) -> bool {
    document.get("resources").is_some_and(|resources| {
        (resources.entries()).any(|(_, resource)| provider(resource).is_some())
    })
}

/// Whether a connection is of the native provider; `None` for any other resource.
fn provider(resource: NodeRef<'_>) -> Option<bool> {
    let kind = resource.get("type")?.str()?;
    (TYPES.iter().find(|(known, _)| *known == kind)).map(|(_, native)| *native)
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let Some(resources) = document.get("resources") else {
        return;
    };
    let defaults = secret_defaults(document);
    for (key, resource) in resources.entries() {
        if let Some(is_native) = provider(resource)
            && let Some(mut connection) = read(key, resource, is_native)
        {
            connection.secrets.extend(&defaults);
            each(connection);
        }
    }
}

/// The defaults of settings that are declared to be secret.
fn secret_defaults(program: NodeRef<'_>) -> Vec<Span> {
    ["config", "configuration"]
        .iter()
        .filter_map(|key| program.get(key))
        .flat_map(NodeRef::entries)
        .filter(|(_, setting)| setting.get("secret").is_some_and(|it| it.is("true")))
        .flat_map(|(_, setting)| [setting.get("default"), setting.get("value")])
        .flatten()
        .map(NodeRef::span)
        .collect()
}

fn read<'t>(key: NodeRef<'t>, resource: NodeRef<'t>, is_native: bool) -> Option<Connection<'t>> {
    // A resource that is only looked up is not defined here.
    if resource.get("get").is_some() {
        return None;
    }
    let anchor = here(key.span());
    let (properties_key, properties) = resource.entry("properties")?;
    let program = Program::default();
    let mut fields = match program.value(properties, 0).shape {
        Shape::Map(map) => map,
        _ => return None,
    };
    fields.key = here(properties_key.span());
    let facets = Facets {
        group_names: false,
        resolved: false,
        form: FORM.name,
        dialect: "pulumi",
        direction: Direction::Authored,
        typing: Typing::Free,
        schema: Schema::Core,
        spelling: Some(if is_native { NATIVE } else { CLASSIC }),
    };
    let (envelope, mut fields) = if is_native {
        take_nested(fields)?
    } else {
        (take_request(&mut fields), fields)
    };
    name_members(&mut fields, "Connection", &facets);
    if !is_native {
        default_to_jdbc(&mut fields, anchor);
    }
    // Pulumi makes up a name where there is none.
    if fields.presence("Name").is_absent() {
        remove(&mut fields, "Name");
        (fields.entries).push(implied("Name", anchor, Shape::Unknown));
    }
    Some(Connection {
        facets,
        path: format!("resources.{}.properties", key.str().unwrap_or_default()),
        anchor,
        address: String::new(),
        alias: None,
        realm: String::new(),
        envelope: Some(envelope),
        structure: "Connection",
        fields,
        secrets: program.secrets.into_inner(),
    })
}

fn remove(fields: &mut Map<'_>, name: &str) {
    fields.entries.retain(|entry| entry.name != name);
}

/// Reads values of a program, and remembers which it declares to be secret.
#[derive(Default)]
struct Program {
    secrets: RefCell<Vec<Span>>,
}

impl Program {
    /// A built-in function, by the map that it is.
    fn function<'t>(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let mut entries = node.entries();
        let (key, argument) = entries.next()?;
        if entries.next().is_some() {
            return None;
        }
        let name = key.str()?.to_ascii_lowercase();
        let name = name.strip_prefix("fn::")?;
        if name == "secret" {
            self.secrets.borrow_mut().push(argument.span());
        }
        let value = match name {
            "join" => self.join(argument, depth),
            _ => {
                // There may be secrets further inside.
                self.value(argument, depth + 1);
                None
            }
        };
        Some(value.map_or_else(
            || Value::unknown(here(node.span())),
            |text| Value::scalar(here(node.span()), text, Literal::String),
        ))
    }

    /// `fn::join`, as far as its pieces are known.
    fn join(&self, argument: NodeRef<'_>, depth: usize) -> Option<Text<'static>> {
        let mut arguments = argument.items();
        let separator = self.value(arguments.next()?, depth + 1);
        let list = arguments.next()?;
        if list.kind() != NodeKind::List {
            return None;
        }
        let mut builder = TextBuilder::default();
        for (index, item) in list.items().enumerate() {
            if index > 0 {
                match separator.text() {
                    Some(text) => builder.append(text),
                    None => builder.push_gap(separator.place.span),
                }
            }
            match self.value(item, depth + 1).text() {
                Some(text) => builder.append(text),
                None => builder.push_gap(item.span()),
            }
        }
        Some(builder.finish())
    }
}

impl<'t> Lower<'t> for Program {
    fn schema(&self) -> Schema {
        Schema::Core
    }

    fn special(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        match node.kind() {
            NodeKind::Map => return self.function(node, depth),
            NodeKind::Scalar(_) => {}
            _ => return None,
        }
        let place = here(node.span());
        let literal = node.literal(self.schema());
        if literal == Literal::Null {
            return Some(Value::new(place, Shape::Absent));
        }
        let text = node.text().filter(|text| text.as_str().contains("${"))?;
        let text = interpolated(&text);
        // It may be a list or a map as well.
        Some(if text.as_str().chars().eq([GAP]) {
            Value::unknown(place)
        } else {
            Value::scalar(place, text, literal)
        })
    }
}

/// The same text with a gap for each `${…}`, and `${` for each `$${`.
fn interpolated(text: &Text<'_>) -> Text<'static> {
    let mut builder = TextBuilder::default();
    let mut rest = text.as_str();
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        if let Some(plain) = before.strip_suffix('$') {
            push_part(&mut builder, text, plain);
            let (escaped, after) = rest.split_at(start + 2);
            let escaped = escaped.get(plain.len()..).unwrap_or_default();
            builder.push_from("${", text.span_of_part(escaped));
            rest = after;
            continue;
        }
        let Some(len) = from.find('}') else { break };
        let (placeholder, after) = from.split_at(len + 1);
        push_part(&mut builder, text, before);
        builder.push_gap(text.span_of_part(placeholder));
        rest = after;
    }
    push_part(&mut builder, text, rest);
    builder.finish()
}
