//! What stands around the connections of a document: as much of other resources as rules ask for.

use std::collections::BTreeMap;

use super::Stream;
use super::model::Value;
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
