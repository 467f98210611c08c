//! The shape of `rules/facts/*.yaml`. Compiled into the build script alone: facts become
//! `static` tables, so that they cost nothing at start-up.

use serde::Deserialize;

/// One facts file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// The day on which the facts were last compared with AWS's pages, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Keys of `ConnectionProperties`.
    pub properties: Vec<Property>,
    /// Structures of the API and of CloudFormation.
    pub structures: Vec<Structure>,
    /// Connection types.
    pub types: Vec<ConnectionType>,
    /// SASL mechanisms of a Kafka connection.
    pub mechanisms: Vec<Mechanism>,
    /// AWS partitions.
    pub partitions: Vec<Partition>,
    /// JDBC engines.
    pub engines: Vec<Engine>,
    /// Resources that values refer to.
    pub resources: Vec<Resource>,
}

/// One key of `ConnectionProperties`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The key, as it is written on the wire.
    pub key: String,
    /// What it is for, in our own words.
    pub about: String,
    /// The name of its format.
    pub format: String,
    /// The clause of the GetConnection page that speaks of it.
    pub clause: Option<String>,
    /// The values of an enumeration.
    #[serde(default)]
    pub values: Vec<String>,
    /// The file name suffix that the documentation asks for, or that is customary.
    pub suffix: Option<String>,
    /// The documented default.
    pub default: Option<String>,
    /// The least and the greatest number it may be.
    pub range: Option<(u32, u32)>,
    /// The connection types that take it; empty where none is documented.
    #[serde(default)]
    pub types: Vec<String>,
    /// The keys it is used together with.
    #[serde(default)]
    pub partners: Vec<String>,
    /// Spellings that people write in its place.
    #[serde(default)]
    pub mistaken_for: Vec<String>,
    /// Whether its value is a credential.
    #[serde(default)]
    pub secret: bool,
    /// Whether its value may contain a credential.
    #[serde(default)]
    pub embeds_secret: bool,
    /// Whether only the service writes it.
    #[serde(default)]
    pub output_only: bool,
    /// Whether AWS reserves it for the future.
    #[serde(default)]
    pub reserved: bool,
    /// Whether AWS's published list of keys has it.
    #[serde(default)]
    pub unlisted: bool,
    /// Where the fact is documented.
    pub source: Vec<String>,
}

/// A structure of the API: its members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// Its name in the API model.
    pub name: String,
    /// Its members.
    pub members: Vec<Member>,
}

/// One member of a structure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What it is for, in our own words.
    pub about: String,
    /// `string`, `boolean`, `integer`, `timestamp`, `list`, `map`, or the name of a structure.
    #[serde(rename = "type")]
    pub kind: String,
    /// The format of the string, or of the strings of a list or a map.
    pub format: Option<String>,
    /// The clause of the GetConnection page that speaks of it.
    pub clause: Option<String>,
    /// The values of an enumeration.
    #[serde(default)]
    pub values: Vec<String>,
    /// Least and greatest length of the string (or of each string in it), in characters.
    pub length: Option<(u32, u32)>,
    /// Least and greatest length of a map's keys, in characters.
    pub key_length: Option<(u32, u32)>,
    /// The greatest number of entries of a list or a map.
    pub entries: Option<u32>,
    /// The least and the greatest number it may be.
    pub range: Option<(u32, u32)>,
    /// The expression that AWS publishes for it.
    pub pattern: Option<String>,
    /// `both` (the default), `input` or `output`.
    #[serde(default)]
    pub direction: Direction,
    /// Where it is required: `api`, `cloudformation`.
    #[serde(default)]
    pub required_in: Vec<String>,
    /// The documents that know it, where not all do: `api`, `cloudformation`.
    #[serde(default)]
    pub only_in: Vec<String>,
    /// Whether its value is a credential.
    #[serde(default)]
    pub secret: bool,
    /// Where the fact is documented.
    pub source: Vec<String>,
}

/// Which way a member travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// In requests and in answers.
    #[default]
    Both,
    /// In requests only.
    Input,
    /// In answers only.
    Output,
}

/// One connection type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionType {
    /// Its name.
    pub name: String,
    /// What it connects to, in our own words.
    pub about: String,
    /// `core`, `connector`, `view-validation`, `saas`, `federated`, `catalog` or `rejected`.
    pub family: String,
    /// Whether the published list of the API lacks it.
    #[serde(default)]
    pub unlisted: bool,
    /// Keys that must all be there.
    #[serde(default)]
    pub requires: Vec<String>,
    /// `required`, `expected`, `optional` or `unused`: its AuthenticationConfiguration.
    pub authentication: String,
    /// The authentication types that its page shows; empty where none is documented.
    #[serde(default)]
    pub logins: Vec<String>,
    /// The OAuth 2.0 grants that its page shows.
    #[serde(default)]
    pub grants: Vec<String>,
    /// The port on which such a source usually listens.
    pub port: Option<u32>,
    /// Where the fact is documented.
    pub source: Vec<String>,
}

/// One SASL mechanism of a Kafka connection.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mechanism {
    /// Its name.
    pub name: String,
    /// Keys that belong together: any one complete group is enough.
    #[serde(default)]
    pub needs: Vec<Vec<String>>,
    /// Every key that belongs to it.
    #[serde(default)]
    pub keys: Vec<String>,
    /// The keys of other logins, of which it makes no use.
    #[serde(default)]
    pub idle: Vec<String>,
    /// What it logs in with.
    pub by: String,
    /// The ports on which Amazon MSK listens for it.
    #[serde(default)]
    pub msk_ports: Vec<u32>,
    /// Spellings that people write in its place.
    #[serde(default)]
    pub mistaken_for: Vec<String>,
    /// Where the fact is documented.
    pub source: Vec<String>,
}

/// One AWS partition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// Its name, as it stands in ARNs.
    pub name: String,
    /// The domain name under which its services are found.
    pub dns_suffix: String,
    /// The beginnings of its Regions' names.
    pub region_prefixes: Vec<String>,
    /// Where the fact is documented.
    pub source: Vec<String>,
}

/// One JDBC engine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// The sub-protocol: the word after `jdbc:`.
    pub subprotocol: String,
    /// What people call it.
    pub title: String,
    /// Whether AWS Glue brings the driver.
    #[serde(default)]
    pub built_in: bool,
    /// The port on which it usually listens.
    pub port: Option<u32>,
    /// The driver's classes.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Spellings of the sub-protocol that no driver takes.
    #[serde(default)]
    pub mistaken_for: Vec<String>,
    /// Where the fact is documented.
    pub source: Vec<String>,
}

/// A sort of resource that the values of a connection refer to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its name among the facts.
    pub name: String,
    /// What it is, with its article: "a subnet".
    pub about: String,
    /// What the tools call it.
    pub types: Vec<String>,
    /// What can be asked of it.
    pub attributes: Vec<Attribute>,
    /// Where the fact is documented.
    pub source: Vec<String>,
}

/// An attribute of a resource.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// What the tools call it; `Ref` is the one that CloudFormation's `Ref` asks for.
    pub names: Vec<String>,
    /// What it is: the name of a format, where one fits.
    pub yields: String,
}
