//! The resources around the connections of a module.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::arguments;
use super::evaluate::{BUDGET, Evaluator};
use super::module::{Module, each_block};
use crate::form::model::here;
use crate::form::surroundings::{
    Admits, Rules, SecurityGroup, Subnet, Surroundings, User, opens_all,
};
use crate::form::{Map, Presence, Shape, Stream, Value};
use crate::syntax::NodeRef;

/// What a rule calls its protocol and the range of its ports.
const INLINE: [&str; 3] = ["protocol", "from_port", "to_port"];
const OF_ITS_OWN: [&str; 3] = ["ip_protocol", "from_port", "to_port"];

/// What stands around the connections of the module.
pub(super) fn surroundings<'t>(_: NodeRef<'t>, stream: &Stream<'t>) -> Surroundings<'t> {
    let module = stream.module();
    let mut surroundings = Surroundings::default();
    let mut rules = Rules::default();
    for root in stream.documents() {
        each_block(root, "resource", 2, &mut |labels, body| {
            let [kind, name] = labels else { return };
            let (Some(kind), Some(label)) = (kind.str(), name.str()) else {
                return;
            };
            let anchor = here(name.span());
            let address = format!("{kind}.{label}");
            match kind.as_ref() {
                "aws_subnet" => {
                    let zone = read(module, body).get("availability_zone").cloned();
                    let zone = zone.map(|entry| entry.value);
                    (surroundings.subnets).insert(address, Subnet { anchor, zone });
                }
                "aws_security_group" => {
                    inline_rules(&address, &read(module, body), &mut rules);
                    let group = SecurityGroup {
                        anchor,
                        admits_itself: None,
                    };
                    surroundings.groups.insert(address, group);
                }
                "aws_security_group_rule" => {
                    rule(
                        module,
                        body,
                        &INLINE,
                        "source_security_group_id",
                        &mut rules,
                    );
                }
                "aws_vpc_security_group_ingress_rule" => {
                    let source = "referenced_security_group_id";
                    rule(module, body, &OF_ITS_OWN, source, &mut rules);
                }
                "aws_glue_job" | "aws_glue_crawler" => {
                    let map = read(module, body);
                    surroundings.users.push(User {
                        what: if kind.ends_with("job") {
                            "job"
                        } else {
                            "crawler"
                        },
                        path: address,
                        anchor,
                        connections: used_connections(&map),
                    });
                }
                _ => {}
            }
        });
    }
    if !surroundings.groups.is_empty() {
        for address in handed_out(stream, &surroundings.groups) {
            rules.doubt(&address);
        }
        let is_open = stream.files().iter().any(|file| !file.whole);
        rules.settle(&mut surroundings.groups, is_open);
    }
    surroundings
}

fn read<'t>(module: &Module<'t>, body: NodeRef<'t>) -> Map<'t> {
    let budget = Cell::new(BUDGET);
    arguments(&Evaluator::new(module, &budget), body, 0)
}

/// The names of connections that a job or a crawler uses.
fn used_connections<'t>(arguments: &Map<'t>) -> Vec<Value<'t>> {
    let mut found = Vec::new();
    for entry in &arguments.entries {
        let is_list = entry.name == "connections";
        if !is_list && !entry.name.ends_with("_target") {
            continue;
        }
        let items = match &entry.value.shape {
            Shape::List(items) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        for item in items {
            if is_list {
                found.push(item.clone());
            } else if let Some(target) = item.as_map() {
                found.extend(target.get("connection_name").map(|it| it.value.clone()));
            }
        }
    }
    found
}

/// The rules that are written in a group.
fn inline_rules(address: &str, group: &Map<'_>, rules: &mut Rules) {
    if group.open {
        rules.doubt(address);
    }
    for entry in (group.entries.iter()).filter(|entry| entry.name == "ingress") {
        let items = match &entry.value.shape {
            Shape::List(items) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        for item in items {
            let Some(rule) = item.as_map() else {
                rules.doubt(address);
                continue;
            };
            let is_self = truth(rule, "self");
            match (opens_all(rule, &INLINE), is_self) {
                (Some(false), _) => {}
                (Some(true), Some(true)) => {
                    rules.by_group.insert(address.to_owned(), Admits::Yes);
                }
                // All ports from elsewhere may be enough, too.
                _ => rules.doubt(address),
            }
        }
    }
}

/// A rule that is a resource of its own.
fn rule<'t>(
    module: &Module<'t>,
    body: NodeRef<'t>,
    names: &[&str; 3],
    source: &str,
    rules: &mut Rules,
) {
    let rule = read(module, body);
    let direction = rule.get("type").and_then(|entry| entry.value.known());
    if direction == Some("egress") || opens_all(&rule, names) == Some(false) {
        return;
    }
    let group = |name: &str| {
        let reference = rule.get(name)?.value.reference.as_deref()?;
        (reference.is_made_here && reference.yields() == Some("security-group-id"))
            .then(|| reference.address.clone())
    };
    let Some(own) = group("security_group_id") else {
        // A group that is written out, or looked up, is none of this module.
        let is_elsewhere = rule.get("security_group_id").is_some_and(|entry| {
            entry.value.known().is_some()
                || (entry.value.reference.as_deref()).is_some_and(|it| !it.is_made_here)
        });
        rules.any |= !is_elsewhere;
        return;
    };
    let is_from_itself = truth(&rule, "self") == Some(true) || group(source).as_ref() == Some(&own);
    let may_be_left_out = body.get("count").is_some() || body.get("for_each").is_some();
    if opens_all(&rule, names) == Some(true) && is_from_itself && !may_be_left_out {
        rules.by_group.insert(own, Admits::Yes);
    } else {
        rules.doubt(&own);
    }
}

/// A truth value; absent means no.
fn truth(map: &Map<'_>, name: &str) -> Option<bool> {
    match map.presence(name) {
        Presence::Absent => Some(false),
        Presence::Here(entry) => match entry.value.known()? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        Presence::Maybe => None,
    }
}

/// The groups that are handed to what may add rules to them: outputs, other modules, resources of
/// other providers, and names by which any of these may know them.
fn handed_out(stream: &Stream<'_>, groups: &BTreeMap<String, SecurityGroup>) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |node: NodeRef<'_>| {
        let source = node.source();
        found.extend(
            (groups.keys())
                .filter(|address| source.contains(address.as_str()))
                .cloned(),
        );
    };
    for root in stream.documents() {
        for kind in ["output", "module"] {
            each_block(root, kind, 1, &mut |_, body| look(body));
        }
        each_block(root, "locals", 0, &mut |_, body| look(body));
        each_block(root, "resource", 2, &mut |labels, body| {
            let kind = labels.first().and_then(|kind| kind.str());
            if kind.is_none_or(|kind| !kind.starts_with("aws_")) {
                look(body);
            }
        });
    }
    found
}
