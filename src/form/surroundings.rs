//! What stands around the connections of a document: as much of other resources as rules ask for.

use std::collections::BTreeMap;

use super::Stream;
use super::model::{Map, Presence, Shape, Value};
use crate::syntax::NodeRef;
use crate::text::Place;

/// The resources around the connections of a document, a module or a stream. Maps are by what the
/// document calls a resource: see [`Reference::address`](super::Reference).
#[derive(Debug, Default)]
pub struct Surroundings<'t> {
    /// Subnets.
    pub subnets: BTreeMap<String, Subnet<'t>>,
    /// Security groups.
    pub groups: BTreeMap<String, SecurityGroup>,
    /// Jobs and crawlers.
    pub users: Vec<User<'t>>,
}

/// A subnet.
#[derive(Debug)]
pub struct Subnet<'t> {
    /// Where it is defined.
    pub anchor: Place,
    /// Its Availability Zone, if it is written there.
    pub zone: Option<Value<'t>>,
}

/// A security group.
#[derive(Debug)]
pub struct SecurityGroup {
    /// Where it is defined.
    pub anchor: Place,
    /// Whether its members reach each other on all TCP ports; `None` where that cannot be seen
    /// from the document.
    pub admits_itself: Option<bool>,
}

/// A resource that uses connections by their names.
#[derive(Debug)]
pub struct User<'t> {
    /// What it is: `job`, `crawler`.
    pub what: &'static str,
    /// Where it stands in its document: `Resources.Load`.
    pub path: String,
    /// Where it is defined.
    pub anchor: Place,
    /// The names of connections, one by one.
    pub connections: Vec<Value<'t>>,
}

/// The surroundings in forms that hold connections alone.
pub(super) fn none<'t>(_: NodeRef<'t>, _: &Stream<'t>) -> Surroundings<'t> {
    Surroundings::default()
}

/// What is known of the rules of all groups.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) by_group: BTreeMap<String, Admits>,
    /// Whether there is a rule that may be for any group.
    pub(super) any: bool,
}

/// Whether a group lets in its own members on all TCP ports.
#[derive(Debug)]
pub(super) enum Admits {
    Yes,
    Maybe,
}

impl Rules {
    /// A group may let in its members: by a rule that cannot be seen, or not in full.
    pub(super) fn doubt(&mut self, group: &str) {
        self.by_group
            .entry(group.to_owned())
            .or_insert(Admits::Maybe);
    }

    /// Adds the rules that are written in a group, under `member`.
    pub(super) fn inline(
        &mut self,
        address: &str,
        group: &Map<'_>,
        member: &str,
        names: &RuleNames,
    ) {
        let ingress = match group.presence(member) {
            Presence::Absent => return,
            Presence::Here(entry) => Some(&entry.value.shape),
            Presence::Maybe => None,
        };
        let Some(Shape::List(items)) = ingress else {
            self.doubt(address);
            return;
        };
        for item in items {
            let known = item.as_map();
            match known.map(|rule| (opens_all(rule, &names.ports), truth(rule, "self"))) {
                Some((Some(false), _)) => {}
                Some((Some(true), Some(true))) => {
                    self.by_group.insert(address.to_owned(), Admits::Yes);
                }
                // All ports from elsewhere may be enough, too.
                _ => self.doubt(address),
            }
        }
    }

    /// Adds a rule that is a resource of its own.
    pub(super) fn own(&mut self, rule: &Map<'_>, names: &RuleNames, may_be_left_out: bool) {
        let direction = rule.get("type").map(|entry| &entry.value);
        let is_egress = direction
            .is_some_and(|value| value.known() == Some("egress") && value.origins.is_empty());
        if is_egress || opens_all(rule, &names.ports) == Some(false) {
            return;
        }
        let group = |name: &str| {
            let reference = rule.get(name)?.value.reference.as_deref()?;
            (reference.is_made_here && reference.yields() == Some("security-group-id"))
                .then_some(reference.address.as_str())
        };
        let Some(own) = group(names.group) else {
            // A group that is written out, or looked up, is none of this document.
            let is_elsewhere = rule.get(names.group).is_some_and(|entry| {
                entry.value.known().is_some()
                    || (entry.value.reference.as_deref()).is_some_and(|it| !it.is_made_here)
            });
            self.any |= !is_elsewhere;
            return;
        };
        let is_from_itself = truth(rule, "self") == Some(true) || group(names.source) == Some(own);
        if opens_all(rule, &names.ports) == Some(true) && is_from_itself && !may_be_left_out {
            self.by_group.insert(own.to_owned(), Admits::Yes);
        } else {
            self.doubt(own);
        }
    }

    /// Tells the groups. Where more rules may stand out of sight, none is known to be missing.
    pub(super) fn settle(&self, groups: &mut BTreeMap<String, SecurityGroup>, is_open: bool) {
        for (name, group) in groups {
            group.admits_itself = match self.by_group.get(name) {
                Some(Admits::Yes) => Some(true),
                Some(Admits::Maybe) => None,
                None if is_open || self.any => None,
                None => Some(false),
            };
        }
    }
}

/// What a tool calls the parts of a rule.
#[derive(Debug)]
pub(super) struct RuleNames {
    /// Its protocol, and the range of its ports.
    pub(super) ports: [&'static str; 3],
    /// The group that it is for, and the group that it admits, in a resource of its own.
    pub(super) group: &'static str,
    pub(super) source: &'static str,
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

/// Whether a rule opens all TCP ports to its source; `None` where that is not known.
pub(super) fn opens_all(rule: &Map<'_>, [protocol, from, to]: &[&str; 3]) -> Option<bool> {
    let certain = |name: &str| match rule.presence(name) {
        Presence::Here(entry) => (entry.value.known()).filter(|_| entry.value.origins.is_empty()),
        _ => None,
    };
    let port = |name| certain(name)?.trim().parse::<i64>().ok();
    match certain(protocol)?.to_ascii_lowercase().as_str() {
        "-1" => Some(true),
        "tcp" | "6" => match (port(from)?, port(to)?) {
            (0, 65535) => Some(true),
            // Whether port 0 matters is not known; -1 is not documented for TCP.
            (from, to) if (from <= 1 && to >= 65534) || from < 0 || to < 0 => None,
            _ => Some(false),
        },
        "udp" | "17" | "icmp" | "1" | "icmpv6" | "58" => Some(false),
        _ => None,
    }
}
