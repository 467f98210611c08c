//! What stands around the connections of a document: as much of other resources as rules ask for.

use super::model::Value;
use crate::text::Place;

/// The resources around the connections of a document, a module or a stream.
#[derive(Debug, Default)]
pub struct Surroundings<'t> {
    /// Subnets.
    pub subnets: Vec<Subnet<'t>>,
    /// Security groups.
    pub groups: Vec<SecurityGroup>,
    /// Jobs and crawlers.
    pub users: Vec<User<'t>>,
    /// Whether a connection that a user names could be defined out of sight, for all that is
    /// known: in a module, in another file.
    pub open: bool,
}

/// A subnet.
#[derive(Debug)]
pub struct Subnet<'t> {
    /// What the document calls it: see [`Reference::address`](super::Reference).
    pub address: String,
    /// Where it is defined.
    pub anchor: Place,
    /// Its Availability Zone, if it is written there.
    pub zone: Option<Value<'t>>,
}

/// A security group.
#[derive(Debug)]
pub struct SecurityGroup {
    /// What the document calls it: see [`Reference::address`](super::Reference).
    pub address: String,
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
    /// What the document calls it.
    pub address: String,
    /// Where it is defined.
    pub anchor: Place,
    /// The names of connections, one by one.
    pub connections: Vec<Value<'t>>,
}
