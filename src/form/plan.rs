//! Plans and states of Terraform and OpenTofu in JSON: what `terraform show -json` prints, and the
//! state as it is stored.
//!
//! Both hold every value in clear. A plan speaks of what people wrote, with all references
//! resolved; a state of what was applied.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::lower::Lower;
use super::model::here;
use super::provider::Provider;
use super::{Connection, Direction, Entry, Facets, Form, Shape, Stream, Value};
use crate::syntax::{Literal, NodeKind, NodeRef, Schema};
use crate::text::Span;

pub(super) const FORM: Form = Form {
    name: "terraform-plan",
    title: "plans and states of Terraform and OpenTofu, in JSON",
    mark: "a managed resource of type `aws_glue_connection` or `awscc_glue_connection` in a plan or state",
    recognises,
    connections,
    surroundings: super::surroundings::none,
    is_module: false,
};

fn recognises(document: NodeRef<'_>) -> bool {
    Kind::of(document).is_some() && walk(document, &mut |_| ControlFlow::Break(())).is_break()
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let _ = walk(document, &mut |resource| {
        if let Some(connection) = read(resource) {
            each(connection);
        }
        ControlFlow::Continue(())
    });
}

/// The sorts of documents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A plan, as it is shown.
    Plan,
    /// A state, as it is shown.
    State,
    /// A state, as it is stored.
    Stored,
}

impl Kind {
    fn of(document: NodeRef<'_>) -> Option<Kind> {
        let has = |key| document.get(key).is_some();
        if has("format_version") {
            if has("planned_values") || has("resource_changes") {
                return Some(Kind::Plan);
            }
            return document
                .get("values")
                .is_some_and(|values| values.get("root_module").is_some())
                .then_some(Kind::State);
        }
        let is_list = |key| (document.get(key)).is_some_and(|it| it.kind() == NodeKind::List);
        (has("version") && has("lineage") && is_list("resources")).then_some(Kind::Stored)
    }
}

/// A connection that is managed there.
struct Resource<'t> {
    address: Cow<'t, str>,
    /// What names it.
    name: NodeRef<'t>,
    provider: Provider,
    direction: Direction,
    /// The key of its arguments.
    key: NodeRef<'t>,
    arguments: NodeRef<'t>,
    /// What of the arguments only the apply will tell.
    unknown: Option<NodeRef<'t>>,
    /// What of them is a secret.
    secrets: Vec<Span>,
}

type Each<'e, 't> = &'e mut dyn FnMut(Resource<'t>) -> ControlFlow<()>;

fn walk<'t>(document: NodeRef<'t>, each: Each<'_, 't>) -> ControlFlow<()> {
    match Kind::of(document) {
        Some(Kind::Plan) => plan(document, each),
        Some(Kind::State) => each_resource(document.get("values"), &mut |node| {
            shown(node, Direction::Observed, None).map_or(ControlFlow::Continue(()), &mut *each)
        }),
        Some(Kind::Stored) => stored(document, each),
        None => ControlFlow::Continue(()),
    }
}

/// The connections of a plan: the planned values, with what is unknown of them; what they lack is
/// taken from the changes.
fn plan<'t>(document: NodeRef<'t>, each: Each<'_, 't>) -> ControlFlow<()> {
    let changes: Vec<(Cow<'t, str>, NodeRef<'t>)> = (document.get("resource_changes").into_iter())
        .flat_map(NodeRef::items)
        .filter(|node| provider(*node).is_some())
        .filter_map(|node| Some((node.get("address")?.str()?, node)))
        .collect();
    let mut by_address: BTreeMap<&str, NodeRef<'t>> = (changes.iter())
        .filter_map(|(address, node)| Some((address.as_ref(), node.get("change")?)))
        .collect();
    let mut planned = BTreeSet::new();
    each_resource(document.get("planned_values"), &mut |node| {
        let address = node.get("address").and_then(NodeRef::str);
        let change = address.and_then(|address| {
            let change = by_address.remove(address.as_ref());
            planned.insert(address);
            change
        });
        shown(node, Direction::Authored, change).map_or(ControlFlow::Continue(()), &mut *each)
    })?;
    for (address, node) in &changes {
        let Some(change) = node.get("change").filter(|_| !planned.contains(address)) else {
            continue;
        };
        let (Some(provider), Some(name), Some((key, arguments))) =
            (provider(*node), node.get("address"), change.entry("after"))
        else {
            continue;
        };
        // What is deleted has no values afterwards.
        if arguments.kind() == NodeKind::Map {
            each(Resource {
                address: address.clone(),
                name,
                provider,
                direction: Direction::Authored,
                key,
                arguments,
                unknown: change.get("after_unknown"),
                secrets: marked_in(change, "after", "after_sensitive"),
            })?;
        }
    }
    ControlFlow::Continue(())
}

/// The provider of a resource that is a connection, managed there and not on its way out.
fn provider(resource: NodeRef<'_>) -> Option<Provider> {
    let is_managed = resource.get("mode").is_none_or(|mode| mode.is("managed"));
    let is_left_over = ["deposed", "deposed_key"]
        .iter()
        .any(|key| resource.get(key).is_some());
    Provider::of(&resource.get("type")?.str()?).filter(|_| is_managed && !is_left_over)
}

/// A resource among the values of a plan or a state.
fn shown<'t>(
    node: NodeRef<'t>,
    direction: Direction,
    change: Option<NodeRef<'t>>,
) -> Option<Resource<'t>> {
    let provider = provider(node)?;
    let name = node.get("address")?;
    let (key, arguments) = node.entry("values")?;
    let mut secrets = marked_in(node, "values", "sensitive_values");
    // Some versions mark only the change.
    if let Some(marks) = change.and_then(|change| change.get("after_sensitive")) {
        marked(arguments, marks, &mut secrets);
    }
    (arguments.kind() == NodeKind::Map).then_some(Resource {
        address: name.str()?,
        name,
        provider,
        direction,
        key,
        arguments,
        unknown: change.and_then(|change| change.get("after_unknown")),
        secrets,
    })
}

/// Hands over the resources of the root module and of those in it.
fn each_resource<'t>(
    values: Option<NodeRef<'t>>,
    each: &mut dyn FnMut(NodeRef<'t>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut modules: Vec<NodeRef<'t>> = Vec::new();
    modules.extend(values.and_then(|values| values.get("root_module")));
    while let Some(module) = modules.pop() {
        for resource in module.get("resources").into_iter().flat_map(NodeRef::items) {
            each(resource)?;
        }
        let first = modules.len();
        modules.extend((module.get("child_modules").into_iter()).flat_map(NodeRef::items));
        // The first comes off the end first.
        if let Some(children) = modules.get_mut(first..) {
            children.reverse();
        }
    }
    ControlFlow::Continue(())
}

/// The connections of a state as it is stored.
fn stored<'t>(document: NodeRef<'t>, each: Each<'_, 't>) -> ControlFlow<()> {
    for resource in document
        .get("resources")
        .into_iter()
        .flat_map(NodeRef::items)
    {
        let (Some(provider), Some(kind), Some(name)) = (
            provider(resource),
            resource.get("type"),
            resource.get("name"),
        ) else {
            continue;
        };
        let module = resource.get("module").and_then(NodeRef::str);
        for instance in resource
            .get("instances")
            .into_iter()
            .flat_map(NodeRef::items)
        {
            let Some((key, arguments)) = instance.entry("attributes") else {
                continue;
            };
            if instance.get("deposed").is_some() || arguments.kind() != NodeKind::Map {
                continue;
            }
            let mut address = String::new();
            if let Some(module) = &module {
                address.push_str(module);
                address.push('.');
            }
            address.push_str(&kind.str().unwrap_or_default());
            address.push('.');
            address.push_str(&name.str().unwrap_or_default());
            if let Some(index) = instance.get("index_key")
                && let Some(text) = index.str()
            {
                address.push_str(&match index.literal(Schema::Core) {
                    Literal::String => format!("[{text:?}]"),
                    _ => format!("[{text}]"),
                });
            }
            each(Resource {
                address: Cow::Owned(address),
                name,
                provider,
                direction: Direction::Observed,
                key,
                arguments,
                unknown: None,
                secrets: marked_by_paths(instance),
            })?;
        }
    }
    ControlFlow::Continue(())
}

fn read(resource: Resource<'_>) -> Option<Connection<'_>> {
    let Resource { provider, .. } = resource;
    let anchor = here(resource.name.span());
    let mut value = Applied.value(resource.arguments, 0);
    if let Some(unknown) = resource.unknown {
        blank(&mut value, unknown);
    }
    value.belongs_to(here(resource.key.span()));
    let facets = Facets {
        direction: resource.direction,
        resolved: true,
        ..provider.facets(FORM.name)
    };
    let Shape::Map(arguments) = value.shape else {
        return None;
    };
    let (envelope, fields) = provider.members(arguments, anchor, &facets)?;
    Some(Connection {
        facets,
        path: resource.address.clone().into_owned(),
        anchor,
        // Which provider makes it, and so where, a plan does not say of a resource.
        realm: resource.address.clone().into_owned(),
        address: resource.address.into_owned(),
        alias: None,
        envelope: Some(envelope),
        structure: "Connection",
        fields,
        secrets: resource.secrets,
        curtailed: false,
    })
}

/// Reads values: nothing is what is null.
struct Applied;

impl<'t> Lower<'t> for Applied {
    fn schema(&self) -> Schema {
        Schema::Core
    }

    fn special(&self, node: NodeRef<'t>, _: usize) -> Option<Value<'t>> {
        let is_null = matches!(node.kind(), NodeKind::Scalar(_))
            && node.literal(self.schema()) == Literal::Null;
        is_null.then(|| Value::new(here(node.span()), Shape::Absent))
    }
}

/// Puts a gap wherever `unknown` is true: only the apply will tell that value.
fn blank<'t>(value: &mut Value<'t>, unknown: NodeRef<'t>) {
    match unknown.kind() {
        NodeKind::Scalar(_) if unknown.is("true") => {
            value.shape = Shape::Unknown;
        }
        NodeKind::Map => {
            let Shape::Map(map) = &mut value.shape else {
                return blank_all(value, unknown);
            };
            let known: BTreeMap<String, usize> = (map.entries.iter().enumerate())
                .map(|(index, entry)| (entry.name.clone().into_owned(), index))
                .collect();
            for (key, inner) in unknown.entries() {
                let Some(name) = key.str() else { continue };
                match known
                    .get(name.as_ref())
                    .map(|index| map.entries.get_mut(*index))
                {
                    Some(Some(entry)) => blank(&mut entry.value, inner),
                    _ if has_unknown(inner) => map.entries.push(Entry {
                        name,
                        key: here(key.span()),
                        value: Value::unknown(here(inner.span())),
                    }),
                    _ => {}
                }
            }
        }
        NodeKind::List => {
            let Shape::List(items) = &mut value.shape else {
                return blank_all(value, unknown);
            };
            for (index, inner) in unknown.items().enumerate() {
                match items.get_mut(index) {
                    Some(item) => blank(item, inner),
                    None if has_unknown(inner) => items.push(Value::unknown(here(inner.span()))),
                    None => {}
                }
            }
        }
        NodeKind::Scalar(_) | NodeKind::Expression(_) | NodeKind::Broken => {}
    }
}

/// Forgets a value that is not of the shape that its gaps have.
fn blank_all(value: &mut Value<'_>, unknown: NodeRef<'_>) {
    if has_unknown(unknown) {
        value.shape = Shape::Unknown;
    }
}

fn has_unknown(node: NodeRef<'_>) -> bool {
    let mut found = false;
    each_scalar(node, &mut |scalar| found |= scalar.is("true"));
    found
}

// Secrets

/// Whether a text that could not be read is a plan or a state: of such a text nothing is shown.
pub(super) fn may_be_plan(text: &str) -> bool {
    ["\"terraform_version\"", "\"format_version\"", "\"lineage\""]
        .iter()
        .any(|mark| text.contains(mark))
}

/// What no report may show of a plan or a state, whatever the connections in it: variables,
/// outputs, what the configuration holds literally, and all that is marked as sensitive. Nothing
/// of any other document.
pub(super) fn hidden(document: NodeRef<'_>) -> Vec<Span> {
    let mut hidden = Vec::new();
    match Kind::of(document) {
        None => {}
        Some(Kind::Plan | Kind::State) => {
            for key in ["variables", "output_changes"] {
                all_of(document.get(key), &mut hidden);
            }
            for key in ["planned_values", "values"] {
                let outputs = document.get(key).and_then(|values| values.get("outputs"));
                all_of(outputs, &mut hidden);
            }
            // What was is of no interest, and what the configuration says is not judged.
            for key in ["prior_state", "configuration"] {
                all_of(document.get(key), &mut hidden);
            }
            for key in ["planned_values", "values"] {
                let _ = each_resource(document.get(key), &mut |resource| {
                    hidden.extend(marked_in(resource, "values", "sensitive_values"));
                    ControlFlow::Continue(())
                });
            }
            for key in ["resource_changes", "resource_drift"] {
                for resource in document.get(key).into_iter().flat_map(NodeRef::items) {
                    let Some(change) = resource.get("change") else {
                        continue;
                    };
                    hidden.extend(marked_in(change, "before", "before_sensitive"));
                    hidden.extend(marked_in(change, "after", "after_sensitive"));
                }
            }
        }
        Some(Kind::Stored) => {
            all_of(document.get("outputs"), &mut hidden);
            let resources = document.get("resources").into_iter();
            for resource in resources.flat_map(NodeRef::items) {
                let instances = resource.get("instances").into_iter();
                for instance in instances.flat_map(NodeRef::items) {
                    hidden.extend(marked_by_paths(instance));
                    all_of(instance.get("private"), &mut hidden);
                }
            }
        }
    }
    hidden
}

/// The scalars of `holder`'s `values` that its `marks` call sensitive.
fn marked_in(holder: NodeRef<'_>, values: &str, marks: &str) -> Vec<Span> {
    let mut found = Vec::new();
    if let (Some(values), Some(marks)) = (holder.get(values), holder.get(marks)) {
        marked(values, marks, &mut found);
    }
    found
}

/// Notes the scalars for which `marks` are true.
fn marked(values: NodeRef<'_>, marks: NodeRef<'_>, found: &mut Vec<Span>) {
    match marks.kind() {
        NodeKind::Scalar(_) if marks.is("true") => all_of(Some(values), found),
        NodeKind::Map => {
            let marks: BTreeMap<_, _> = marks
                .entries()
                .map(|(key, mark)| (key.str(), mark))
                .collect();
            for (key, value) in values.entries() {
                if let Some(mark) = marks.get(&key.str()) {
                    marked(value, *mark, found);
                }
            }
        }
        NodeKind::List => {
            for (value, mark) in values.items().zip(marks.items()) {
                marked(value, mark, found);
            }
        }
        NodeKind::Scalar(_) | NodeKind::Expression(_) | NodeKind::Broken => {}
    }
}

/// The scalars of a stored instance's attributes to which its list of sensitive paths leads.
fn marked_by_paths(instance: NodeRef<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    let Some(attributes) = instance.get("attributes") else {
        return found;
    };
    let paths = instance.get("sensitive_attributes").into_iter();
    let mut reached = BTreeSet::new();
    for path in paths.flat_map(NodeRef::items) {
        let mut at = attributes;
        for step in path.items() {
            let value = step.get("value");
            // An index is wrapped once more, with its type.
            let Some(key) = value.and_then(|it| it.str().or_else(|| it.get("value")?.str())) else {
                break;
            };
            let next = match at.kind() {
                NodeKind::List => key.parse().ok().and_then(|index| at.items().nth(index)),
                _ => at.get(&key),
            };
            match next {
                Some(next) => at = next,
                // What is there is all that the path can mean.
                None => break,
            }
        }
        // Many paths may end in one place.
        if reached.insert(at.span()) {
            all_of(Some(at), &mut found);
        }
    }
    found
}

/// Notes every text and number in a value.
fn all_of(node: Option<NodeRef<'_>>, found: &mut Vec<Span>) {
    if let Some(node) = node {
        each_scalar(node, &mut |scalar| {
            found.extend(scalar.text().map(|text| text.span()));
            found.extend(scalar.anchored_span());
        });
    }
}

/// Hands over the scalars of a value.
fn each_scalar<'t>(node: NodeRef<'t>, each: &mut dyn FnMut(NodeRef<'t>)) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match node.kind() {
            NodeKind::Scalar(_) => each(node),
            NodeKind::List => open.extend(node.items()),
            NodeKind::Map => open.extend(node.entries().map(|(_, value)| value)),
            NodeKind::Expression(_) | NodeKind::Broken => {}
        }
    }
}
