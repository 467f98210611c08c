//! Parts of templates in documents of their own: what documentation shows, what `AWS::Include` and
//! other tools put into a template. Parameters and mappings are out of sight there.

use super::{any_connection, is_glue};
use crate::form::datazone;
use crate::form::intrinsics::Intrinsic;
use crate::syntax::{NodeKind, NodeRef};

/// The part of a template that a document is.
pub(super) enum Snippet {
    /// Resources by their logical ids.
    Resources,
    /// One resource.
    Resource,
    /// The properties of a connection.
    Properties,
    /// Its `ConnectionInput`.
    Input,
}

/// Whether a document is surely a part of a template. Requests to the API look like its inner parts,
/// but have no intrinsic functions.
pub(super) fn is_recognised(document: NodeRef<'_>) -> bool {
    match of(document) {
        Some(Snippet::Properties | Snippet::Input) => calls_functions(document, 0),
        snippet => snippet.is_some(),
    }
}

/// The part of a template that a document is, if there is a connection in it. Many documents only
/// mention the resource type, so that the connection itself must be there.
pub(super) fn of(document: NodeRef<'_>) -> Option<Snippet> {
    if document.kind() != NodeKind::Map {
        return None;
    }
    let has = |key: &str| document.get(key).is_some();
    if is_resource(document) {
        return holds_input(document).then_some(Snippet::Resource);
    }
    if document.get("ConnectionInput").is_some_and(is_object) {
        return Some(Snippet::Properties);
    }
    if has("ConnectionType") && (has("ConnectionProperties") || has(PLACEMENT)) {
        return Some(Snippet::Input);
    }
    let is_part = |key: NodeRef<'_>, value: NodeRef<'_>| {
        is_resource(value) || key.str().is_some_and(|key| key.starts_with("Fn::"))
    };
    ((document.entries()).all(|(key, value)| is_part(key, value))
        && any_connection(document, holds_input))
    .then_some(Snippet::Resources)
}

const PLACEMENT: &str = "PhysicalConnectionRequirements";

/// What a resource may have beside its type.
const ATTRIBUTES: &[&str] = &[
    "Type",
    "Properties",
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Description",
    "Metadata",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// Whether a map is a resource, and nothing else.
fn is_resource(node: NodeRef<'_>) -> bool {
    let is_attribute = |key: &str| ATTRIBUTES.contains(&key) || key.starts_with("Fn::");
    (node.get("Type").and_then(NodeRef::str)).is_some_and(|kind| kind.contains("::"))
        && (node.entries()).all(|(key, _)| key.str().is_some_and(|key| is_attribute(&key)))
}

fn holds_input(resource: NodeRef<'_>) -> bool {
    let input =
        |resource: NodeRef<'_>| (resource.get("Properties")?.get("ConnectionInput")).map(is_object);
    (is_glue(resource) && input(resource) == Some(true))
        || datazone::input_of_resource(resource).is_some()
}

/// Whether a node is a map, or what yields one.
fn is_object(node: NodeRef<'_>) -> bool {
    node.kind() == NodeKind::Map || Intrinsic::of(node).is_some()
}

/// Whether a known function is called anywhere in a node. A connection is not deeper than this.
fn calls_functions(node: NodeRef<'_>, depth: usize) -> bool {
    const MAX_DEPTH: usize = 8;
    let is_function = |it: Intrinsic<'_>| !matches!(it.name, "" | "Condition");
    Intrinsic::of(node).is_some_and(is_function)
        || depth < MAX_DEPTH
            && (node.items().any(|item| calls_functions(item, depth + 1))
                || node
                    .entries()
                    .any(|(_, value)| calls_functions(value, depth + 1)))
}
