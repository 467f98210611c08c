//! Presence: members and properties that must be there.

use super::{Findings, Reading, Section, names, words};
use crate::diag::{Finding, Fix};
use crate::form::Map;
use crate::spec::{self, Family, Member, Severity, rules};
use crate::text::Place;

rules! {
    /// A member without which the document is refused.
    MISSING_MEMBER = "missing-member", Error, since "0.1.0";
    /// A connection whose name is left to CloudFormation.
    UNNAMED_CONNECTION = "unnamed-connection", Warning, since "0.1.0";
    /// A key without which the connection is of no use.
    MISSING_PROPERTY = "missing-property", Error, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if !reading.is_authored() {
        return;
    }
    envelope(reading, findings);
    members(reading, findings);
    authentication_type(reading, findings);
    unnamed(reading, findings);
    properties(reading, findings);
}

/// The members of a structure that must be there in such a document and are not.
fn missing<'r>(
    reading: &'r Reading<'_>,
    structure: &str,
    fields: &'r Map<'_>,
) -> impl Iterator<Item = &'static Member> + 'r {
    let dialect = reading.facets().dialect;
    let members = spec::structure(structure).map_or(&[][..], |structure| structure.members);
    (members.iter())
        .filter(move |member| member.required_in.contains(&dialect))
        .filter(move |member| fields.presence(member.name).is_absent())
}

/// Who refuses a document without a required member.
fn asker(reading: &Reading<'_>) -> &'static str {
    match reading.facets().dialect {
        "cloudformation" => "CloudFormation",
        "ansible" => "the Ansible module",
        _ => "AWS Glue",
    }
}

fn is_missing(reading: &Reading<'_>, member: &Member, place: Place) -> Finding {
    Finding::new(
        &MISSING_MEMBER,
        place,
        format!(
            "`{}` is missing, and {} rejects the connection without it",
            member.name,
            asker(reading)
        ),
    )
}

/// What stands around the connection.
fn envelope(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(envelope) = &reading.connection.envelope else {
        return;
    };
    for member in missing(reading, envelope.structure, &envelope.fields) {
        let help = match member.name {
            "CatalogId" => "Add `CatalogId: !Ref AWS::AccountId`.".to_owned(),
            "ConnectionInput" => {
                "Put the members of the connection under `ConnectionInput`.".to_owned()
            }
            name => format!("Add `{name}`."),
        };
        let input = envelope.fields.get("ConnectionInput");
        let fix = input
            .filter(|_| member.name == "CatalogId" && reading.facets().dialect == "cloudformation")
            .map(|input| Fix::add_reference(input, "CatalogId", "AWS::AccountId"));
        let finding = is_missing(reading, member, envelope.fields.key);
        findings.add(finding.help(help).fix(fix));
    }
}

fn members(reading: &Reading<'_>, findings: &mut Findings) {
    let connection = reading.connection;
    for member in missing(reading, connection.structure, &connection.fields) {
        if names::is_inside_properties(reading, member.name) {
            continue;
        }
        let finding = is_missing(reading, member, connection.fields.key);
        findings.add(match strayed(reading, member) {
            Some(place) => finding
                .label(place, "it is here, outside the connection")
                .help(format!("Move `{0}` into the connection.", member.name)),
            None => finding.help(match member.name {
                "ConnectionType" => "Add the type, such as `ConnectionType: JDBC`.",
                "ConnectionProperties" => {
                    "Add `ConnectionProperties`, as an empty map if the type needs no properties."
                }
                _ if !connection.is_described() => "Say which connection is meant.",
                _ => "Add a name, such as `Name: orders`.",
            }),
        });
    }
}

/// Where a member stands around the connection that belongs into it.
fn strayed(reading: &Reading<'_>, member: &Member) -> Option<Place> {
    let envelope = reading.connection.envelope.as_ref()?;
    let is_its_own = spec::structure(envelope.structure)?
        .member(member.name)
        .is_some();
    let entry = envelope.fields.get(member.name).filter(|_| !is_its_own)?;
    Some(entry.key)
}

/// The type of an authentication is what the API lets go, though nothing works without it.
fn authentication_type(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(fields) = reading.authentication.map() else {
        return;
    };
    let Some(structure) = spec::structure("AuthenticationConfiguration") else {
        return;
    };
    let required = (structure.members.iter()).filter(|member| !member.required_in.is_empty());
    for member in required {
        if !fields.presence(member.name).is_absent() {
            continue;
        }
        let help = format!("Add one of {}.", words::or(member.values));
        findings.add(if member.required_in.contains(&reading.facets().dialect) {
            is_missing(reading, member, fields.key).help(help)
        } else {
            Finding::new(
                &MISSING_MEMBER,
                fields.key,
                format!(
                    "`{}` is missing, so nothing says how the connection logs in",
                    member.name
                ),
            )
            .severity(Severity::Warning)
            .help(help)
        });
    }
}

/// Where a name is not required, AWS still advises one.
fn unnamed(reading: &Reading<'_>, findings: &mut Findings) {
    let fields = &reading.connection.fields;
    let Some(structure) = spec::structure(reading.connection.structure) else {
        return;
    };
    let is_optional = |member: &&Member| !member.required_in.contains(&reading.facets().dialect);
    let Some(name) = structure.member("Name").filter(is_optional) else {
        return;
    };
    let is_elsewhere =
        strayed(reading, name).is_some() || names::is_inside_properties(reading, name.name);
    if fields.presence(name.name).is_absent() && !is_elsewhere {
        findings.add(
            Finding::new(
                &UNNAMED_CONNECTION,
                fields.key,
                "the connection has no `Name`, and AWS warns that it may not work as expected \
                 without one",
            )
            .help("Add a name by which jobs and crawlers can refer to it, such as `Name: orders`."),
        );
    }
}

fn properties(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(kind) = reading.kind else {
        return;
    };
    // The whole map is missing, which is said already.
    if let Section::Missing = reading.properties
        && missing(
            reading,
            reading.connection.structure,
            &reading.connection.fields,
        )
        .any(|member| member.name == "ConnectionProperties")
    {
        return;
    }
    // Options in JSON text take the place of keys.
    if ["SparkProperties", "PythonProperties"]
        .iter()
        .any(|key| !reading.property(key).is_absent())
    {
        return;
    }
    let absent: Vec<&str> = (kind.requires.iter().copied())
        .filter(|key| names::is_missing(reading, key))
        .collect();
    let (message, help) = match absent.as_slice() {
        [] => return,
        [key] => (
            format!("`{key}` is missing, and {} connections need it", kind.name),
            match spec::property(key) {
                Some(fact) => format!("Add `{key}`, which {}", lower_first(fact.about)),
                None => format!("Add `{key}`."),
            },
        ),
        keys => (
            format!(
                "{} are missing, and {} connections need them",
                words::and(keys),
                kind.name
            ),
            format!("Add {}.", words::and(keys)),
        ),
    };
    let url = "JDBC_CONNECTION_URL";
    let is_confused = kind.family == Family::Federated
        && absent.contains(&"HOST")
        && reading.property(url).is_here();
    let help = if is_confused {
        format!("{help} `{url}` belongs to JDBC connections: set the type to JDBC to keep it.")
    } else {
        help
    };
    let severity = match kind.family {
        Family::Core | Family::Connector => Severity::Error,
        _ => Severity::Warning,
    };
    findings.add(
        Finding::new(&MISSING_PROPERTY, reading.properties_key(), message)
            .severity(severity)
            .help(help),
    );
}

/// A sentence of the facts as the end of another.
fn lower_first(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}
