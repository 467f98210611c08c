//! Pulumi programs in YAML, of the classic AWS provider and of the native one.

mod program;
mod surroundings;

use super::lower::{default_to_jdbc, implied, name_members, take_nested, take_request};
use super::model::here;
use super::provider::read_json_text;
use super::{Connection, Direction, Facets, Form, Map, Shape, Spelling, Stream, Typing, Words};
use crate::syntax::{NodeRef, Schema};

use program::{Evaluator, Program, Scope, kind};
use surroundings::short;

pub(super) const FORM: Form = Form {
    name: "pulumi",
    title: "Pulumi programs in YAML",
    mark: "a resource of type `aws:glue:Connection` or `aws-native:glue:Connection` under `resources`",
    recognises,
    connections,
    surroundings: surroundings::surroundings,
    is_module: false,
};

/// The types that define a connection, and whether each is of the native provider.
const TYPES: &[(&str, bool)] = &[
    ("aws:glue:Connection", false),
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
    let components = document.get("components").into_iter();
    let components = components.flat_map(NodeRef::entries).map(|(_, node)| node);
    [document].into_iter().chain(components).any(|scope| {
        (scope.get("resources").into_iter())
            .flat_map(NodeRef::entries)
            .any(|(_, resource)| is_native(resource).is_some())
    })
}

/// Whether a connection is of the native provider; `None` for any other resource.
fn is_native(resource: NodeRef<'_>) -> Option<bool> {
    let kind = short(&kind(resource)?);
    (TYPES.iter().find(|(known, _)| *known == kind)).map(|(_, is_native)| *is_native)
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let program = Program::of(document);
    for scope in &program.scopes {
        for (key, resource) in scope.resources() {
            if let Some(is_native) = is_native(resource)
                && let Some(mut connection) = read(scope, key, resource, is_native)
            {
                connection.secrets.extend(&program.secrets);
                each(connection);
            }
        }
    }
}

fn read<'t>(
    scope: &Scope<'t>,
    key: NodeRef<'t>,
    resource: NodeRef<'t>,
    is_native: bool,
) -> Option<Connection<'t>> {
    // A resource that is only looked up is not defined here.
    if resource.get("get").is_some() {
        return None;
    }
    let anchor = here(key.span());
    let evaluator = Evaluator::new(scope);
    let properties = evaluator.properties(resource);
    // Without properties, or with all of them made by a function, there is nothing to see.
    if properties.entries.is_empty()
        && (properties.open || resource.get("properties").is_none())
        && !evaluator.is_curtailed()
    {
        return None;
    }
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
    let mut fields = properties;
    let (mut envelope, mut fields) = if is_native {
        take_nested(fields)?
    } else {
        (take_request(&mut fields), fields)
    };
    name_members(&mut fields, "Connection", &facets);
    if is_native {
        read_json_text(&mut envelope.fields, envelope.structure);
        read_json_text(&mut fields, "Connection");
    } else {
        default_to_jdbc(&mut fields, anchor);
    }
    // Pulumi makes up a name where there is none.
    if fields.presence("Name").is_absent() {
        remove(&mut fields, "Name");
        (fields.entries).push(implied("Name", anchor, Shape::Unknown));
    }
    let name = key.str().unwrap_or_default();
    Some(Connection {
        facets,
        path: format!("{}resources.{name}.properties", scope.path),
        anchor,
        address: name.into_owned(),
        alias: None,
        realm: realm(scope, resource),
        envelope: Some(envelope),
        structure: "Connection",
        fields,
        secrets: Vec::new(),
        curtailed: evaluator.is_curtailed(),
    })
}

fn remove(fields: &mut Map<'_>, name: &str) {
    fields.entries.retain(|entry| entry.name != name);
}

/// What decides where a resource is made: the component it is a part of, the provider or what it
/// inherits one from, the Region.
fn realm(scope: &Scope<'_>, resource: NodeRef<'_>) -> String {
    let inside = |section: &str, names: &[&str]| {
        let section = resource.get(section);
        (names.iter())
            .filter_map(|name| section?.get(name))
            .map(|value| format!("{};", value.source()))
            .collect::<String>()
    };
    format!(
        "{}{}{}",
        scope.path,
        inside("options", &["provider", "providers", "parent"]),
        inside("properties", &["region"])
    )
}
