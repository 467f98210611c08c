//! Modules of Terraform and OpenTofu, in HCL and in JSON.

mod evaluate;
mod functions;
mod module;
mod surroundings;

use std::borrow::Cow;
use std::cell::Cell;

use super::lower::Lower;
use super::model::here;
use super::provider::Provider;
use super::{Connection, Entry, Form, Map, Shape, Stream, Value};
use crate::syntax::NodeRef;
use crate::text::Span;

pub(super) use evaluate::{BUDGET, Composed, add_parameter, attribute, borrowed, is_empty};
use evaluate::{Element, Evaluator, settle};
pub(super) use functions::{join, json};
pub(super) use module::Module;
use module::each_block;

pub(super) const FORM: Form = Form {
    name: "terraform",
    title: "modules of Terraform and OpenTofu",
    mark: "a resource of type `aws_glue_connection` or `awscc_glue_connection`",
    recognises,
    connections,
    surroundings: surroundings::surroundings,
    is_module: true,
};

fn recognises(file: NodeRef<'_>) -> bool {
    let mut found = false;
    each_connection(file, &mut |_, _, _| found = true);
    found
}

/// Hands over the resources of a file that are connections: label, body and provider.
fn each_connection<'t>(
    file: NodeRef<'t>,
    each: &mut dyn FnMut(NodeRef<'t>, NodeRef<'t>, Provider),
) {
    each_block(file, "resource", 2, &mut |labels, body| {
        if let [kind, name] = labels
            && let Some(provider) = kind.str().and_then(|kind| Provider::of(&kind))
        {
            each(*name, body, provider);
        }
    });
}

fn connections<'t>(file: NodeRef<'t>, stream: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let module = stream.module();
    let sensitive = module.sensitive();
    each_connection(file, &mut |label, body, provider| {
        let address = provider.address(&label.str().unwrap_or_default());
        if module.is_override(&address, body) {
            return;
        }
        let budget = Cell::new(BUDGET);
        let evaluator = Evaluator::new(module, &budget);
        for instance in instances(&evaluator, body) {
            budget.set(BUDGET);
            let evaluator = evaluator.with("each", instance);
            let mut arguments = arguments(&evaluator, body, 0);
            for body in module.overrides(&address) {
                replace_arguments(&mut arguments, self::arguments(&evaluator, *body, 0));
            }
            let anchor = here(label.span());
            arguments.key = anchor;
            let facets = provider.facets(FORM.name);
            let Some((envelope, fields)) = provider.members(arguments, anchor, &facets) else {
                continue;
            };
            each(Connection {
                facets,
                path: address.clone(),
                anchor,
                address: address.clone(),
                alias: None,
                realm: realm(body),
                envelope: Some(envelope),
                structure: "Connection",
                fields,
                secrets: sensitive.clone(),
            });
        }
    });
}

/// A resource is read at most so many times.
const MAX_INSTANCES: usize = 64;

/// What a resource is repeated for. Where that is not known, it is read once.
fn instances<'t>(evaluator: &Evaluator<'_, 't>, body: NodeRef<'t>) -> Vec<Element<'t>> {
    let Some(for_each) = body.get("for_each") else {
        return vec![Element::unknown(body.span())];
    };
    let mut known = Vec::new();
    let mut all = evaluator.value(for_each, 0);
    settle(&mut all);
    for value in all.alternatives() {
        known.extend(elements(value).unwrap_or_default());
    }
    known.truncate(MAX_INSTANCES);
    if known.is_empty() {
        known.push(Element::unknown(for_each.span()));
    }
    known
}

/// The elements of a list or a map, if all of them can be seen.
fn elements<'t>(value: &Value<'t>) -> Option<Vec<Element<'t>>> {
    match &value.shape {
        Shape::List(items) => Some(
            (items.iter())
                .map(|item| Element {
                    key: item.clone(),
                    value: item.clone(),
                })
                .collect(),
        ),
        Shape::Map(map) if !map.open => Some(
            (map.entries.iter())
                .map(|entry| Element {
                    key: Value::name(entry.key, entry.name.clone()),
                    value: entry.value.clone(),
                })
                .collect(),
        ),
        _ => None,
    }
}

/// What an override file says takes the place of what it overrides, argument by argument.
fn replace_arguments<'t>(arguments: &mut Map<'t>, others: Map<'t>) {
    arguments.open |= others.open;
    for entry in others.entries {
        arguments.entries.retain(|own| own.name != entry.name);
        arguments.entries.push(entry);
    }
}

/// The arguments and blocks of a body, dynamic ones included.
fn arguments<'t>(evaluator: &Evaluator<'_, 't>, body: NodeRef<'t>, depth: usize) -> Map<'t> {
    let mut map = Map {
        key: here(body.span()),
        entries: Vec::new(),
        open: false,
    };
    for (key, node) in body.entries() {
        let Some(name) = key.str() else {
            map.open = true;
            continue;
        };
        if name == "dynamic" {
            each_dynamic(body, &mut |label, dynamic| {
                let name = label.str().unwrap_or_default();
                let value = repeated(evaluator, &name, label.span(), dynamic, depth);
                map.entries.retain(|entry| entry.key != here(label.span()));
                map.entries.push(entry(label, name, value));
            });
        } else if !META.contains(&name.as_ref()) {
            let mut value = evaluator.value(node, depth + 1);
            settle(&mut value);
            doubt_absence(&mut value);
            map.entries.push(entry(key, name, value));
        }
    }
    map
}

/// A map that is there by a condition may be there whenever it has to.
fn doubt_absence(value: &mut Value<'_>) {
    if let Shape::OneOf(branches) = &mut value.shape
        && branches.iter().any(|branch| branch.as_map().is_some())
    {
        for branch in branches {
            if branch.is_absent() == Some(true) {
                *branch = Value::unknown(branch.place);
            }
        }
    }
}

/// What Terraform itself takes in any resource.
const META: &[&str] = &[
    "//",
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
    "timeouts",
];

fn entry<'t>(key: NodeRef<'t>, name: Cow<'t, str>, mut value: Value<'t>) -> Entry<'t> {
    let key = here(key.span());
    value.belongs_to(key);
    Entry { name, key, value }
}

fn each_dynamic<'t>(body: NodeRef<'t>, each: &mut dyn FnMut(NodeRef<'t>, NodeRef<'t>)) {
    each_block(body, "dynamic", 1, &mut |labels, dynamic| {
        if let [label] = labels {
            each(*label, dynamic);
        }
    });
}

/// What becomes of a `dynamic` block.
fn repeated<'t>(
    evaluator: &Evaluator<'_, 't>,
    name: &str,
    span: Span,
    dynamic: NodeRef<'t>,
    depth: usize,
) -> Value<'t> {
    let (Some(for_each), Some(content)) = (dynamic.get("for_each"), dynamic.get("content")) else {
        return Value::unknown(here(span));
    };
    let iterator = dynamic.get("iterator").map(NodeRef::source).unwrap_or(name);
    let block = |element: Element<'t>| {
        let inner = evaluator.with(iterator.trim_matches('"'), element);
        let place = here(content.span());
        Value::new(place, Shape::Map(arguments(&inner, content, depth + 1)))
    };
    let of = |value: &Value<'t>| match elements(value) {
        Some(mut elements) => match (elements.pop(), elements.is_empty()) {
            (None, _) => Value::new(here(span), Shape::Absent),
            (Some(only), true) => block(only),
            (Some(last), false) => {
                let blocks = elements.into_iter().chain([last]).map(block);
                Value::new(here(span), Shape::List(blocks.collect()))
            }
        },
        None => {
            let maybe = vec![
                block(Element::unknown(for_each.span())),
                Value::unknown(here(span)),
            ];
            Value::new(here(span), Shape::OneOf(maybe))
        }
    };
    let value = evaluator.value(for_each, depth + 1);
    match &value.shape {
        Shape::OneOf(branches) => {
            let blocks = branches.iter().map(of).collect();
            let mut value = Value::new(here(span), Shape::OneOf(blocks));
            doubt_absence(&mut value);
            value
        }
        _ => of(&value),
    }
}

/// The arguments that decide how often a resource is made, and where.
fn realm(body: NodeRef<'_>) -> String {
    (["count", "for_each", "provider", "region"].iter())
        .filter_map(|name| body.get(name))
        .map(|value| format!("{};", value.source()))
        .collect()
}
