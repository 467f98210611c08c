//! What stands around the connections of a document: as much of other resources as rules ask for.

use std::collections::BTreeMap;

use super::Stream;
use super::model::{Map, Presence, Value};
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
