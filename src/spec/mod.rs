//! Floor 1: what AWS documents, and how a rule is declared.

mod facts;
mod format;
pub mod near;
mod overlay;
mod rule;
mod slot;

pub use facts::{
    Attribute, ConnectionType, DATE, Direction, Engine, Family, Mechanism, Member, MemberShape,
    Need, Partition, Property, Resource, Structure, connection_type, connection_types, engines,
    mechanisms, partitions, properties, property, resource, resources, structure, structures,
};
pub use format::Format;
pub use overlay::{AllowedHost, Demand, Overlay, Policy};
pub(crate) use rule::rules;
pub use rule::{Example, Page, Rule, Severity};
