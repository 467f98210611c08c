//! The policy of a team: the rules that its configuration brings.
//!
//! They obey what all rules obey: only what the known part proves is reported, at its very place.

use super::formats::brokers::parse_brokers;
use super::formats::holes::{has_hole, is_stand_in, known_start};
use super::formats::host::{Host, parse_host, parse_port};
use super::formats::jdbc_url::JdbcUrl;
use super::formats::mongodb_url::MongodbUrl;
use super::formats::url::Server;
use super::{Findings, Reading, Section, jdbc, names as keys, words};
use crate::diag::Finding;
use crate::form::{Entry, Map, Shape, Value};
use crate::spec::{self, Demand, Format, Policy, Property};
use crate::text::Place;

/// The structures whose members a policy may name.
const STRUCTURES: [&str; 3] = [
    "Connection",
    "PhysicalConnectionRequirements",
    "AuthenticationConfiguration",
];

/// What a policy may name: the keys of `ConnectionProperties` and the members of a connection.
pub fn names() -> impl Iterator<Item = &'static str> {
    let structures = STRUCTURES.iter().filter_map(|name| spec::structure(name));
    let members = structures.flat_map(|structure| structure.members.iter());
    let keys = spec::properties().iter().map(|property| property.key);
    keys.chain(members.map(|member| member.name))
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if reading.overlay.policies.is_empty() || !reading.connection.is_described() {
        return;
    }
    for policy in &reading.overlay.policies {
        if !findings.wants(policy.rule.severity) || !concerns(policy, reading) {
            continue;
        }
        let judge = Judge { policy, reading };
        judge.require(findings);
        judge.forbid(findings);
        if let Some(demand) = &policy.value {
            judge.value(demand, findings);
        }
        judge.targets(findings);
        judge.subnets(findings);
        judge.secrets(findings);
    }
}

/// Whether a policy is about connections of this type.
fn concerns(policy: &Policy, reading: &Reading<'_>) -> bool {
    if policy.types.is_empty() {
        return true;
    }
    let own = || (reading.connection.field("ConnectionType")).and_then(Value::known);
    let own = || own().filter(|name| reading.overlay.types.contains(*name));
    let kind = reading.kind.map(|kind| kind.name).or_else(own);
    kind.is_some_and(|kind| policy.types.iter().any(|name| name == kind))
}

/// The map in which something of that name belongs.
#[derive(Clone, Copy)]
enum Holder<'r> {
    Properties,
    Section(Section<'r>),
    Fields(&'r Map<'r>),
}

struct Judge<'r, 'c> {
    policy: &'r Policy,
    reading: &'r Reading<'c>,
}

impl<'c> Judge<'_, 'c> {
    fn finding(&self, place: Place, help: impl FnOnce() -> String) -> Finding {
        let policy = self.policy;
        let help = policy.help.clone().unwrap_or_else(help);
        Finding::new(policy.rule, place, policy.message.as_str()).help(help)
    }

    fn holder(&self, name: &str) -> Holder<'c> {
        let has = |structure: &str| {
            spec::structure(structure).is_some_and(|structure| structure.member(name).is_some())
        };
        let reading = self.reading;
        if spec::property(name).is_some() || reading.overlay.properties.contains(name) {
            Holder::Properties
        } else if has("PhysicalConnectionRequirements") {
            Holder::Section(reading.placement)
        } else if has("AuthenticationConfiguration") {
            Holder::Section(reading.authentication)
        } else {
            Holder::Fields(&reading.connection.fields)
        }
    }

    /// The entries of that name.
    fn entries(&self, name: &str) -> impl Iterator<Item = &'c Entry<'c>> {
        let entries: &'c [Entry<'c>] = match self.holder(name) {
            Holder::Properties => self.reading.properties.entries(),
            Holder::Section(section) => section.entries(),
            Holder::Fields(map) => &map.entries,
        };
        entries.iter().filter(move |entry| entry.name == name)
    }

    // ---- what must be there, and what must not ------------------------------------------------

    fn require(&self, findings: &mut Findings) {
        let reading = self.reading;
        let mut missing: Vec<&str> = Vec::new();
        let mut place = reading.connection.fields.key;
        for name in &self.policy.require {
            let (is_missing, key) = match self.holder(name) {
                Holder::Properties => (keys::is_missing(reading, name), reading.properties_key()),
                Holder::Section(section) => {
                    let key = section.map().map_or(place, |map| map.key);
                    (section.presence(name).is_absent(), key)
                }
                Holder::Fields(map) => (map.presence(name).is_absent(), map.key),
            };
            if is_missing {
                if missing.is_empty() {
                    place = key;
                }
                missing.push(name);
            }
        }
        if missing.is_empty() {
            return;
        }
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let finding = self.finding(place, || format!("Add {}.", words::and(&missing)));
        findings.add(finding.note(format!("{} {verb} missing", words::and(&missing))));
    }

    fn forbid(&self, findings: &mut Findings) {
        for name in &self.policy.forbid {
            for entry in self.entries(name) {
                if !matches!(entry.value.is_absent(), Some(true)) {
                    findings.add(self.finding(entry.key, || format!("Remove `{name}`.")));
                }
            }
        }
    }

    // ---- values ------------------------------------------------------------------------------

    fn value(&self, demand: &Demand, findings: &mut Findings) {
        let is_secret = spec::property(&demand.name).is_some_and(|fact| fact.secret);
        let help = || match (&demand.values[..], &demand.pattern) {
            // What is allowed for a password is one.
            _ if is_secret => "Write a value that the policy allows.".to_owned(),
            ([], Some(pattern)) => {
                format!("Write a value that `{}` matches.", pattern.as_str())
            }
            (values, _) => {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                format!("Write {}.", words::or(&values))
            }
        };
        for entry in self.entries(&demand.name) {
            each_known(&entry.value, &mut |value, text| {
                let is_listed =
                    demand.values.is_empty() || demand.values.iter().any(|it| it == text);
                let matches = (demand.pattern.as_ref()).is_none_or(|it| it.is_match(text));
                if !is_listed || !matches {
                    findings.add_at(value, self.finding(value.place, help));
                }
            });
        }
    }

    fn subnets(&self, findings: &mut Findings) {
        let subnets = &self.policy.subnets;
        if subnets.is_empty() {
            return;
        }
        for entry in self.entries("SubnetId") {
            each_known(&entry.value, &mut |value, text| {
                if !subnets.iter().any(|subnet| subnet == text) {
                    let names: Vec<&str> = subnets.iter().map(String::as_str).collect();
                    let help = || format!("Write {}.", words::or(&names));
                    findings.add_at(value, self.finding(value.place, help));
                }
            });
        }
    }

    /// The names of secrets, by which keys and members may refer to them.
    fn secrets(&self, findings: &mut Findings) {
        let prefixes = &self.policy.secret_prefixes;
        if prefixes.is_empty() {
            return;
        }
        let is_reference =
            |fact: &Property| matches!(fact.format, Format::SecretId | Format::SecretArn);
        let properties = self.reading.properties.entries().iter();
        let properties = properties.filter(|it| spec::property(&it.name).is_some_and(is_reference));
        for entry in properties.chain(self.entries("SecretArn")) {
            for value in entry.value.alternatives() {
                let Some(text) = value.text().map(|text| text.as_str()) else {
                    continue;
                };
                if text.is_empty() || is_stand_in(text) && !has_hole(text) {
                    continue;
                }
                let Some(name) = secret_name(text) else {
                    continue;
                };
                let known = known_start(name);
                let is_whole = known.len() == name.len();
                let may_begin = |prefix: &String| {
                    known.starts_with(prefix.as_str()) || (!is_whole && prefix.starts_with(known))
                };
                if !prefixes.iter().any(may_begin) {
                    let names: Vec<&str> = prefixes.iter().map(String::as_str).collect();
                    let help =
                        || format!("Use a secret whose name begins with {}.", words::or(&names));
                    let place = jdbc::place_of(value, if is_whole { name } else { known });
                    findings.add_at(value, self.finding(place, help));
                }
            }
        }
    }

    // ---- hosts and ports ---------------------------------------------------------------------

    fn targets(&self, findings: &mut Findings) {
        if self.policy.hosts.is_empty() && self.policy.ports.is_empty() {
            return;
        }
        for entry in self.reading.properties.entries() {
            let Some(fact) = spec::property(&entry.name) else {
                continue;
            };
            for value in entry.value.alternatives() {
                let Some(text) = value.text() else { continue };
                let text = text.as_str();
                match fact.format {
                    Format::Host => self.host(value, jdbc::bare(text), findings),
                    Format::Port => self.port(value, text, findings),
                    Format::JdbcUrl => {
                        let servers = JdbcUrl::parse(text).map(|url| url.servers);
                        self.servers(value, &servers.unwrap_or_default(), findings);
                    }
                    Format::ConnectionUrl => {
                        let servers = MongodbUrl::parse(text).map(|url| url.servers);
                        self.servers(value, &servers.unwrap_or_default(), findings);
                    }
                    Format::BrokerList => {
                        for broker in parse_brokers(text).filter_map(Result::ok) {
                            self.host(value, broker.host, findings);
                            if let Some((_, port)) = broker.port {
                                self.port(value, port, findings);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn servers(&self, value: &Value<'_>, servers: &[Server<'_>], findings: &mut Findings) {
        for server in servers {
            self.host(value, server.host, findings);
            if let Some(port) = server.port {
                self.port(value, port, findings);
            }
        }
    }

    fn host(&self, value: &Value<'_>, host: &str, findings: &mut Findings) {
        let hosts = &self.policy.hosts;
        let is_known = !has_hole(host)
            && !is_stand_in(host)
            && parse_host(host).is_ok_and(|host| host != Host::Unknown);
        if hosts.is_empty() || !is_known || hosts.iter().any(|allowed| allowed.allows(host)) {
            return;
        }
        let help = || {
            let hosts: Vec<String> = hosts.iter().map(|host| format!("`{host}`")).collect();
            format!("Allowed hosts: {}.", hosts.join(", "))
        };
        findings.add_at(value, self.finding(jdbc::place_of(value, host), help));
    }

    fn port(&self, value: &Value<'_>, port: &str, findings: &mut Findings) {
        let ports = &self.policy.ports;
        let Ok(Some(number)) = parse_port(port, 0..=u32::MAX) else {
            return;
        };
        if ports.is_empty() || ports.iter().any(|range| range.contains(&number)) {
            return;
        }
        let help = || {
            let ports: Vec<String> = (ports.iter())
                .map(|range| match (range.start(), range.end()) {
                    (least, most) if least == most => least.to_string(),
                    (least, most) => format!("{least}–{most}"),
                })
                .collect();
            format!("Allowed ports: {}.", ports.join(", "))
        };
        findings.add_at(value, self.finding(jdbc::place_of(value, port), help));
    }
}

/// Hands over each text that a value, or an item of it, may be and that is known as a whole.
fn each_known<'c>(value: &'c Value<'c>, each: &mut dyn FnMut(&'c Value<'c>, &'c str)) {
    for value in value.alternatives() {
        match &value.shape {
            Shape::List(items) => items.iter().for_each(|item| each_known(item, each)),
            _ => {
                let known = value.known();
                if let Some(text) = known.filter(|text| !has_hole(text) && !is_stand_in(text)) {
                    each(value, text);
                }
            }
        }
    }
}

/// The name of a secret: of an ARN, what stands behind `secret:`. `None` where it cannot be seen.
fn secret_name(text: &str) -> Option<&str> {
    if !text.starts_with("arn:") {
        return (!known_start(text).is_empty()).then_some(text);
    }
    text.split_once(":secret:").map(|(_, name)| name)
}
