//! Ansible: tasks of the module `community.aws.glue_connection`.

mod jinja;
mod tasks;

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::compose::{BUDGET, Budget, MAX_REPETITIONS};
use super::holes::push_part;
use super::lower::{Lower, default_to_jdbc};
use super::model::here;
use super::{
    Connection, Direction, Entry, Envelope, Facets, Form, Map, Scalar, Shape, Spelling, Stream,
    Typing, Value, Words,
};
use crate::syntax::{Literal, NodeKind, NodeRef, Schema, TextBuilder};
use crate::text::{Place, Span};

use jinja::{Jinja, Playbook, Variables, collect_vaults, is_plain_number, iterations};
use tasks::{Call, Item, is_module, walk};

pub(super) const FORM: Form = Form {
    name: "ansible",
    title: "Ansible playbooks and lists of tasks",
    mark: "a task that calls `community.aws.glue_connection`",
    recognises,
    connections,
    surroundings: super::surroundings::none,
    is_module: false,
};

/// How the module spells the members of the API.
const SPELLING: Spelling = Spelling {
    words: Words::Snake,
    own: &[
        ("PhysicalConnectionRequirements", ""),
        ("SecurityGroupIdList", "security_groups"),
    ],
};

/// Parameters that are members of the connection.
const MEMBERS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("description", "Description"),
    ("connection_type", "ConnectionType"),
    ("connection_properties", "ConnectionProperties"),
    ("match_criteria", "MatchCriteria"),
];

/// Parameters that are members of `PhysicalConnectionRequirements`.
const PLACEMENT: &[(&str, &str)] = &[
    ("subnet_id", "SubnetId"),
    ("security_groups", "SecurityGroupIdList"),
    ("availability_zone", "AvailabilityZone"),
];

/// Parameters that are lists; the module splits a text at its commas.
const LISTS: &[&str] = &["match_criteria", "security_groups"];

/// What options are called that log in to AWS.
const SECRET_OPTIONS: &[&str] = &["access_key", "secret", "token", "password"];

fn recognises(document: NodeRef<'_>) -> bool {
    walk(document, &mut |item| match Call::of(item.node) {
        Some(_) => ControlFlow::Break(()),
        None => ControlFlow::Continue(()),
    })
    .is_break()
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let playbook = Playbook::of(document);
    let mut left = MAX_REPETITIONS;
    let _ = walk(document, &mut |item| {
        if let Some(call) = Call::of(item.node) {
            let variables = Variables::of(&playbook, item.around);
            let list = Budget::new(BUDGET);
            let jinja = Jinja::new(&variables, &[], &list);
            let (iterations, is_curtailed) = iterations(item.node, &jinja, &mut left);
            for iterators in iterations {
                let budget = Budget::new(BUDGET);
                let inner = || Jinja::new(&variables, &iterators, &budget);
                if let Some(mut connection) = read(item, &call, &inner) {
                    let budgets = [&list, &budget];
                    connection.curtailed =
                        is_curtailed || budgets.into_iter().any(Budget::is_exceeded);
                    connection.secrets.extend(variables.vaults());
                    connection.secrets.extend(jinja.secrets(true));
                    each(connection);
                }
            }
        }
        ControlFlow::Continue(())
    });
}

/// Whether `module_defaults` may say something of the module.
fn sets_defaults(defaults: NodeRef<'_>) -> bool {
    defaults.kind() != NodeKind::Map
        || (defaults.entries()).any(|(key, _)| key.str().is_none_or(|key| is_module(&key)))
}

/// The connection that a call makes; none where it removes one.
///
/// * `jinja`: reads values, and notes the secrets of those that it has read.
fn read<'v, 't: 'v>(
    item: &Item<'_, 't>,
    call: &Call<'t>,
    jinja: &dyn Fn() -> Jinja<'v, 't>,
) -> Option<Connection<'t>> {
    let anchor = here(call.module.span());
    // Only the values of the map may hold credentials.
    let (properties, others) = (jinja(), jinja());
    // Whoever fills in the state may take the connection away.
    let state = call.argument("state").map(|state| others.value(state, 0));
    let may_be_absent = match &state {
        Some(state) if state.known() == Some("absent") => return None,
        Some(state) => state.known() != Some("present"),
        None => false,
    };
    let defaults = item
        .around
        .iter()
        .filter_map(|it| it.get("module_defaults"));
    let is_open = call.is_open || defaults.into_iter().any(sets_defaults);
    let new_map = |key| Map {
        open: is_open,
        ..Map::empty(key)
    };
    let mut fields = new_map(anchor);
    let mut placement = new_map(anchor);
    let mut request = new_map(anchor);
    let mut secrets = Vec::new();
    for (key, node) in call.arguments.iter().copied() {
        let key_place = here(key.span());
        let Some(parameter) = key.str() else {
            fields.open = true;
            continue;
        };
        let (map, member) = if let Some(member) = member_of(MEMBERS, &parameter) {
            (&mut fields, member)
        } else if let Some(member) = member_of(PLACEMENT, &parameter) {
            (&mut placement, member)
        } else if parameter == "catalog_id" {
            (&mut request, "CatalogId")
        } else {
            if SECRET_OPTIONS.iter().any(|word| parameter.contains(word)) {
                secrets.push(node.span());
            }
            collect_vaults(node, &mut secrets, 0);
            continue;
        };
        let is_properties = member == "ConnectionProperties";
        let jinja = if is_properties { &properties } else { &others };
        let mut value = jinja.value(node, 0);
        value.belongs_to(key_place);
        if is_left_out(&value, member) {
            continue;
        }
        value = if is_properties {
            as_properties(value, &mut secrets)
        } else {
            as_parameter(value, LISTS.contains(&parameter.as_ref()))
        };
        map.entries.push(Entry {
            name: Cow::Borrowed(member),
            key: key_place,
            value,
        });
    }
    // Where arguments come from elsewhere, the type may too.
    default_to_jdbc(&mut fields, anchor);
    fields.open |= may_be_absent;
    fields.entries.extend(placement_entry(placement));
    secrets.extend(properties.secrets(true));
    secrets.extend(others.secrets(false));
    Some(Connection {
        facets: Facets {
            form: FORM.name,
            dialect: "ansible",
            direction: Direction::Authored,
            typing: Typing::Strict,
            schema: Schema::Yaml11,
            group_names: true,
            resolved: false,
            spelling: Some(SPELLING),
        },
        path: item.path.clone(),
        anchor,
        address: String::new(),
        alias: None,
        realm: String::new(),
        envelope: (!request.entries.is_empty()).then_some(Envelope {
            structure: "CreateConnectionRequest",
            fields: request,
        }),
        structure: "Connection",
        fields,
        secrets,
        curtailed: false,
    })
}

fn member_of(members: &[(&str, &'static str)], parameter: &str) -> Option<&'static str> {
    (members.iter().find(|(name, _)| *name == parameter)).map(|(_, member)| *member)
}

/// The properties, where they are a map. In a text the module reads JSON, or pairs with commas;
/// what that holds is not looked at, and not shown.
fn as_properties<'t>(value: Value<'t>, secrets: &mut Vec<Span>) -> Value<'t> {
    if matches!(value.shape, Shape::Map(_) | Shape::List(_)) {
        return value;
    }
    if value.as_scalar().is_some() {
        secrets.push(value.place.span);
        secrets.extend(value.origins.iter().map(|origin| origin.place.span));
    }
    Value::unknown(value.place)
}

/// Whether the module takes a parameter for one that is not there.
fn is_left_out(value: &Value<'_>, member: &str) -> bool {
    let needs_text = matches!(member, "Name" | "ConnectionType" | "ConnectionProperties");
    value.as_scalar().is_some_and(|scalar| {
        scalar.literal == Literal::Null || (!needs_text && scalar.text.as_str().is_empty())
    })
}

/// The flat parameters as the map that the API wants. It goes last: it reaches around other
/// parameters that stand between its own.
fn placement_entry(mut placement: Map<'_>) -> Option<Entry<'_>> {
    let key = placement.entries.first()?.key;
    placement.key = key;
    let spans = (placement.entries.iter()).flat_map(|e| [e.key.span, e.value.place.span]);
    let span = spans.fold(key.span, |all, span| {
        Span::new(all.start.min(span.start), all.end.max(span.end))
    });
    Some(Entry {
        name: Cow::Borrowed("PhysicalConnectionRequirements"),
        key,
        value: Value::new(Place { span, ..key }, Shape::Map(placement)),
    })
}

/// What the module makes of a parameter that is a text, or a list of texts: it writes numbers as
/// texts, and texts as lists.
fn as_parameter<'t>(mut value: Value<'t>, is_list: bool) -> Value<'t> {
    match &mut value.shape {
        Shape::Scalar(scalar) => {
            if is_plain_number(scalar) {
                scalar.literal = Literal::String;
            }
            if is_list {
                return listed(value);
            }
        }
        Shape::List(items) if is_list => {
            for item in items {
                if let Shape::Scalar(scalar) = &mut item.shape
                    && is_plain_number(scalar)
                {
                    scalar.literal = Literal::String;
                }
            }
        }
        _ => {}
    }
    value
}

/// A text with commas as the list that the module makes of it.
fn listed(value: Value<'_>) -> Value<'_> {
    let Some(Scalar { text, literal }) = value.as_scalar() else {
        return value;
    };
    let parts: Vec<&str> = text.as_str().split(',').collect();
    let items = match parts.as_slice() {
        [_] => vec![value.clone()],
        parts => (parts.iter())
            .map(|part| {
                let mut builder = TextBuilder::default();
                push_part(&mut builder, text, part);
                let item = Value::scalar(value.place_of(part), builder.finish(), *literal);
                Value {
                    origins: value.origins.clone(),
                    ..item
                }
            })
            .collect(),
    };
    Value::new(value.place, Shape::List(items))
}
