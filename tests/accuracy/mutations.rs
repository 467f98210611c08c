//! Good connections with one fault each, made from the facts.

use std::collections::BTreeSet;

use gluelint::spec::{
    self, ConnectionType, Direction, Family, Format, Member, MemberShape, Need, Property, Severity,
};
use serde_json::{Map, Value, json};

use crate::faults::{Broken, Constraint, broken, misspelled, stained};
use crate::forms_writing::{UNKNOWN, canonical};
use crate::good::{Good, oauth2};
use crate::samples;

/// Which bytes a finding has to be about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Within the value.
    Value,
    /// The key.
    Key,
    /// One of the two.
    Either,
    /// Somewhere around what is missing: the path alone counts.
    Around,
}

/// A good connection with one fault.
pub struct Mutation {
    /// The index of the good connection.
    pub good: usize,
    /// The sort of constraint that is broken.
    pub family: &'static str,
    /// What is broken, and how.
    pub fault: String,
    pub request: Value,
    /// Where, from the request on.
    pub way: Vec<String>,
    pub place: Place,
    /// The logical paths at which it may be found.
    pub paths: Vec<String>,
    /// The rules that may find it; any where there are none.
    pub rules: &'static [&'static str],
    pub least: Severity,
}

/// Makes the faults of one good connection.
struct Maker<'m> {
    index: usize,
    good: &'m Good,
    seen: &'m mut BTreeSet<(&'static str, String)>,
    made: &'m mut Vec<Mutation>,
}

/// A change of one place, before it is made.
struct Change<'c> {
    family: &'static str,
    /// What tells it from the same change of another connection.
    scope: &'c str,
    fault: String,
    way: &'c [String],
    place: Place,
    rules: &'static [&'static str],
    least: Severity,
}

impl Default for Change<'_> {
    fn default() -> Self {
        Change {
            family: "",
            scope: "",
            fault: String::new(),
            way: &[],
            place: Place::Value,
            rules: &[],
            least: Severity::Warning,
        }
    }
}

/// Every mutation of the good connections, in their order. What is said of one key in one sort of
/// connection is not said again of the same key in the next.
pub fn mutations(goods: &[Good]) -> Vec<Mutation> {
    let (mut seen, mut made) = (BTreeSet::new(), Vec::new());
    for (index, good) in goods.iter().enumerate() {
        let mut maker = Maker {
            index,
            good,
            seen: &mut seen,
            made: &mut made,
        };
        maker.structure("CreateConnectionRequest", &good.request, &[]);
        maker.properties();
        maker.whole();
    }
    made
}

/// The part of a value to which a way leads.
pub fn at<'v>(value: &'v mut Value, way: &[String]) -> &'v mut Value {
    (way.iter()).fold(value, |value, step| match value {
        Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
        other => &mut other[step.as_str()],
    })
}

/// The map that holds an entry, and the entry's name.
fn holder<'v>(value: &'v mut Value, way: &[String]) -> (&'v mut Map<String, Value>, String) {
    let (last, before) = way.split_last().unwrap();
    let holder = at(value, before).as_object_mut().unwrap();
    (holder, last.clone())
}

/// The logical path to which a way leads.
fn path(way: &[String]) -> String {
    let mut path = String::new();
    for step in way {
        if step.is_empty() {
            // A nameless entry is told by the map around it.
            continue;
        }
        if step.bytes().all(|byte| byte.is_ascii_digit()) && !path.is_empty() {
            path += &format!("[{step}]");
        } else {
            path += &format!(".{step}");
        }
    }
    canonical(path.trim_start_matches('.'), &["ConnectionInput"])
}

fn join(way: &[String], step: &str) -> Vec<String> {
    let mut way = way.to_vec();
    way.push(step.to_owned());
    way
}

const PROPERTIES: [&str; 2] = ["ConnectionInput", "ConnectionProperties"];

fn property_way(key: &str) -> Vec<String> {
    PROPERTIES
        .map(str::to_owned)
        .into_iter()
        .chain([key.to_owned()])
        .collect()
}

fn member_way(name: &str) -> Vec<String> {
    vec!["ConnectionInput".to_owned(), name.to_owned()]
}

/// What connections of a type have in common with others: the core types nothing.
fn scope(kind: &ConnectionType) -> String {
    match kind.family {
        Family::Core => kind.name.to_owned(),
        other => format!("{other:?}"),
    }
}

/// Whether AWS documents every key that a type takes.
fn has_listed_keys(kind: &ConnectionType) -> bool {
    kind.family == Family::Core && kind.name != "NETWORK"
}

impl Maker<'_> {
    /// Makes a change, unless the same was made already.
    fn add(&mut self, change: &Change<'_>, make: impl FnOnce(&mut Value)) {
        let paths = vec![path(change.way)];
        self.add_at(change, paths, make);
    }

    fn add_at(&mut self, change: &Change<'_>, paths: Vec<String>, make: impl FnOnce(&mut Value)) {
        let key = format!("{} {} {}", change.scope, path(change.way), change.fault);
        if !self.seen.insert((change.family, key)) {
            return;
        }
        let mut request = self.good.request.clone();
        make(&mut request);
        if request == self.good.request {
            return;
        }
        self.made.push(Mutation {
            good: self.index,
            family: change.family,
            fault: change.fault.clone(),
            request,
            way: change.way.to_vec(),
            place: change.place,
            paths,
            rules: change.rules,
            least: change.least,
        });
    }

    /// Sets a value to each of some texts.
    fn texts(&mut self, family: &'static str, scope: &str, way: &[String], faults: Vec<Broken>) {
        for fault in faults {
            let change = Change {
                family,
                scope,
                fault: format!("{:?}", fault.text.chars().take(100).collect::<String>()),
                way,
                rules: fault.rules,
                least: fault.least,
                ..Change::default()
            };
            self.add(&change, |request| *at(request, way) = json!(fault.text));
        }
    }

    /// Puts what nobody sees around and into a value, whatever its format.
    fn stains(&mut self, scope: &str, way: &[String], good: &str) {
        for (what, text) in stained(good) {
            let change = Change {
                family: "stray characters",
                scope,
                fault: what.to_owned(),
                way,
                ..Change::default()
            };
            self.add(&change, |request| *at(request, way) = json!(text));
        }
    }

    /// Removes an entry. It is missed at the map around it, or at another entry there.
    fn drop(&mut self, change: &Change<'_>, elsewhere: &[Vec<String>]) {
        let way = change.way;
        let mut paths: Vec<String> = elsewhere.iter().map(|way| path(way)).collect();
        paths.push(path(&way[..way.len() - 1]));
        self.add_at(change, paths, |request| {
            let (map, name) = holder(request, way);
            map.remove(&name);
        });
    }

    /// Puts an entry beside others.
    fn put(&mut self, change: &Change<'_>, value: Value) {
        let way = change.way;
        self.add(change, |request| {
            let (map, name) = holder(request, way);
            map.insert(name, value);
        });
    }

    /// Gives an entry other names.
    fn rename(
        &mut self,
        family: &'static str,
        scope: &str,
        way: &[String],
        names: Vec<String>,
        rules: &'static [&'static str],
    ) {
        for name in names {
            let (_, before) = way.split_last().unwrap();
            let there = join(before, &name);
            let change = Change {
                family,
                scope,
                fault: format!("{} as {name:?}", way.last().unwrap()),
                way: &there,
                place: Place::Key,
                rules,
                ..Change::default()
            };
            self.add(&change, |request| {
                let (map, old) = holder(request, way);
                if !map.contains_key(&name) {
                    let value = map.remove(&old).unwrap();
                    map.insert(name, value);
                }
            });
        }
    }

    // ---- members -----------------------------------------------------------------------------

    fn structure(&mut self, name: &str, value: &Value, way: &[String]) {
        let structure = spec::structure(name).unwrap();
        let Value::Object(map) = value else { return };
        for (key, value) in map {
            let Some(member) = structure.member(key) else {
                continue;
            };
            let there = join(way, key);
            self.member(name, member, value, &there);
            if let MemberShape::Structure(name) = member.shape {
                self.structure(name, value, &there);
            }
        }
        for member in structure.members {
            if member.direction == Direction::Output {
                let there = join(way, member.name);
                let change = Change {
                    family: "members of answers",
                    scope: name,
                    fault: format!("{} is set", member.name),
                    way: &there,
                    place: Place::Key,
                    rules: &["output-member-in-input"],
                    ..Change::default()
                };
                self.put(&change, json!("READY"));
            }
        }
    }

    fn member(&mut self, structure: &str, member: &'static Member, value: &Value, way: &[String]) {
        let name = member.name;
        // Without it there is no connection at all.
        if name == "ConnectionInput" {
            return;
        }
        {
            let names = spellings(name, &["ConnectionInput"]);
            self.rename(
                "misspelled members",
                structure,
                way,
                names,
                &["unknown-member", "member-in-foreign-casing"],
            );
        }
        self.containers(structure, member, value, way);
        match value {
            Value::String(text) => self.member_text(structure, member, text, way),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().take(1) {
                    let there = join(way, &index.to_string());
                    if let Some(text) = item.as_str() {
                        self.member_text(structure, member, text, &there);
                    }
                    let twice = json!([items[0], items[0]]);
                    let change = Change {
                        family: "lengths and counts",
                        scope: structure,
                        fault: format!("{name} with the same entry twice"),
                        way,
                        ..Change::default()
                    };
                    let paths = vec![path(way), path(&join(way, "1"))];
                    self.add_at(&change, paths, |request| *at(request, way) = twice);
                }
                if let Some(most) = member.entries {
                    let many: Vec<Value> = (0..=most).map(|n| numbered(&items[0], n)).collect();
                    self.count(structure, member, way, json!(many));
                }
            }
            Value::Object(map) if member.shape == MemberShape::Map => {
                self.map(structure, member, map, way);
            }
            Value::Bool(_) => {
                for wrong in [json!("yes"), json!(2), json!("")] {
                    let change = Change {
                        family: "types of scalars",
                        scope: structure,
                        fault: format!("{name} is {wrong}"),
                        way,
                        place: Place::Either,
                        rules: &["wrong-scalar-type", "empty-value"],
                        ..Change::default()
                    };
                    self.add(&change, |request| *at(request, way) = wrong);
                }
            }
            _ => {}
        }
    }

    fn count(&mut self, structure: &str, member: &Member, way: &[String], value: Value) {
        let change = Change {
            family: "lengths and counts",
            scope: structure,
            fault: format!("{} with too many entries", member.name),
            way,
            rules: &["too-many-entries"],
            place: Place::Either,
            ..Change::default()
        };
        let mut paths = vec![path(way)];
        paths.push(path(&join(
            way,
            &member.entries.unwrap_or_default().to_string(),
        )));
        self.add_at(&change, paths, |request| *at(request, way) = value);
    }

    /// A map of names and texts.
    fn map(
        &mut self,
        structure: &str,
        member: &'static Member,
        map: &Map<String, Value>,
        way: &[String],
    ) {
        // Other types would have no use for so many keys.
        let takes_any =
            member.name != "ConnectionProperties" || self.good.kind.family == Family::Connector;
        if let Some(most) = member.entries.filter(|_| takes_any) {
            let mut many = map.clone();
            for n in 0..=most {
                many.insert(format!("key{n}"), json!("value"));
            }
            self.count(structure, member, way, Value::Object(many));
        }
        let is_properties = member.name == "ConnectionProperties";
        let Some((key, value)) = map.iter().next().filter(|_| !is_properties) else {
            return;
        };
        if let Some((_, most)) = member.key_length {
            let long = "k".repeat(most as usize + 1);
            for (name, rules) in [
                (long, &["text-too-long"]),
                (String::new(), &["empty-value"]),
            ] {
                let there = join(way, &name);
                let change = Change {
                    family: "lengths and counts",
                    scope: structure,
                    fault: format!("a key of {} with {} characters", member.name, name.len()),
                    way: &there,
                    place: Place::Key,
                    rules,
                    ..Change::default()
                };
                self.put(&change, value.clone());
            }
        }
        if member.name == "Tags" {
            for reserved in ["aws:team", "AWS:team"] {
                let there = join(way, reserved);
                let change = Change {
                    family: "tags",
                    fault: format!("the tag {reserved}"),
                    way: &there,
                    place: Place::Key,
                    rules: &["reserved-tag-key"],
                    ..Change::default()
                };
                self.put(&change, json!("sales"));
            }
        }
        let there = join(way, key);
        if !is_unknown(value) {
            self.length(structure, member.name, member.length, &there);
        }
        for (wrong, what) in [
            (json!(["x"]), "a list"),
            (json!({"x": "y"}), "a map"),
            (json!(null), "null"),
        ] {
            let change = Change {
                family: if wrong.is_null() {
                    "nulls"
                } else {
                    "containers"
                },
                scope: structure,
                fault: format!("an entry of {} is {what}", member.name),
                way: &there,
                place: Place::Either,
                rules: &["wrong-container", "empty-value"],
                ..Change::default()
            };
            self.add(&change, |request| *at(request, &there) = wrong);
        }
    }

    /// Other containers, and nothing at all.
    fn containers(
        &mut self,
        structure: &str,
        member: &'static Member,
        value: &Value,
        way: &[String],
    ) {
        let mut wrong = vec![(json!(null), "null")];
        match member.shape {
            MemberShape::List => wrong.extend([
                (value[0].clone(), "a single value"),
                (json!({"a": "b"}), "a map"),
            ]),
            MemberShape::Map | MemberShape::Structure(_) => wrong.extend([
                (json!("orders"), "a text"),
                (json!([value]), "a list"),
                (json!([{"Key": "a", "Value": "b"}]), "a list of pairs"),
            ]),
            _ => wrong.extend([(json!([value]), "a list"), (json!({"a": value}), "a map")]),
        }
        for (wrong, what) in wrong {
            let change = Change {
                family: if wrong.is_null() {
                    "nulls"
                } else {
                    "containers"
                },
                scope: structure,
                fault: format!("{} is {what}", member.name),
                way,
                place: Place::Either,
                rules: &[
                    "wrong-container",
                    "empty-value",
                    "properties-not-an-object",
                    "pairs-instead-of-map",
                    "tags-as-list",
                ],
                ..Change::default()
            };
            self.add(&change, |request| *at(request, way) = wrong);
        }
    }

    fn member_text(
        &mut self,
        structure: &str,
        member: &'static Member,
        text: &str,
        way: &[String],
    ) {
        if text.starts_with(UNKNOWN) {
            let change = Change {
                family: "credentials",
                scope: structure,
                fault: format!("{} in clear", member.name),
                way,
                rules: &["plaintext-password"],
                ..Change::default()
            };
            self.add(&change, |request| *at(request, way) = json!("tiger-4711"));
            return;
        }
        if member.name == "ConnectionType" {
            self.connection_type(text, way);
            return;
        }
        let constraint = Constraint {
            name: member.name,
            format: member.format,
            values: member.values,
            suffix: None,
            range: member.range,
        };
        self.texts(
            member.format.name(),
            structure,
            way,
            broken(&constraint, text),
        );
        let is_line = !matches!(
            member.format,
            Format::Text | Format::Enumeration | Format::OpenEnumeration
        );
        if is_line {
            self.stains(structure, way, text);
        }
        self.length(structure, member.name, member.length, way);
        if let Some(pattern) = member.pattern {
            let pattern = regex::Regex::new(pattern).unwrap();
            let candidates = [
                "two words",
                "tab\there",
                "ümlaut",
                "",
                "a b.c d.e f",
                "no-dots",
            ];
            let faults =
                (candidates.iter().filter(|text| !pattern.is_match(text))).map(|text| Broken {
                    text: (*text).to_owned(),
                    rules: &[
                        "malformed-token",
                        "malformed-web-url",
                        "control-character",
                        "empty-value",
                        "blanks-around-value",
                    ],
                    least: Severity::Warning,
                });
            self.texts("published expressions", structure, way, faults.collect());
        }
    }

    fn connection_type(&mut self, text: &str, way: &[String]) {
        let constraint = Constraint {
            name: "ConnectionType",
            format: Format::Enumeration,
            values: &[],
            suffix: None,
            range: None,
        };
        let is_wrong = |it: &Broken| {
            let is_same = text.eq_ignore_ascii_case(&it.text) || it.text == misspelled(text);
            spec::connection_type(&it.text).is_none() && (is_same || text == "JDBC")
        };
        let faults = (broken(&constraint, text).into_iter())
            .filter(is_wrong)
            .collect();
        self.texts("connection types", text, way, faults);
    }

    fn length(&mut self, scope: &str, name: &str, length: Option<(u32, u32)>, way: &[String]) {
        let Some((least, most)) = length else { return };
        let mut wrong = vec!["o".repeat(most as usize + 1)];
        if least > 0 {
            wrong.push(String::new());
        }
        for text in wrong {
            let change = Change {
                family: "lengths and counts",
                scope,
                fault: format!("{name} with {} characters", text.len()),
                way,
                rules: &["text-too-long", "empty-value"],
                ..Change::default()
            };
            self.add(&change, |request| *at(request, way) = json!(text));
        }
    }

    // ---- properties --------------------------------------------------------------------------

    fn properties(&mut self) {
        let good = self.good;
        let properties = &good.request["ConnectionInput"]["ConnectionProperties"];
        for (key, value) in properties.as_object().into_iter().flatten() {
            let fact = spec::property(key).unwrap();
            self.property(fact, value, &property_way(key));
        }
    }

    fn property(&mut self, fact: &'static Property, value: &Value, way: &[String]) {
        let kind = self.good.kind;
        let scope = scope(kind);
        let Some(text) = value.as_str() else { return };
        self.property_names(fact, &scope, way);
        if fact.secret {
            let change = Change {
                family: "credentials",
                scope: &scope,
                fault: format!("{} in clear", fact.key),
                way,
                rules: &["plaintext-password"],
                ..Change::default()
            };
            self.add(&change, |request| *at(request, way) = json!("tiger-4711"));
            return;
        }
        let mut constraint = Constraint {
            name: fact.key,
            format: fact.format,
            values: fact.values,
            suffix: fact.suffix,
            range: fact.range,
        };
        // The page's range is that of JDBC.
        if fact.key == "PORT" && kind.name != "JDBC" {
            constraint.range = None;
        }
        // What a host and a URL are depends on what they lead to.
        let whose = match fact.format {
            Format::JdbcUrl | Format::ConnectionUrl => text,
            _ => &scope,
        };
        self.texts(fact.format.name(), whose, way, broken(&constraint, text));
        if !matches!(fact.format, Format::JsonObject | Format::Text) {
            self.stains("", way, text);
        }
        let member = spec::structure("Connection")
            .unwrap()
            .member("ConnectionProperties")
            .unwrap();
        self.length(&scope, fact.key, member.length, way);
        for (wrong, what) in [
            (json!(["x"]), "a list"),
            (json!({"a": "b"}), "a map"),
            (json!(null), "null"),
        ] {
            let change = Change {
                family: if wrong.is_null() {
                    "nulls"
                } else {
                    "containers"
                },
                scope: &scope,
                fault: format!("{} is {what}", fact.key),
                way,
                place: Place::Either,
                rules: &["wrong-container", "empty-value"],
                ..Change::default()
            };
            self.add(&change, |request| *at(request, way) = wrong);
        }
        for wrong in [json!(5432), json!(true), json!(0.5)] {
            let change = Change {
                family: "types of scalars",
                scope: &scope,
                fault: format!("{} is {wrong}", fact.key),
                way,
                rules: &["not-a-string"],
                least: Severity::Info,
                ..Change::default()
            };
            self.add(&change, |request| *at(request, way) = wrong);
        }
    }

    fn property_names(&mut self, fact: &'static Property, scope: &str, way: &[String]) {
        let known: Vec<&str> = spec::properties().iter().map(|fact| fact.key).collect();
        let family = if has_listed_keys(self.good.kind) {
            "misspelled keys"
        } else {
            "misspelled keys, open lists"
        };
        let rules = &[
            "misspelled-property",
            "property-in-wrong-case",
            "unknown-property",
            "spark-option-as-property",
            "member-inside-properties",
        ];
        self.rename(family, scope, way, spellings(fact.key, &known), rules);
        let mistaken: Vec<String> = fact
            .mistaken_for
            .iter()
            .map(|it| (*it).to_owned())
            .collect();
        self.rename(family, scope, way, mistaken, rules);
    }

    // ---- the whole ---------------------------------------------------------------------------

    fn whole(&mut self) {
        let kind = self.good.kind;
        self.required(kind);
        self.partners(kind);
        self.foreign(kind);
        self.placement(kind);
        self.authentication(kind);
        self.beside_authentication(kind);
        self.regions();
        if kind.name == "KAFKA" {
            self.mechanism();
        }
    }

    fn required(&mut self, kind: &'static ConnectionType) {
        let good = self.good;
        for key in kind.requires.iter().filter(|key| good.has(key)) {
            let change = Change {
                family: "required keys",
                scope: kind.name,
                fault: format!("{key} is missing"),
                way: &property_way(key),
                place: Place::Around,
                rules: &["missing-property"],
                ..Change::default()
            };
            self.drop(&change, &[]);
        }
        for (structure, way) in [
            ("CreateConnectionRequest", vec![]),
            ("Connection", vec!["ConnectionInput".to_owned()]),
        ] {
            for member in spec::structure(structure).unwrap().members {
                if member.required_in.is_empty() || member.name == "ConnectionInput" {
                    continue;
                }
                let change = Change {
                    family: "required members",
                    scope: &scope(kind),
                    fault: format!("{} is missing", member.name),
                    way: &join(&way, member.name),
                    place: Place::Around,
                    rules: &[
                        "missing-member",
                        "unnamed-connection",
                        "connection-type-left-out",
                        "missing-property",
                    ],
                    ..Change::default()
                };
                if at(&mut good.request.clone(), &way)
                    .get(member.name)
                    .is_none()
                {
                    continue;
                }
                // Without a type, what belongs to another than the one that is implied tells.
                let mut telling = Vec::new();
                if member.name == "ConnectionType" {
                    let keys = spec::properties().iter().map(|fact| property_way(fact.key));
                    telling.extend(keys);
                    telling.push(PROPERTIES.map(str::to_owned).to_vec());
                    telling.push(member_way("PhysicalConnectionRequirements"));
                }
                self.drop(&change, &telling);
            }
        }
        if kind.name == "JDBC" && good.is_least() {
            for (key, rules) in [
                ("JDBC_CONNECTION_URL", &["missing-jdbc-target"]),
                ("SECRET_ID", &["missing-credentials"]),
            ] {
                let change = Change {
                    family: "required keys",
                    scope: kind.name,
                    fault: format!("{key} is missing"),
                    way: &property_way(key),
                    place: Place::Around,
                    rules,
                    ..Change::default()
                };
                self.drop(&change, &[]);
            }
        }
    }

    /// Keys without those that they are used together with.
    fn partners(&mut self, kind: &'static ConnectionType) {
        let good = self.good;
        // The connection that was made to show the key.
        let Some(fact) = spec::properties()
            .iter()
            .find(|fact| self.good.name == format!("{} with {}", kind.name, fact.key))
        else {
            return;
        };
        for partner in fact.partners {
            if !good.has(partner) || kind.requires.contains(partner) {
                continue;
            }
            let change = Change {
                family: "partners",
                scope: &scope(kind),
                fault: format!("{} without {partner}", fact.key),
                way: &property_way(partner),
                place: Place::Around,
                least: Severity::Info,
                ..Change::default()
            };
            // It is missed by whichever key needs it.
            let needs = |other: &&Property| {
                other.partners.contains(partner) || fact.partners.contains(&other.key)
            };
            let others = spec::properties().iter().filter(needs).map(|it| it.key);
            let asking = [fact.key, "HOST", "KAFKA_SASL_MECHANISM"];
            let ways: Vec<Vec<String>> = others.chain(asking).map(property_way).collect();
            // A switch that is off needs nothing.
            let is_switch = fact.format == Format::Boolean;
            let mut paths: Vec<String> = ways.iter().map(|way| path(way)).collect();
            paths.push(path(&PROPERTIES.map(str::to_owned)));
            self.add_at(&change, paths, |request| {
                let (map, name) = holder(request, change.way);
                map.remove(&name);
                if is_switch {
                    map.insert(fact.key.to_owned(), json!("true"));
                }
            });
        }
    }

    /// Keys that belong to other types, to nobody yet, or to AWS's answers.
    fn foreign(&mut self, kind: &'static ConnectionType) {
        let good = self.good;
        if !good.is_least() {
            return;
        }
        for fact in spec::properties() {
            let is_foreign = !fact.types.is_empty() && !fact.types.contains(&kind.name);
            let change = |family, rules, least| Change {
                family,
                scope: kind.name,
                fault: format!("{} on {}", fact.key, kind.name),
                place: Place::Either,
                rules,
                least,
                ..Change::default()
            };
            let way = property_way(fact.key);
            if fact.output_only {
                if !is_foreign && kind.family == Family::Core {
                    let change = Change {
                        way: &way,
                        ..change(
                            "keys of answers",
                            &["encrypted-password-in-input"],
                            Severity::Warning,
                        )
                    };
                    self.put(&change, json!("AQECAHh1r4wXkk1q0EXAMPLECIPHERTEXT"));
                }
            } else if fact.reserved {
                if kind.family == Family::Core && kind.name != "NETWORK" {
                    let change = Change {
                        way: &way,
                        ..change("reserved keys", &["reserved-property"], Severity::Info)
                    };
                    self.put(&change, json!("orders"));
                }
            } else if is_foreign && has_listed_keys(kind) {
                let owner = spec::connection_type(fact.types[0]).unwrap();
                let rules = &["property-of-another-type", "connection-url-on-jdbc"];
                let change = Change {
                    way: &way,
                    ..change("keys of other types", rules, Severity::Warning)
                };
                self.put(&change, samples::property(fact, owner));
            } else if kind.name == "NETWORK" {
                let change = Change {
                    way: &way,
                    ..change(
                        "keys of other types",
                        &["properties-on-network"],
                        Severity::Warning,
                    )
                };
                let value = samples::property(fact, kind);
                let paths = vec![path(&PROPERTIES.map(str::to_owned))];
                self.add_at(
                    &Change {
                        place: Place::Around,
                        ..change
                    },
                    paths,
                    |request| {
                        let (map, name) = holder(request, &way);
                        map.insert(name, value);
                    },
                );
            }
        }
        if kind.family == Family::Core && kind.name != "NETWORK" {
            for key in ["FOO_BAR", "TIMEOUT", "my.option"] {
                let change = Change {
                    family: "unknown keys",
                    scope: kind.name,
                    fault: format!("{key} on {}", kind.name),
                    way: &property_way(key),
                    place: Place::Key,
                    rules: &["unknown-property"],
                    ..Change::default()
                };
                self.put(&change, json!("orders"));
            }
        }
    }

    fn placement(&mut self, kind: &'static ConnectionType) {
        let good = self.good;
        let name = "PhysicalConnectionRequirements";
        let way = member_way(name);
        if kind.family == Family::ViewValidation && good.is_least() {
            let change = Change {
                family: "placements",
                scope: kind.name,
                fault: "a placement without use".to_owned(),
                way: &way,
                place: Place::Key,
                rules: &["placement-without-use"],
                ..Change::default()
            };
            self.put(&change, samples::structure(name));
        }
        let Some(placement) = self.good.request["ConnectionInput"].get(name) else {
            return;
        };
        if kind.name == "NETWORK" {
            let change = Change {
                family: "placements",
                fault: "no placement".to_owned(),
                way: &way,
                place: Place::Around,
                rules: &["network-without-placement"],
                ..Change::default()
            };
            self.drop(&change, &[]);
        }
        let members: Vec<Vec<String>> = (placement.as_object().unwrap().keys())
            .map(|member| join(&way, member))
            .collect();
        for member in &members {
            let change = Change {
                family: "placements",
                scope: &scope(kind),
                fault: format!("no {}", member[2]),
                way: member,
                place: Place::Around,
                rules: &[
                    "incomplete-placement",
                    "groups-without-subnet",
                    "subnet-without-zone",
                    "zone-without-subnet",
                ],
                ..Change::default()
            };
            self.drop(&change, &members);
        }
        let groups = join(&way, "SecurityGroupIdList");
        let change = Change {
            family: "placements",
            scope: &scope(kind),
            fault: "no security group in the list".to_owned(),
            way: &groups,
            place: Place::Around,
            rules: &["incomplete-placement"],
            ..Change::default()
        };
        let paths = vec![path(&groups), path(&way)];
        self.add_at(&change, paths, |request| *at(request, &groups) = json!([]));
    }

    // ---- logging in --------------------------------------------------------------------------

    fn authentication(&mut self, kind: &'static ConnectionType) {
        let good = self.good;
        let name = "AuthenticationConfiguration";
        let way = member_way(name);
        let Some(login) = self.good.request["ConnectionInput"].get(name) else {
            if kind.authentication == Need::Unused && good.is_least() {
                let change = Change {
                    family: "logins",
                    scope: kind.name,
                    fault: format!("a login without use on {}", kind.name),
                    way: &way,
                    place: Place::Key,
                    rules: &["authentication-without-use"],
                    ..Change::default()
                };
                self.put(
                    &change,
                    json!({"AuthenticationType": "BASIC", "SecretArn": samples::SECRET_ARN}),
                );
            }
            return;
        };
        if matches!(kind.authentication, Need::Required | Need::Expected) && good.is_least() {
            let change = Change {
                family: "logins",
                scope: kind.name,
                fault: format!("no login on {}", kind.name),
                way: &way,
                place: Place::Around,
                rules: &["missing-authentication"],
                least: Severity::Info,
            };
            self.drop(&change, &[]);
        }
        // Where something is missing, it is said at the map around it, or at the type and the grant
        // that ask for it.
        let properties = join(&way, "OAuth2Properties");
        let asking = [
            way.clone(),
            properties.clone(),
            join(&way, "AuthenticationType"),
            join(&properties, "OAuth2GrantType"),
        ];
        let summary = self.login_summary(login);
        for member in login
            .as_object()
            .unwrap()
            .keys()
            .filter(|it| *it != "KmsKeyArn")
        {
            let change = Change {
                family: "logins",
                scope: &summary,
                fault: format!("no {member}"),
                way: &join(&way, member),
                place: Place::Around,
                ..Change::default()
            };
            self.drop(&change, &asking);
        }
        if let Some(Value::Object(parts)) = login.get("OAuth2Properties") {
            let needed: &[&str] = match parts["OAuth2GrantType"].as_str() {
                Some("CLIENT_CREDENTIALS") => &["OAuth2ClientApplication", "TokenUrl"],
                Some("AUTHORIZATION_CODE") if login.get("SecretArn").is_none() => {
                    &["AuthorizationCodeProperties"]
                }
                Some("JWT_BEARER" | "REFRESH_TOKEN") if login.get("SecretArn").is_none() => {
                    &["OAuth2Credentials"]
                }
                _ => &[],
            };
            for part in needed.iter().filter(|part| parts.contains_key(**part)) {
                let change = Change {
                    family: "logins",
                    scope: &summary,
                    fault: format!("no {part}"),
                    way: &join(&properties, part),
                    place: Place::Around,
                    rules: &["incomplete-grant", "authentication-without-credentials"],
                    ..Change::default()
                };
                self.drop(&change, &asking);
            }
        }
        self.undocumented(kind, login, &way);
    }

    /// What tells one way to log in from another.
    fn login_summary(&self, login: &Value) -> String {
        let mut parts: Vec<String> = login.as_object().unwrap().keys().cloned().collect();
        parts.push(login["AuthenticationType"].to_string());
        if let Some(Value::Object(oauth2)) = login.get("OAuth2Properties") {
            parts.extend(oauth2.keys().cloned());
            parts.push(oauth2["OAuth2GrantType"].to_string());
        }
        parts.join(" ")
    }

    /// Ways to log in that no page shows for the type.
    fn undocumented(&mut self, kind: &'static ConnectionType, login: &Value, way: &[String]) {
        let good = self.good;
        if kind.logins.is_empty() || !good.is_least() {
            return;
        }
        let there = join(way, "AuthenticationType");
        for other in ["BASIC", "OAUTH2", "CUSTOM"]
            .iter()
            .filter(|it| !kind.logins.contains(it))
        {
            let change = Change {
                family: "logins",
                scope: kind.name,
                fault: format!("{} by {other}", kind.name),
                way: &there,
                rules: &["undocumented-authentication", "oauth2-properties-mismatch"],
                least: Severity::Info,
                ..Change::default()
            };
            // What belongs to the documented way would be one more fault.
            self.add(&change, |request| {
                let map = at(request, way).as_object_mut().unwrap();
                map.remove("OAuth2Properties");
                map.insert("AuthenticationType".to_owned(), json!(other));
                if *other == "OAUTH2" {
                    map.insert("OAuth2Properties".to_owned(), oauth2(None));
                }
            });
        }
        let grant = join(&join(way, "OAuth2Properties"), "OAuth2GrantType");
        if login.get("OAuth2Properties").is_some() {
            for other in ["AUTHORIZATION_CODE", "CLIENT_CREDENTIALS", "JWT_BEARER"]
                .iter()
                .filter(|it| !kind.grants.contains(it))
            {
                let change = Change {
                    family: "logins",
                    scope: kind.name,
                    fault: format!("{} by {other}", kind.name),
                    way: &grant,
                    rules: &["undocumented-authentication"],
                    least: Severity::Info,
                    ..Change::default()
                };
                self.add(&change, |request| *at(request, &grant) = json!(other));
            }
        }
        // What belongs to one type of authentication alone.
        for (member, owner, value) in [
            (
                "OAuth2Properties",
                "OAUTH2",
                oauth2(kind.grants.first().copied()),
            ),
            (
                "BasicAuthenticationCredentials",
                "BASIC",
                json!({"Username": "etl", "Password": format!("{UNKNOWN}Password")}),
            ),
            (
                "CustomAuthenticationCredentials",
                "CUSTOM",
                json!({"key": format!("{UNKNOWN}Password")}),
            ),
        ] {
            if login["AuthenticationType"] == owner {
                continue;
            }
            let there = join(way, member);
            let change = Change {
                family: "logins",
                scope: login["AuthenticationType"].as_str().unwrap(),
                fault: format!("{member} beside {}", login["AuthenticationType"]),
                way: &there,
                place: Place::Key,
                rules: &["oauth2-properties-mismatch"],
                ..Change::default()
            };
            self.put(&change, value);
        }
    }

    /// Credentials among the keys, and a login of the connection's own.
    fn beside_authentication(&mut self, kind: &'static ConnectionType) {
        let good = self.good;
        if !good.is_least() || kind.family != Family::Core || !good.has("SECRET_ID") {
            return;
        }
        let way = member_way("AuthenticationConfiguration");
        let change = Change {
            family: "logins",
            scope: kind.name,
            fault: "SECRET_ID beside a login".to_owned(),
            way: &way,
            place: Place::Around,
            rules: &["credentials-beside-authentication"],
            ..Change::default()
        };
        let paths = vec![path(&property_way("SECRET_ID")), path(&way)];
        self.add_at(&change, paths, |request| {
            request["ConnectionInput"]["AuthenticationConfiguration"] =
                json!({"AuthenticationType": "BASIC", "SecretArn": samples::SECRET_ARN});
        });
    }

    // ---- Kafka -------------------------------------------------------------------------------

    fn mechanism(&mut self) {
        let good = self.good;
        let way = property_way("KAFKA_SASL_MECHANISM");
        let name = self.good.request["ConnectionInput"]["ConnectionProperties"]
            .get("KAFKA_SASL_MECHANISM")
            .and_then(Value::as_str);
        let Some(mechanism) =
            name.and_then(|name| spec::mechanisms().iter().find(|it| it.name == name))
        else {
            return;
        };
        let group = (mechanism.needs.iter()).find(|group| group.iter().all(|key| good.has(key)));
        for key in group.into_iter().flat_map(|group| *group) {
            let change = Change {
                family: "SASL mechanisms",
                scope: mechanism.name,
                fault: format!("{} without {key}", group.unwrap().join(" and ")),
                way: &property_way(key),
                place: Place::Around,
                rules: &["missing-sasl-credentials", "incomplete-credentials"],
                ..Change::default()
            };
            let mut paths = vec![way.clone()];
            paths.extend(group.unwrap().iter().map(|key| property_way(key)));
            self.drop(&change, &paths);
        }
        for other in spec::mechanisms()
            .iter()
            .filter(|it| it.name != mechanism.name)
        {
            for key in other
                .keys
                .iter()
                .filter(|key| !key.starts_with("ENCRYPTED_"))
            {
                let change = Change {
                    family: "SASL mechanisms",
                    scope: mechanism.name,
                    fault: format!("{key} with {}", mechanism.name),
                    way: &property_way(key),
                    place: Place::Key,
                    rules: &["property-of-another-mechanism"],
                    ..Change::default()
                };
                self.put(
                    &change,
                    samples::property(spec::property(key).unwrap(), self.good.kind),
                );
            }
        }
        for wrong in mechanism.mistaken_for {
            let change = Change {
                family: "SASL mechanisms",
                scope: mechanism.name,
                fault: format!("{} as {wrong}", mechanism.name),
                way: &way,
                rules: &["unknown-sasl-mechanism"],
                ..Change::default()
            };
            self.add(&change, |request| *at(request, &way) = json!(wrong));
        }
    }

    // ---- Regions -----------------------------------------------------------------------------

    /// Parts of one connection in two Regions.
    fn regions(&mut self) {
        const REGION: &str = "eu-west-1";
        let mut ways = Vec::new();
        leaves(&self.good.request, &mut Vec::new(), &mut |way, text| {
            let is_judged = !way
                .iter()
                .any(|step| step == "REGION" || step == "JDBC_DRIVER_JAR_URI");
            if text.contains(REGION) && is_judged && !text.contains("Region=") {
                ways.push(way.to_vec());
            }
        });
        if ways.len() < 2 {
            return;
        }
        let paths: Vec<String> = ways.iter().map(|way| path(way)).collect();
        for way in &ways {
            let change = Change {
                family: "Regions",
                scope: &scope(self.good.kind),
                fault: format!("{} in another Region", way.last().unwrap()),
                way,
                place: Place::Around,
                rules: &["mixed-regions"],
                ..Change::default()
            };
            self.add_at(&change, paths.clone(), |request| {
                let value = at(request, way);
                *value = json!(value.as_str().unwrap().replace(REGION, "us-east-2"));
            });
        }
    }
}

/// Hands over every text in a value.
fn leaves(value: &Value, way: &mut Vec<String>, each: &mut dyn FnMut(&[String], &str)) {
    match value {
        Value::String(text) => each(way, text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                way.push(index.to_string());
                leaves(item, way, each);
                way.pop();
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                way.push(key.clone());
                leaves(item, way, each);
                way.pop();
            }
        }
        _ => {}
    }
}

fn is_unknown(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with(UNKNOWN))
}

/// A text like another, and different from it.
fn numbered(value: &Value, n: u32) -> Value {
    match value.as_str() {
        Some(text) if text.starts_with("sg-") => json!(format!("sg-{n:017x}")),
        _ => json!(format!("{}{n}", value.as_str().unwrap_or_default())),
    }
}

/// Spellings of a name that none of the known ones has.
fn spellings(name: &str, known: &[&str]) -> Vec<String> {
    let middle = name.len() / 2;
    let (head, tail) = name.split_at(middle);
    let mut swapped: Vec<char> = name.chars().collect();
    swapped.swap(middle, middle - 1);
    let mut camel = String::new();
    for (index, word) in name.split('_').enumerate() {
        let (first, rest) = word.split_at(word.len().min(1));
        camel += &match index {
            0 => word.to_ascii_lowercase(),
            _ => first.to_ascii_uppercase() + &rest.to_ascii_lowercase(),
        };
    }
    let mut all = vec![
        misspelled(name),
        format!("{head}{}{tail}", &name[middle..=middle]),
        swapped.into_iter().collect(),
        format!("{name}S"),
        name.to_ascii_lowercase(),
        camel,
        name.replace('_', "-"),
        name.replace('_', ""),
    ];
    all.retain(|other| other != name && !known.contains(&other.as_str()));
    all.sort();
    all.dedup();
    all
}

/// Whether a request has a member, or a key, anywhere in a structure of that name.
pub fn holds(request: &Value, structure: &str, name: &str) -> bool {
    let here = match structure {
        "CreateConnectionRequest" => Some(request),
        "Connection" => request.get("ConnectionInput"),
        other => find(request, other),
    };
    here.is_some_and(|it| it.get(name).is_some())
}

/// The value of a name, wherever it stands.
fn find<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let map = value.as_object()?;
    (map.get(name)).or_else(|| map.values().find_map(|inner| find(inner, name)))
}
