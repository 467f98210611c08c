//! Compiles `rules/facts/*.yaml` into `static` tables, so that they cost nothing at start-up.
//!
//! A fact that names an unknown format, key or type does not build.

#[path = "src/spec/format.rs"]
#[allow(dead_code)]
mod format;
#[path = "src/spec/schema.rs"]
mod schema;
#[path = "src/spec/slot.rs"]
mod slot;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use format::Format;
use schema::{Direction, Facts};
use slot::{SLOTS, slot};

const FILES: &[&str] = &[
    "properties",
    "connection",
    "network",
    "authentication",
    "types",
    "kafka",
    "jdbc",
    "resources",
];

/// A seed with which every key has a slot of its own, and the index of the key in each slot.
fn slots(facts: &Facts) -> (u64, Vec<u16>) {
    (0..)
        .find_map(|seed| {
            let mut slots = vec![u16::MAX; SLOTS];
            for (index, property) in (0..).zip(&facts.properties) {
                let taken = &mut slots[slot(&property.key, seed)];
                (*taken == u16::MAX).then_some(())?;
                *taken = index;
            }
            Some((seed, slots))
        })
        .expect("some seed fits")
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=rules/facts");
    let mut facts = Facts::default();
    for name in FILES {
        let path = format!("rules/facts/{name}.yaml");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let file: Facts =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        facts.date = facts.date.or(file.date);
        facts.properties.extend(file.properties);
        facts.structures.extend(file.structures);
        facts.types.extend(file.types);
        facts.mechanisms.extend(file.mechanisms);
        facts.partitions.extend(file.partitions);
        facts.engines.extend(file.engines);
        facts.resources.extend(file.resources);
    }
    check(&facts);
    let date = facts.date.as_deref().expect("properties.yaml has a date");
    println!("cargo:rustc-env=GLUELINT_FACTS_DATE={date}");
    let tables = write_tables(&facts);
    let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("facts.rs"), tables).expect("OUT_DIR can be written");
}

/// Every name in a fact must be that of something.
fn check(facts: &Facts) {
    let keys: BTreeSet<&str> = facts.properties.iter().map(|p| p.key.as_str()).collect();
    let types: BTreeSet<&str> = facts.types.iter().map(|t| t.name.as_str()).collect();
    let structures: BTreeSet<&str> = facts.structures.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(
        keys.len(),
        facts.properties.len(),
        "a property has two rows"
    );
    assert_eq!(types.len(), facts.types.len(), "a type has two rows");
    let known_key = |key: &str, at: &str| assert!(keys.contains(key), "{at}: no property {key}");
    for property in &facts.properties {
        for partner in &property.partners {
            known_key(partner, &property.key);
        }
        for name in &property.types {
            assert!(
                types.contains(name.as_str()),
                "{}: no type {name}",
                property.key
            );
        }
    }
    let values_of = |member: &str| -> BTreeSet<&str> {
        (facts.structures.iter().flat_map(|s| &s.members))
            .filter(|it| it.name == member)
            .flat_map(|it| it.values.iter().map(String::as_str))
            .collect()
    };
    let (logins, grants) = (
        values_of("AuthenticationType"),
        values_of("OAuth2GrantType"),
    );
    for kind in &facts.types {
        for key in &kind.requires {
            known_key(key, &kind.name);
        }
        for login in &kind.logins {
            assert!(logins.contains(login.as_str()), "{}: no {login}", kind.name);
        }
        for grant in &kind.grants {
            assert!(grants.contains(grant.as_str()), "{}: no {grant}", kind.name);
        }
    }
    for mechanism in &facts.mechanisms {
        for key in (mechanism.needs.iter().flatten())
            .chain(&mechanism.keys)
            .chain(&mechanism.idle)
        {
            known_key(key, &mechanism.name);
        }
    }
    let mut tools_names = BTreeSet::new();
    for name in facts.resources.iter().flat_map(|r| &r.types) {
        assert!(tools_names.insert(name), "{name} is two resources");
    }
    for member in facts.structures.iter().flat_map(|s| &s.members) {
        let plain = ["string", "boolean", "integer", "timestamp", "list", "map"];
        assert!(
            plain.contains(&member.kind.as_str()) || structures.contains(member.kind.as_str()),
            "{}: no type {}",
            member.name,
            member.kind
        );
    }
}

fn write_tables(facts: &Facts) -> String {
    let mut out = String::new();
    let date = facts.date.as_deref().expect("properties.yaml has a date");
    let _ = writeln!(
        out,
        "/// The day on which the facts were last compared with AWS's pages."
    );
    let _ = writeln!(out, "pub const DATE: &str = {date:?};");

    let _ = writeln!(out, "pub(super) static PROPERTIES: &[Property] = &[");
    for p in &facts.properties {
        let _ = writeln!(
            out,
            "Property {{ key: {:?}, about: {:?}, format: {}, clause: {:?}, values: {}, suffix: {:?}, \
             default: {:?}, range: {:?}, types: {}, partners: {}, mistaken_for: {}, secret: {}, \
             embeds_secret: {}, output_only: {}, reserved: {}, unlisted: {}, source: {} }},",
            p.key,
            p.about,
            format_path(&p.format, &p.key),
            p.clause,
            strings(&p.values),
            p.suffix,
            p.default,
            p.range,
            strings(&p.types),
            strings(&p.partners),
            strings(&p.mistaken_for),
            p.secret,
            p.embeds_secret,
            p.output_only,
            p.reserved,
            p.unlisted,
            strings(&p.source),
        );
    }
    let _ = writeln!(out, "];");
    let (seed, slots) = slots(facts);
    let _ = writeln!(
        out,
        "/// With this seed, each key has a slot of its own.\npub(super) const SEED: u64 = {seed};\n\
         /// Indices of the properties by the slots of their keys, and more where there is none.\n\
         pub(super) static PROPERTIES_BY_SLOT: [u16; SLOTS] = {slots:?};"
    );

    let _ = writeln!(out, "pub(super) static STRUCTURES: &[Structure] = &[");
    for s in &facts.structures {
        let _ = writeln!(out, "Structure {{ name: {:?}, members: &[", s.name);
        for m in &s.members {
            let shape = match m.kind.as_str() {
                "string" => "MemberShape::String".to_owned(),
                "boolean" => "MemberShape::Boolean".to_owned(),
                "integer" => "MemberShape::Integer".to_owned(),
                "timestamp" => "MemberShape::Timestamp".to_owned(),
                "list" => "MemberShape::List".to_owned(),
                "map" => "MemberShape::Map".to_owned(),
                name => format!("MemberShape::Structure({name:?})"),
            };
            let format = m.format.as_deref().unwrap_or("text");
            let direction = match m.direction {
                Direction::Both => "Both",
                Direction::Input => "Input",
                Direction::Output => "Output",
            };
            let _ = writeln!(
                out,
                "Member {{ name: {:?}, about: {:?}, shape: {shape}, format: {}, clause: {:?}, \
                 values: {}, length: {:?}, key_length: {:?}, entries: {:?}, range: {:?}, \
                 pattern: {:?}, direction: Direction::{direction}, required_in: {}, only_in: {}, \
                 secret: {}, source: {} }},",
                m.name,
                m.about,
                format_path(format, &m.name),
                m.clause,
                strings(&m.values),
                m.length,
                m.key_length,
                m.entries,
                m.range,
                m.pattern,
                strings(&m.required_in),
                strings(&m.only_in),
                m.secret,
                strings(&m.source),
            );
        }
        let _ = writeln!(out, "] }},");
    }
    let _ = writeln!(out, "];");

    let _ = writeln!(out, "pub(super) static TYPES: &[ConnectionType] = &[");
    for t in &facts.types {
        let family = variant(
            &t.family,
            &[
                "core",
                "connector",
                "view-validation",
                "saas",
                "federated",
                "catalog",
                "rejected",
            ],
            &t.name,
        );
        let authentication = variant(
            &t.authentication,
            &["required", "expected", "optional", "unused"],
            &t.name,
        );
        let _ = writeln!(
            out,
            "ConnectionType {{ name: {:?}, about: {:?}, family: Family::{family}, unlisted: {}, \
             requires: {}, authentication: Need::{authentication}, logins: {}, grants: {}, \
             port: {:?}, source: {} }},",
            t.name,
            t.about,
            t.unlisted,
            strings(&t.requires),
            strings(&t.logins),
            strings(&t.grants),
            t.port,
            strings(&t.source),
        );
    }
    let _ = writeln!(out, "];");

    let _ = writeln!(out, "pub(super) static MECHANISMS: &[Mechanism] = &[");
    for m in &facts.mechanisms {
        let needs: Vec<String> = m.needs.iter().map(|group| strings(group)).collect();
        let _ = writeln!(
            out,
            "Mechanism {{ name: {:?}, needs: &[{}], keys: {}, idle: {}, by: {:?}, msk_ports: &{:?}, \
             mistaken_for: {}, source: {} }},",
            m.name,
            needs.join(", "),
            strings(&m.keys),
            strings(&m.idle),
            m.by,
            m.msk_ports,
            strings(&m.mistaken_for),
            strings(&m.source),
        );
    }
    let _ = writeln!(out, "];");

    let _ = writeln!(out, "pub(super) static PARTITIONS: &[Partition] = &[");
    for p in &facts.partitions {
        let _ = writeln!(
            out,
            "Partition {{ name: {:?}, dns_suffix: {:?}, region_prefixes: {}, source: {} }},",
            p.name,
            p.dns_suffix,
            strings(&p.region_prefixes),
            strings(&p.source),
        );
    }
    let _ = writeln!(out, "];");

    let _ = writeln!(out, "pub(super) static ENGINES: &[Engine] = &[");
    for e in &facts.engines {
        let _ = writeln!(
            out,
            "Engine {{ subprotocol: {:?}, title: {:?}, built_in: {}, port: {:?}, classes: {}, \
             mistaken_for: {}, source: {} }},",
            e.subprotocol,
            e.title,
            e.built_in,
            e.port,
            strings(&e.classes),
            strings(&e.mistaken_for),
            strings(&e.source),
        );
    }
    let _ = writeln!(out, "];");

    let _ = writeln!(out, "pub(super) static RESOURCES: &[Resource] = &[");
    for r in &facts.resources {
        let _ = writeln!(
            out,
            "Resource {{ name: {:?}, about: {:?}, types: {}, source: {}, attributes: &[",
            r.name,
            r.about,
            strings(&r.types),
            strings(&r.source),
        );
        for a in &r.attributes {
            let names = strings(&a.names);
            let _ = writeln!(
                out,
                "Attribute {{ names: {names}, yields: {:?} }},",
                a.yields
            );
        }
        let _ = writeln!(out, "] }},");
    }
    let _ = writeln!(out, "];");
    out
}

fn strings(list: &[String]) -> String {
    format!("&{list:?}")
}

fn format_path(name: &str, at: &str) -> String {
    match Format::from_name(name) {
        Some(format) => format!("Format::{format:?}"),
        None => panic!("{at}: no format {name}"),
    }
}

/// `view-validation` as `ViewValidation`, if it is one of `allowed`.
fn variant(name: &str, allowed: &[&str], at: &str) -> String {
    assert!(
        allowed.contains(&name),
        "{at}: {name} is none of {allowed:?}"
    );
    name.split('-')
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}
