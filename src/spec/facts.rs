//! The facts as tables: `rules/facts/*.yaml`, compiled in by the build script.

use super::slot::{SLOTS, slot};
use super::{Format, near};

/// One key of `ConnectionProperties`.
#[derive(Debug)]
pub struct Property {
    /// The key, as it is written on the wire.
    pub key: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What its value looks like.
    pub format: Format,
    /// The clause of the GetConnection page that speaks of it.
    pub clause: Option<&'static str>,
    /// The values of an enumeration.
    pub values: &'static [&'static str],
    /// The file name suffix that the documentation asks for, or that is customary.
    pub suffix: Option<&'static str>,
    /// The documented default.
    pub default: Option<&'static str>,
    /// The least and the greatest number it may be.
    pub range: Option<(u32, u32)>,
    /// The connection types that take it; empty where none is documented.
    pub types: &'static [&'static str],
    /// The keys it is used together with.
    pub partners: &'static [&'static str],
    /// Spellings that people write in its place.
    pub mistaken_for: &'static [&'static str],
    /// Whether its value is a credential.
    pub secret: bool,
    /// Whether its value may contain a credential.
    pub embeds_secret: bool,
    /// Whether only the service writes it.
    pub output_only: bool,
    /// Whether AWS reserves it for the future.
    pub reserved: bool,
    /// Whether AWS's published list of keys lacks it.
    pub unlisted: bool,
    /// Where the fact is documented.
    pub source: &'static [&'static str],
}

/// A structure of the API, or the `Properties` of a CloudFormation resource.
#[derive(Debug)]
pub struct Structure {
    /// Its name.
    pub name: &'static str,
    /// Its members.
    pub members: &'static [Member],
}

impl Structure {
    /// The member of that name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The member for which a name is meant that the structure does not have: one of that name but
    /// for case and separators, or the nearest of those that may be written.
    pub fn meant(&self, name: &str) -> Option<&'static Member> {
        if self.member(name).is_some() {
            return None;
        }
        let folded = near::fold(name);
        (self.members.iter())
            .find(|member| near::fold(member.name) == folded)
            .or_else(|| {
                let inputs = (self.members.iter())
                    .filter(|member| member.direction != Direction::Output)
                    .map(|member| member.name);
                self.member(near::nearest(name, inputs)?)
            })
    }
}

/// One member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Its shape.
    pub shape: MemberShape,
    /// What the string, or the strings in the list or map, look like.
    pub format: Format,
    /// The clause of the GetConnection page that speaks of it.
    pub clause: Option<&'static str>,
    /// The values of an enumeration.
    pub values: &'static [&'static str],
    /// Least and greatest length of the string (or of each string in it), in characters.
    pub length: Option<(u32, u32)>,
    /// Least and greatest length of a map's keys, in characters.
    pub key_length: Option<(u32, u32)>,
    /// The greatest number of entries of a list or a map.
    pub entries: Option<u32>,
    /// The least and the greatest number it may be.
    pub range: Option<(u32, u32)>,
    /// The expression that AWS publishes for it.
    pub pattern: Option<&'static str>,
    /// Which way it travels.
    pub direction: Direction,
    /// Where it is required: `api`, `cloudformation`.
    pub required_in: &'static [&'static str],
    /// The documents that know it, where not all do: `api`, `cloudformation`.
    pub only_in: &'static [&'static str],
    /// Whether its value is a credential.
    pub secret: bool,
    /// Where the fact is documented.
    pub source: &'static [&'static str],
}

/// The shape of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberShape {
    /// A string.
    String,
    /// A truth value.
    Boolean,
    /// A whole number.
    Integer,
    /// A point in time: a number or a string.
    Timestamp,
    /// A list of strings.
    List,
    /// A map of strings.
    Map,
    /// The structure of that name.
    Structure(&'static str),
}

/// Which way a member travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// In requests and in answers.
    Both,
    /// In requests only.
    Input,
    /// In answers only.
    Output,
}

/// One connection type.
#[derive(Debug)]
pub struct ConnectionType {
    /// Its name.
    pub name: &'static str,
    /// What it connects to.
    pub about: &'static str,
    /// The sort of type it is.
    pub family: Family,
    /// Whether the published list of the API lacks it.
    pub unlisted: bool,
    /// Keys that must all be there.
    pub requires: &'static [&'static str],
    /// What it makes of an AuthenticationConfiguration.
    pub authentication: Need,
    /// The authentication types that its page shows; empty where none is documented.
    pub logins: &'static [&'static str],
    /// The OAuth 2.0 grants that its page shows.
    pub grants: &'static [&'static str],
    /// The port on which such a source usually listens.
    pub port: Option<u32>,
    /// Where the fact is documented.
    pub source: &'static [&'static str],
}

/// The sorts of connection types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// JDBC, KAFKA, MONGODB and NETWORK.
    Core,
    /// CUSTOM and MARKETPLACE.
    Connector,
    /// Types that validate views.
    ViewValidation,
    /// Software as a service.
    Saas,
    /// Databases and stores behind Athena federation.
    Federated,
    /// Catalogs elsewhere.
    Catalog,
    /// Named, but not supported.
    Rejected,
}

/// How much something is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// AWS refuses a connection without it.
    Required,
    /// The documentation always shows it.
    Expected,
    /// It may be there.
    Optional,
    /// It has no meaning.
    Unused,
}

/// One SASL mechanism of a Kafka connection.
#[derive(Debug)]
pub struct Mechanism {
    /// Its name.
    pub name: &'static str,
    /// Groups of keys, of which any one complete group is enough.
    pub needs: &'static [&'static [&'static str]],
    /// Every key that belongs to it alone.
    pub keys: &'static [&'static str],
    /// The keys of other logins, of which it makes no use.
    pub idle: &'static [&'static str],
    /// What it logs in with: "an IAM role".
    pub by: &'static str,
    /// The ports on which Amazon MSK listens for it; empty where Amazon MSK does not have it.
    pub msk_ports: &'static [u32],
    /// Spellings that people write in its place.
    pub mistaken_for: &'static [&'static str],
    /// Where the fact is documented.
    pub source: &'static [&'static str],
}

/// One AWS partition.
#[derive(Debug)]
pub struct Partition {
    /// Its name, as it stands in ARNs.
    pub name: &'static str,
    /// The domain name under which its services are found.
    pub dns_suffix: &'static str,
    /// The beginnings of its Regions' names.
    pub region_prefixes: &'static [&'static str],
    /// Where the fact is documented.
    pub source: &'static [&'static str],
}

/// One JDBC engine.
#[derive(Debug)]
pub struct Engine {
    /// The sub-protocol: the word after `jdbc:`.
    pub subprotocol: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Whether AWS Glue brings the driver.
    pub built_in: bool,
    /// The port on which it usually listens.
    pub port: Option<u32>,
    /// The driver's classes.
    pub classes: &'static [&'static str],
    /// Spellings of the sub-protocol that no driver takes.
    pub mistaken_for: &'static [&'static str],
    /// Where the fact is documented.
    pub source: &'static [&'static str],
}

/// A sort of resource that the values of a connection refer to.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its name among the facts.
    pub name: &'static str,
    /// What it is, with its article: "a subnet".
    pub about: &'static str,
    /// What the tools call it.
    pub types: &'static [&'static str],
    /// What can be asked of it.
    pub attributes: &'static [Attribute],
    /// Where the fact is documented.
    pub source: &'static [&'static str],
}

impl Resource {
    /// What the attribute of that name is.
    pub fn yields(&self, attribute: &str) -> Option<&'static str> {
        (self.attributes.iter())
            .find(|known| known.names.contains(&attribute))
            .map(|known| known.yields)
    }
}

/// An attribute of a resource.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// What the tools call it; `Ref` is the one that CloudFormation's `Ref` asks for.
    pub names: &'static [&'static str],
    /// What it is: the name of a [`Format`], where one fits.
    pub yields: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/facts.rs"));

/// Every documented key of `ConnectionProperties`, in the order of the facts.
pub fn properties() -> &'static [Property] {
    PROPERTIES
}

/// The key of that exact spelling.
pub fn property(key: &str) -> Option<&'static Property> {
    let index = *PROPERTIES_BY_SLOT.get(slot(key, SEED))?;
    by_index(index).filter(|property| property.key == key)
}

fn by_index(index: u16) -> Option<&'static Property> {
    PROPERTIES.get(usize::from(index))
}

/// Every structure.
pub fn structures() -> &'static [Structure] {
    STRUCTURES
}

/// The structure of that name.
pub fn structure(name: &str) -> Option<&'static Structure> {
    STRUCTURES.iter().find(|structure| structure.name == name)
}

/// Every connection type.
pub fn connection_types() -> &'static [ConnectionType] {
    TYPES
}

/// The type of that exact name.
pub fn connection_type(name: &str) -> Option<&'static ConnectionType> {
    TYPES.iter().find(|kind| kind.name == name)
}

/// Every SASL mechanism.
pub fn mechanisms() -> &'static [Mechanism] {
    MECHANISMS
}

/// Every AWS partition.
pub fn partitions() -> &'static [Partition] {
    PARTITIONS
}

/// Every JDBC engine.
pub fn engines() -> &'static [Engine] {
    ENGINES
}

/// Every sort of resource that the facts know.
pub fn resources() -> &'static [Resource] {
    RESOURCES
}

/// The resource that a tool calls so: `AWS::EC2::Subnet`, `aws_subnet`.
pub fn resource(kind: &str) -> Option<&'static Resource> {
    (RESOURCES.iter()).find(|resource| resource.types.contains(&kind))
}
