//! A connection as the rules read it: conditions decided, facts at hand.

use super::names;
use super::values::{self, Site};
use crate::diag::{Finding, Secrets};
use crate::form::{
    Connection, Direction, Entry, Facets, Map, Presence, Shape, Surroundings, Value,
};
use crate::spec::{self, Overlay, Severity};
use crate::syntax::Text;
use crate::text::Place;

/// A member that holds a map, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub enum Section<'c> {
    /// It is there and is this map.
    Here(&'c Map<'c>),
    /// It is not there.
    Missing,
    /// What it is, or whether it is there, is not known; or it is no map at all, which is for the
    /// rules about shapes to say.
    Unknown,
}

impl<'c> Section<'c> {
    fn of(value: Option<&'c Value<'c>>, fields: &Map<'_>, name: &str) -> Section<'c> {
        match value.map(|value| &value.shape) {
            Some(Shape::Map(map)) => Section::Here(map),
            Some(Shape::Absent) => Section::Missing,
            None if fields.presence(name).is_absent() => Section::Missing,
            _ => Section::Unknown,
        }
    }

    /// The map, if it is known.
    pub fn map(self) -> Option<&'c Map<'c>> {
        match self {
            Section::Here(map) => Some(map),
            _ => None,
        }
    }

    /// The entries that can be seen.
    pub fn entries(self) -> &'c [Entry<'c>] {
        self.map().map_or(&[], |map| map.entries.as_slice())
    }

    /// What is known of an entry.
    pub fn presence(self, name: &str) -> Presence<'c> {
        match self {
            Section::Here(map) => map.presence(name),
            Section::Missing => Presence::Absent,
            Section::Unknown => Presence::Maybe,
        }
    }
}

/// A type that is not written, and should be.
#[derive(Debug)]
pub struct LeftOut<'c> {
    /// The type that the tool takes for it.
    pub implied: String,
    /// The key that belongs to other types, if one tells.
    pub teller: Option<&'c Entry<'c>>,
    /// Where to point.
    pub place: Place,
    /// The types that take every such key.
    pub types: Vec<&'static str>,
}

/// A connection with each of its conditions decided one way.
#[derive(Debug)]
pub struct Reading<'c> {
    /// The connection.
    pub connection: &'c Connection<'c>,
    /// `ConnectionProperties`.
    pub properties: Section<'c>,
    /// `PhysicalConnectionRequirements`.
    pub placement: Section<'c>,
    /// `AuthenticationConfiguration`.
    pub authentication: Section<'c>,
    /// Its type, where it is known and one of the facts'.
    pub kind: Option<&'static spec::ConnectionType>,
    /// What stands around the connection.
    pub surroundings: &'c Surroundings<'c>,
    /// What the team adds to the facts.
    pub overlay: &'c Overlay,
    /// Whether the connection says more than was looked at.
    pub is_curtailed: bool,
    /// Keys that stand there under a wrong name, of which the rules about names speak.
    misnamed: Vec<&'static str>,
    /// Every scalar, for the families that look at each.
    pub(super) sites: Vec<Site<'c>>,
    secrets: &'c Secrets,
}

/// The members that a reading decides.
const SECTIONS: [&str; 3] = [
    "ConnectionProperties",
    "PhysicalConnectionRequirements",
    "AuthenticationConfiguration",
];

/// A condition has fewer branches than this; what is beyond is not looked at, and that is said.
const MAX_READINGS: usize = 256;

impl<'c> Reading<'c> {
    /// The readings of a connection: one, or one for each branch of each condition on a whole
    /// section. Branches of different conditions are never combined.
    pub fn all(
        connection: &'c Connection<'c>,
        surroundings: &'c Surroundings<'c>,
        secrets: &'c Secrets,
        overlay: &'c Overlay,
    ) -> Vec<Reading<'c>> {
        let values = SECTIONS.map(|name| connection.field(name));
        let reading = |values| Reading::new(connection, surroundings, secrets, overlay, values);
        let mut readings = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let Some(
                value @ Value {
                    shape: Shape::OneOf(_),
                    ..
                },
            ) = value
            else {
                continue;
            };
            let branches = leaves(value);
            let is_curtailed = branches.len() > MAX_READINGS;
            for branch in branches.into_iter().take(MAX_READINGS) {
                let mut chosen = values;
                if let Some(slot) = chosen.get_mut(index) {
                    *slot = Some(branch);
                }
                let mut reading = reading(chosen);
                reading.is_curtailed |= is_curtailed;
                readings.push(reading);
            }
        }
        if readings.is_empty() {
            readings.push(reading(values));
        }
        readings
    }

    fn new(
        connection: &'c Connection<'c>,
        surroundings: &'c Surroundings<'c>,
        secrets: &'c Secrets,
        overlay: &'c Overlay,
        [properties, placement, authentication]: [Option<&'c Value<'c>>; 3],
    ) -> Reading<'c> {
        let section = |value, name| Section::of(value, &connection.fields, name);
        let mut reading = Reading {
            connection,
            properties: section(properties, "ConnectionProperties"),
            placement: section(placement, "PhysicalConnectionRequirements"),
            authentication: section(authentication, "AuthenticationConfiguration"),
            kind: (connection
                .field("ConnectionType")
                .filter(|_| connection.is_described()))
            .and_then(Value::known)
            .and_then(spec::connection_type),
            surroundings,
            overlay,
            is_curtailed: connection.curtailed,
            misnamed: Vec::new(),
            sites: Vec::new(),
            secrets,
        };
        // What a tool takes for the type is not believed against all that is written.
        if reading.left_out().is_some() {
            reading.kind = None;
        }
        reading.misnamed = names::misnamed(&reading);
        reading.sites = values::sites(&reading);
        reading
    }

    /// Where a tool takes the type for granted that is not written, and the connection is certainly
    /// meant to be of another: what tells, and the types that it may be of.
    pub fn left_out(&self) -> Option<LeftOut<'c>> {
        let implied = (self.connection.fields.get("ConnectionType"))
            .filter(|entry| entry.key.span.is_empty())?;
        let implied = implied.value.known()?;
        let map = self.properties.map();
        if map.is_none_or(|map| map.entries.is_empty() && !map.open) {
            // Without any property, a place in a network is all that there is.
            let is_bare = map.is_some() || matches!(self.properties, Section::Missing);
            let placement = self.placement.map().filter(|_| is_bare)?;
            let none = matches!(self.authentication, Section::Missing);
            return none.then(|| LeftOut {
                implied: implied.to_owned(),
                teller: None,
                place: placement.key,
                types: vec!["NETWORK"],
            });
        }
        let mut teller: Option<&'c Entry<'c>> = None;
        let mut types: Vec<&'static str> = Vec::new();
        for entry in &map?.entries {
            let Some(fact) = spec::property(&entry.name) else {
                continue;
            };
            let is_switch = fact.format == spec::Format::Boolean;
            if is_switch || fact.types.is_empty() || entry.value.is_absent() == Some(true) {
                continue;
            }
            if fact.types.contains(&implied) {
                // A key of several types tells nothing; one of this type alone settles it.
                if fact.types == [implied] || fact.key == "JDBC_CONNECTION_URL" {
                    return None;
                }
                continue;
            }
            let begins_as_mongodb =
                || (entry.value.text()).is_some_and(|text| text.as_str().starts_with("mongodb"));
            if fact.key == "CONNECTION_URL" && begins_as_mongodb() {
                types = vec!["MONGODB"];
            } else if teller.is_none() {
                types.extend(fact.types);
            } else {
                types.retain(|name| fact.types.contains(name));
            }
            teller = teller.or(Some(entry));
        }
        let teller = teller.filter(|_| !types.is_empty())?;
        Some(LeftOut {
            implied: implied.to_owned(),
            teller: Some(teller),
            place: teller.key,
            types,
        })
    }

    /// What the document's form means for judgement.
    pub fn facets(&self) -> Facets {
        self.connection.facets
    }

    /// Whether people wrote it, rather than AWS.
    pub fn is_authored(&self) -> bool {
        self.connection.facets.direction == Direction::Authored
    }

    /// Whether its type is known to be that.
    pub fn is(&self, kind: &str) -> bool {
        self.kind.is_some_and(|known| known.name == kind)
    }

    /// What is known of a key of `ConnectionProperties`. One that is there under a wrong name, which
    /// is said, may be there.
    pub fn property(&self, key: &str) -> Presence<'c> {
        match self.properties.presence(key) {
            Presence::Absent if self.misnamed.contains(&key) => Presence::Maybe,
            known => known,
        }
    }

    /// The entry of a key of `ConnectionProperties` that is certainly there.
    pub fn entry(&self, key: &str) -> Option<&'c Entry<'c>> {
        match self.property(key) {
            Presence::Here(entry) => Some(entry),
            _ => None,
        }
    }

    /// The text of a key of `ConnectionProperties`, if it is certain; it may have gaps.
    pub fn text(&self, key: &str) -> Option<(&'c Value<'c>, &'c Text<'c>)> {
        let value = &self.entry(key)?.value;
        Some((value, value.text()?))
    }

    /// The text of a key of `ConnectionProperties`, if all of it is known.
    pub fn known(&self, key: &str) -> Option<&'c str> {
        self.entry(key)?.value.known()
    }

    /// Whether a boolean key is certainly "true".
    pub fn is_true(&self, key: &str) -> bool {
        self.known(key)
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// Whether a boolean key is certainly "false".
    pub fn is_false(&self, key: &str) -> bool {
        self.known(key)
            .is_some_and(|text| text.eq_ignore_ascii_case("false"))
    }

    /// Where to point when a key is missing in `ConnectionProperties`: its key, or what names the
    /// connection where there is none.
    pub fn properties_key(&self) -> Place {
        self.properties.map_or_else(self.connection.fields.key)
    }

    /// A part of a text for a message, with secrets masked.
    pub fn quote(&self, text: &Text<'_>, part: &str) -> String {
        self.secrets.quote(text, part)
    }

    /// The whole of a scalar for a message, with secrets masked.
    pub fn quote_value(&self, value: &Value<'_>) -> String {
        value
            .text()
            .map_or_else(String::new, |text| self.quote(text, text.as_str()))
    }

    /// The name of an entry for a message, cut to a readable length.
    pub fn quote_name(&self, entry: &Entry<'_>) -> String {
        let name = Text::from_whole(entry.name.as_ref(), entry.key.span);
        self.quote(&name, name.as_str())
    }

    /// Whether a place holds a secret.
    pub fn is_secret(&self, place: Place) -> bool {
        self.secrets.touch(place.span)
    }
}

impl Section<'_> {
    fn map_or_else(self, otherwise: Place) -> Place {
        self.map().map_or(otherwise, |map| map.key)
    }
}

/// Each branch of a condition that is none itself, absent ones included.
fn leaves<'c>(value: &'c Value<'c>) -> Vec<&'c Value<'c>> {
    match &value.shape {
        Shape::OneOf(branches) => branches.iter().flat_map(leaves).collect(),
        _ => vec![value],
    }
}

/// A finding about a value, with labels where parts of the value are written elsewhere.
pub(super) fn with_origins(value: &Value<'_>, mut finding: Finding) -> Finding {
    for origin in value.origins_at(finding.place) {
        finding = finding.from_here(origin.place, &origin.what);
    }
    finding
}

/// Collects what the rules find.
#[derive(Debug)]
pub struct Findings {
    list: Vec<Finding>,
    least: Severity,
}

impl Findings {
    /// A collector that drops what weighs less than `least`.
    pub fn new(least: Severity) -> Findings {
        Findings {
            list: Vec::new(),
            least,
        }
    }

    /// Whether a finding of that weight would be kept: ask before costly work.
    pub fn wants(&self, severity: Severity) -> bool {
        severity >= self.least
    }

    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        if self.wants(finding.severity) {
            self.list.push(finding);
        }
    }

    /// Adds a finding about a value, with labels where parts of the value are written elsewhere.
    pub fn add_at(&mut self, value: &Value<'_>, finding: Finding) {
        if self.wants(finding.severity) {
            self.list.push(with_origins(value, finding));
        }
    }

    /// Adds the finding, if there is one.
    pub fn add_any(&mut self, finding: Option<Finding>) {
        if let Some(finding) = finding {
            self.add(finding);
        }
    }

    /// What was found, in order, each but once.
    pub fn finish(mut self) -> Vec<Finding> {
        self.list.sort();
        self.list.dedup();
        self.list
    }
}
