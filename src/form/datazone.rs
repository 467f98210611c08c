//! Connections of Amazon DataZone and SageMaker Unified Studio that make one of AWS Glue: in their
//! requests, and as resources of templates.

use std::borrow::Cow;

use super::lower::{each_map, lower_plain};
use super::model::here;
use super::{
    Connection, Direction, Facets, Form, Map, Shape, Spelling, Stream, Typing, Value, Words,
    surroundings,
};
use crate::spec::{self, MemberShape};
use crate::syntax::{NodeKind, NodeRef, Schema};

pub(super) const FORM: Form = Form {
    name: "datazone",
    title: "requests of Amazon DataZone and SageMaker Unified Studio for AWS Glue connections",
    mark: "`glueConnectionInput` under `props` and `glueProperties`",
    recognises,
    connections,
    surroundings: surroundings::none,
    is_module: false,
};

/// How the requests spell the members of AWS Glue's API.
const SPELLING: Spelling = Spelling {
    words: Words::Camel,
    own: &[("Username", "userName")],
};

fn recognises(document: NodeRef<'_>) -> bool {
    input_of_request(document).is_some()
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let Some((key, input)) = input_of_request(document) else {
        return;
    };
    let anchor = here(key.span());
    let mut value = lower_plain(input, Schema::Core);
    value.belongs_to(anchor);
    let Shape::Map(fields) = value.shape else {
        return;
    };
    each(shared(Connection {
        facets: Facets {
            form: FORM.name,
            dialect: "datazone",
            direction: Direction::Authored,
            typing: Typing::Strict,
            schema: Schema::Core,
            group_names: false,
            resolved: false,
            spelling: Some(SPELLING),
        },
        path: "props.glueProperties.glueConnectionInput".to_owned(),
        anchor,
        address: String::new(),
        alias: None,
        realm: String::new(),
        envelope: None,
        structure: "Connection",
        fields,
        secrets: Vec::new(),
        curtailed: false,
    }));
}

/// The connection in a request, with its key.
fn input_of_request(document: NodeRef<'_>) -> Option<(NodeRef<'_>, NodeRef<'_>)> {
    let properties = document.get("props")?.get("glueProperties")?;
    (properties.entry("glueConnectionInput")).filter(|(_, input)| input.kind() == NodeKind::Map)
}

/// The connection in a resource of a template, with its key.
pub(super) fn input_of_resource(resource: NodeRef<'_>) -> Option<(NodeRef<'_>, NodeRef<'_>)> {
    if !resource.get("Type")?.is("AWS::DataZone::Connection") {
        return None;
    }
    input_of_properties(resource.get("Properties")?)
}

/// The connection in the properties of a resource of a template, with its key.
pub(super) fn input_of_properties(properties: NodeRef<'_>) -> Option<(NodeRef<'_>, NodeRef<'_>)> {
    let properties = properties.get("Props")?.get("GlueProperties")?;
    (properties.entry("GlueConnectionInput")).filter(|(_, input)| input.kind() == NodeKind::Map)
}

/// The connection of a resource, with what of it is the same as in AWS Glue's own API.
pub(super) fn of_resource(mut connection: Connection<'_>) -> Connection<'_> {
    let inside = "Props.GlueProperties.GlueConnectionInput";
    connection.path = match connection.path.as_str() {
        "" => inside.to_owned(),
        path => format!("{path}.{inside}"),
    };
    // Each is made in the account of its environment, which need not be that of another.
    connection.realm = format!("{} {}", connection.realm, connection.path);
    shared(connection)
}

/// The connection with those members that are the same as in AWS Glue's own API. DataZone adds some
/// and gives others on its own, so that nothing is known to be missing.
fn shared(mut connection: Connection<'_>) -> Connection<'_> {
    keep_shared(&mut connection.fields, "Connection", &connection.facets);
    connection
}

/// `MatchCriteria` is a text there.
const DIFFERENT: &[&str] = &["MatchCriteria"];

/// AWS Glue takes values of this many characters at most, DataZone longer ones.
const MAX_PROPERTY: usize = 1024;

fn keep_shared(map: &mut Map<'_>, structure: &str, facets: &Facets) {
    map.open = true;
    let Some(structure) = spec::structure(structure) else {
        return;
    };
    map.entries.retain_mut(|entry| {
        let member = (structure.members.iter())
            .filter(|member| member.direction != spec::Direction::Output)
            .filter(|member| !DIFFERENT.contains(&member.name))
            .find(|member| facets.spelled(member.name) == entry.name);
        let Some(member) = member else {
            return false;
        };
        entry.name = Cow::Borrowed(member.name);
        each_map(&mut entry.value, &mut |map| match member.shape {
            MemberShape::Structure(inner) => keep_shared(map, inner, facets),
            _ => {
                map.open = true;
                for entry in &mut map.entries {
                    forget_long_text(&mut entry.value);
                }
            }
        });
        true
    });
}

fn forget_long_text(value: &mut Value<'_>) {
    match &mut value.shape {
        Shape::Scalar(scalar) if scalar.text.as_str().chars().count() > MAX_PROPERTY => {
            value.shape = Shape::Unknown;
        }
        Shape::OneOf(branches) => branches.iter_mut().for_each(forget_long_text),
        _ => {}
    }
}
