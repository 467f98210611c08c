//! The resources around the connections of a module.

use std::collections::BTreeMap;
use std::ops::Bound::{Included, Unbounded};

use super::arguments;
use super::evaluate::Evaluator;
use super::module::{Module, each_block};
use crate::form::compose::{BUDGET, Budget};
use crate::form::model::here;
use crate::form::surroundings::{RuleNames, Rules, SecurityGroup, Subnet, Surroundings, User};
use crate::form::{Entry, Map, Shape, Stream, Value};
use crate::syntax::NodeRef;

/// What the arguments of a rule are called, in a resource of its own.
const RULE: RuleNames = RuleNames {
    ports: ["protocol", "from_port", "to_port"],
    group: "security_group_id",
    source: "source_security_group_id",
};

/// The same in the resource that came later.
const INGRESS_RULE: RuleNames = RuleNames {
    ports: ["ip_protocol", "from_port", "to_port"],
    group: "security_group_id",
    source: "referenced_security_group_id",
};

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
                    let mut map = read(module, body);
                    as_list(&mut map, "ingress");
                    rules.inline(&address, &map, "ingress", &RULE);
                    let group = SecurityGroup {
                        anchor,
                        admits_itself: None,
                    };
                    surroundings.groups.insert(address, group);
                }
                "aws_security_group_rule" => {
                    rules.own(&read(module, body), &RULE, may_be_left_out(body));
                }
                "aws_vpc_security_group_ingress_rule" => {
                    rules.own(&read(module, body), &INGRESS_RULE, may_be_left_out(body));
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
    let budget = Budget::new(BUDGET);
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

/// Several blocks are a list, whatever there is of other sorts among them.
fn as_list(map: &mut Map<'_>, name: &str) {
    let Some(first) = map.get(name).cloned() else {
        return;
    };
    if map
        .entries
        .iter()
        .filter(|entry| entry.name == name)
        .count()
        == 1
        && matches!(first.value.shape, Shape::List(_))
    {
        return;
    }
    let mut items = Vec::new();
    map.entries.retain(|entry| {
        if entry.name != name {
            return true;
        }
        match &entry.value.shape {
            Shape::List(list) => items.extend(list.iter().cloned()),
            _ => items.push(entry.value.clone()),
        }
        false
    });
    let value = Value::new(first.value.place, Shape::List(items));
    map.entries.push(Entry { value, ..first });
}

/// Whether a resource is made by a condition.
fn may_be_left_out(body: NodeRef<'_>) -> bool {
    body.get("count").is_some() || body.get("for_each").is_some()
}

/// What the address of a group begins with.
const GROUP_PREFIX: &str = "aws_security_group.";

/// The groups whose addresses a text begins with. In the order of addresses, the longest of them is
/// the last before the text, or before what the text and a longer one have in common.
fn beginnings<'g>(text: &str, groups: &'g BTreeMap<String, SecurityGroup>) -> Vec<&'g str> {
    let mut found = Vec::new();
    let mut end = text.len();
    while let Some(head) = text.get(..end)
        && let Some((address, _)) = groups
            .range::<str, _>((Unbounded, Included(head)))
            .next_back()
    {
        let alike = (head.char_indices().zip(address.chars()))
            .take_while(|((_, one), other)| one == other)
            .map(|((at, one), _)| at..at + one.len_utf8())
            .last();
        let Some(last) = alike else { break };
        let is_beginning = last.end == address.len();
        found.extend(is_beginning.then_some(address.as_str()));
        end = if is_beginning { last.start } else { last.end };
    }
    found
}

/// The groups that are handed to what may add rules to them: outputs, other modules, resources of
/// other providers, and names by which any of these may know them.
fn handed_out(stream: &Stream<'_>, groups: &BTreeMap<String, SecurityGroup>) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |node: NodeRef<'_>| {
        let source = node.source();
        for (at, _) in source.match_indices(GROUP_PREFIX) {
            let from = source.get(at..).unwrap_or_default();
            found.extend(beginnings(from, groups).into_iter().map(str::to_owned));
        }
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
