//! Requests and answers of the Glue API: what the SDKs and the AWS CLI read and print.

use std::ops::ControlFlow;

use super::lower::lower_plain;
use super::model::{here, is_output_member};
use super::{Connection, Direction, Envelope, Facets, Form, Map, Shape, Stream, Typing, Value};
use crate::spec;
use crate::syntax::{NodeKind, NodeRef, Schema};
use crate::text::Place;

pub(super) const FORM: Form = Form {
    name: "api",
    title: "requests and answers of the Glue API, as the AWS CLI reads and prints them",
    mark: "`ConnectionInput`, `TestConnectionInput`, `Connection` or `ConnectionList` around a connection, \
           `ConnectionType` beside `ConnectionProperties`, or a request with `HidePassword`, `Filter` or \
           `ConnectionNameList`",
    recognises,
    connections,
    surroundings: super::surroundings::none,
    is_module: false,
};

/// The wrappers of requests: the member that holds the connection, the request's structure, and
/// the connection's.
const REQUESTS: &[(&str, &str)] = &[
    ("ConnectionInput", "Connection"),
    ("TestConnectionInput", "TestConnectionInput"),
];

fn recognises(document: NodeRef<'_>) -> bool {
    walk(document, &mut |_| ControlFlow::Break(())).is_break()
}

/// A connection that was found, not yet read.
struct Found<'t> {
    node: NodeRef<'t>,
    path: String,
    key: Option<Place>,
    wrapper: Option<NodeRef<'t>>,
    structure: &'static str,
    direction: Option<Direction>,
}

/// Finds the connections of a document: in a wrapper, bare, or several in a list.
fn walk<'t>(
    document: NodeRef<'t>,
    each: &mut dyn FnMut(Found<'t>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if document.kind() == NodeKind::List {
        for (index, item) in document.items().enumerate() {
            wrapped(item, &format!("[{index}]"), each)?;
        }
    } else {
        wrapped(document, "", each)?;
    }
    ControlFlow::Continue(())
}

fn wrapped<'t>(
    node: NodeRef<'t>,
    path: &str,
    each: &mut dyn FnMut(Found<'t>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if node.kind() != NodeKind::Map {
        return ControlFlow::Continue(());
    }
    let join = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    let mut wraps = false;
    for (key, structure) in REQUESTS {
        if let Some((key, inside)) = node.entry(key)
            && (is_connection(inside)
                || (*structure != "Connection" && inside.kind() == NodeKind::Map))
        {
            wraps = true;
            each(Found {
                node: inside,
                path: path.to_owned(),
                key: Some(here(key.span())),
                wrapper: Some(node),
                structure,
                direction: Some(Direction::Authored),
            })?;
        }
    }
    if let Some((key, inside)) = node.entry("Connection")
        && is_connection(inside)
    {
        wraps = true;
        each(Found {
            node: inside,
            path: join("Connection"),
            key: Some(here(key.span())),
            wrapper: None,
            structure: "Connection",
            direction: Some(Direction::Observed),
        })?;
    }
    if let Some(list) = node.get("ConnectionList") {
        for (index, item) in list.items().enumerate() {
            if is_connection(item) {
                wraps = true;
                each(Found {
                    node: item,
                    path: join(&format!("ConnectionList[{index}]")),
                    key: None,
                    wrapper: None,
                    structure: "Connection",
                    direction: Some(Direction::Observed),
                })?;
            }
        }
    }
    if wraps {
        return ControlFlow::Continue(());
    }
    if is_bare(node) {
        each(Found::alone(node, path, "Connection"))?;
    } else if let Some(request) = request_about(node) {
        each(Found::alone(node, path, request))?;
    }
    ControlFlow::Continue(())
}

impl<'t> Found<'t> {
    /// A map that is all of it.
    fn alone(node: NodeRef<'t>, path: &str, structure: &'static str) -> Found<'t> {
        Found {
            node,
            path: path.to_owned(),
            key: None,
            wrapper: None,
            structure,
            direction: (structure != "Connection").then_some(Direction::Authored),
        }
    }
}

/// The structure of the request that a map is, if it speaks of connections without describing one,
/// and has a mark that documents of no other sort have.
fn request_about(node: NodeRef<'_>) -> Option<&'static str> {
    let has = |name: &&str| node.get(name).is_some();
    let hides = has(&"HidePassword");
    let filters = node.get("Filter").is_some_and(is_filter);
    let structure = if has(&"TestConnectionInput") {
        "TestConnectionRequest"
    } else if has(&"ConnectionNameList") {
        "BatchDeleteConnectionRequest"
    } else if hides && !["Filter", "MaxResults", "NextToken"].iter().any(has) && has(&"Name") {
        "GetConnectionRequest"
    } else if hides || filters {
        "GetConnectionsRequest"
    } else {
        return None;
    };
    let members = spec::structure(structure)?;
    let own =
        |(key, _): &(NodeRef<'_>, _)| key.str().is_some_and(|key| members.member(&key).is_some());
    let (own, foreign): (Vec<_>, Vec<_>) = node.entries().partition(own);
    // A word such as `HidePassword` may be anybody's: then what stands around it must speak for it.
    let most = match structure {
        "TestConnectionRequest" | "BatchDeleteConnectionRequest" => own.len(),
        _ if hides => own.len().saturating_sub(1),
        _ => 0,
    };
    (foreign.len() <= most).then_some(structure)
}

/// Whether a map picks out connections, and nothing else does so in the same words.
fn is_filter(node: NodeRef<'_>) -> bool {
    let Some(members) = spec::structure("GetConnectionsFilter") else {
        return false;
    };
    let is_own =
        |(key, _): (NodeRef<'_>, _)| key.str().is_some_and(|key| members.member(&key).is_some());
    node.entries().all(is_own)
        && (node.get("MatchCriteria").is_some()
            || node.get("ConnectionSchemaVersion").is_some()
            || (node.get("ConnectionType").and_then(NodeRef::str))
                .is_some_and(|kind| is_like_type(&kind)))
}

/// What a map is taken for by whoever says that it belongs here: any request, any connection.
fn forced(node: NodeRef<'_>) -> Option<Found<'_>> {
    let has = |name: &&str| node.get(name).is_some();
    if let Some((key, inside)) = node.entry("ConnectionInput") {
        return Some(Found {
            key: Some(here(key.span())),
            wrapper: Some(node),
            direction: Some(Direction::Authored),
            ..Found::alone(inside, "", "Connection")
        });
    }
    let described = [
        "ConnectionType",
        "ConnectionProperties",
        "PhysicalConnectionRequirements",
    ];
    let structure = if described.iter().any(has) {
        "Connection"
    } else if has(&"ConnectionName") {
        // It may also ask to delete one: the members are the same.
        "TestConnectionRequest"
    } else if ["Filter", "MaxResults", "NextToken"].iter().any(has) {
        "GetConnectionsRequest"
    } else if has(&"Name") {
        "GetConnectionRequest"
    } else {
        return None;
    };
    Some(Found::alone(node, "", structure))
}

/// Whether a map that stands where a connection should is one. Other services have objects of the
/// name `Connection`, and some of them a `ConnectionType` too.
fn is_connection(node: NodeRef<'_>) -> bool {
    node.kind() == NodeKind::Map
        && (node.get("ConnectionProperties").is_some()
            || node.get("PhysicalConnectionRequirements").is_some()
            || (node.get("ConnectionType").and_then(NodeRef::str))
                .is_some_and(|kind| is_like_type(&kind)))
}

/// Whether a text has the letters of Glue's names of types.
fn is_like_type(kind: &str) -> bool {
    kind.chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
}

/// Whether a map without a wrapper is a connection. More is asked of it: `ConnectionType` alone
/// is a word of other services too.
fn is_bare(node: NodeRef<'_>) -> bool {
    let has = |name| node.get(name).is_some();
    let is_map = |name| {
        node.get(name)
            .is_some_and(|value| value.kind() == NodeKind::Map)
    };
    (has("ConnectionType")
        && (is_map("ConnectionProperties")
            || is_map("PhysicalConnectionRequirements")
            || is_map("AuthenticationConfiguration")))
        || (is_map("ConnectionProperties") && has("Name") && !has("Type"))
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let mut any = false;
    let _ = walk(document, &mut |found| {
        any = true;
        each(read(found));
        ControlFlow::Continue(())
    });
    // It was not recognised, so somebody else says that it is one.
    if let (false, Some(found)) = (any, forced(document)) {
        each(read(found));
    }
}

fn read(found: Found<'_>) -> Connection<'_> {
    let envelope = found.wrapper.map(|wrapper| envelope(wrapper));
    let direction = found.direction.unwrap_or_else(|| {
        let is_output = |name: &str| is_output_member(name);
        if found
            .node
            .entries()
            .any(|(key, _)| key.str().is_some_and(|key| is_output(&key)))
        {
            Direction::Observed
        } else {
            Direction::Authored
        }
    });
    let mut value = lower_plain(found.node, Schema::Core);
    if let Some(key) = found.key {
        value.belongs_to(key);
    }
    let fields = into_map(value, here(found.node.span()));
    Connection {
        facets: Facets {
            form: FORM.name,
            dialect: "api",
            direction,
            typing: Typing::Strict,
            schema: Schema::Core,
            group_names: false,
            resolved: false,
            spelling: None,
        },
        path: found.path,
        anchor: fields.key,
        address: String::new(),
        alias: None,
        realm: String::new(),
        envelope,
        structure: found.structure,
        fields,
        secrets: Vec::new(),
        curtailed: false,
    }
}

/// The request around a connection. Create and update differ by a member.
fn envelope(wrapper: NodeRef<'_>) -> Envelope<'_> {
    let place = here(wrapper.span());
    let fields = into_map(lower_plain(wrapper, Schema::Core), place);
    let structure = if fields.get("TestConnectionInput").is_some() {
        "TestConnectionRequest"
    } else if fields.get("Name").is_some() {
        "UpdateConnectionRequest"
    } else {
        "CreateConnectionRequest"
    };
    Envelope { structure, fields }
}

/// The map that a value was found to be.
fn into_map(value: Value<'_>, place: Place) -> Map<'_> {
    match value.shape {
        Shape::Map(map) => map,
        _ => Map {
            open: true,
            ..Map::empty(place)
        },
    }
}
