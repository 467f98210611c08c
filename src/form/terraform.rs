//! Modules of Terraform and OpenTofu, in HCL and in JSON.

mod evaluate;
mod functions;
mod module;
mod surroundings;

use std::borrow::Cow;

use super::compose::{BUDGET, Budget, MAX_REPETITIONS, settle};
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
    let mut left = MAX_REPETITIONS;
    each_connection(file, &mut |label, body, provider| {
        let address = provider.address(&label.str().unwrap_or_default());
        if module.is_override(&address, body) {
            return;
        }
        let budget = Budget::new(BUDGET);
        let instances = Instances::of(&Evaluator::new(module, &budget), body, left);
        left = left.saturating_sub(instances.elements.len());
        let curtailed = instances.curtailed || budget.is_exceeded();
        for element in instances.elements {
            let budget = Budget::new(BUDGET);
            let evaluator = Evaluator::new(module, &budget).with(instances.name, element);
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
                curtailed: curtailed || budget.is_exceeded(),
            });
        }
    });
}

/// What a resource is repeated for.
struct Instances<'t> {
    /// By which name the resource knows it.
    name: &'static str,
    elements: Vec<Element<'t>>,
    /// Whether there are more than may be read.
    curtailed: bool,
}

impl<'t> Instances<'t> {
    /// What a resource is repeated for, `most` times at most. Where it is not known, the resource is
    /// read once.
    fn of(evaluator: &Evaluator<'_, 't>, body: NodeRef<'t>, most: usize) -> Instances<'t> {
        let (name, mut elements, span) = match (body.get("for_each"), body.get("count")) {
            (Some(for_each), _) => {
                let mut all = evaluator.value(for_each, 0);
                settle(&mut all);
                let known = all
                    .alternatives()
                    .flat_map(|value| elements(value).unwrap_or_default());
                ("each", known.take(most + 1).collect(), for_each.span())
            }
            (None, Some(count)) => {
                let value = evaluator.value(count, 0);
                let number = value.known().and_then(|text| text.parse::<usize>().ok());
                let indices = 0..number.unwrap_or_default().min(most + 1);
                let index =
                    |index: usize| Value::name(here(count.span()), index.to_string().into());
                let known: Vec<_> = indices.map(|number| Element::same(index(number))).collect();
                ("count", known, count.span())
            }
            (None, None) => ("each", Vec::new(), body.span()),
        };
        let curtailed = elements.len() > most;
        elements.truncate(most);
        if elements.is_empty() {
            elements.push(Element::unknown(span));
        }
        Instances {
            name,
            elements,
            curtailed,
        }
    }
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
    let mut map = Map::empty(here(body.span()));
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
