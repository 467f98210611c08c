//! Modules of Terraform and OpenTofu, in HCL and in JSON.

mod evaluate;
mod functions;
mod module;
mod surroundings;

use std::borrow::Cow;
use std::cell::Cell;

use super::compose::{BUDGET, settle};
use super::lower::Lower;
use super::model::here;
use super::provider::Provider;
use super::{Connection, Entry, Form, Map, Shape, Stream, Value};
use crate::syntax::NodeRef;
use crate::text::Span;

use evaluate::{Element, Evaluator};
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
            let evaluator = evaluator.with(instance.0, instance.1);
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
                alias: construct(body),
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

/// What a resource is repeated for, and by which name it knows that. Where it is not known, the
/// resource is read once.
fn instances<'t>(
    evaluator: &Evaluator<'_, 't>,
    body: NodeRef<'t>,
) -> Vec<(&'static str, Element<'t>)> {
    let (name, known, span) = match (body.get("for_each"), body.get("count")) {
        (Some(for_each), _) => {
            let mut all = evaluator.value(for_each, 0);
            settle(&mut all);
            let known = all
                .alternatives()
                .flat_map(|value| elements(value).unwrap_or_default());
            ("each", known.take(MAX_INSTANCES).collect(), for_each.span())
        }
        (None, Some(count)) => {
            let value = evaluator.value(count, 0);
            let number = value.known().and_then(|text| text.parse::<usize>().ok());
            let indices = 0..number.unwrap_or_default().min(MAX_INSTANCES);
            let index = |index: usize| Value::name(here(count.span()), index.to_string().into());
            let known: Vec<_> = indices.map(|number| Element::same(index(number))).collect();
            ("count", known, count.span())
        }
        (None, None) => ("each", Vec::new(), body.span()),
    };
    if known.is_empty() {
        return vec![(name, Element::unknown(span))];
    }
    known.into_iter().map(|element| (name, element)).collect()
}

/// The elements of a list or a map, if all of them can be seen.
fn elements<'t>(value: &Value<'t>) -> Option<Vec<Element<'t>>> {
    match &value.shape {
        Shape::List(items) => Some(items.iter().cloned().map(Element::same).collect()),
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

/// The path of the construct of CDK for Terraform that a resource was made from: `stack/orders`.
fn construct(body: NodeRef<'_>) -> Option<String> {
    let path = body.get("//")?.get("metadata")?.get("path")?.str()?;
    Some(path.into_owned())
}

/// The arguments that decide how often a resource is made, and where.
fn realm(body: NodeRef<'_>) -> String {
    (["count", "for_each", "provider", "region"].iter())
        .filter_map(|name| body.get(name))
        .map(|value| format!("{};", value.source()))
        .collect()
}
