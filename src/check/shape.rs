//! Members: known ones, once each, in the right container, travelling the right way.

use super::members::{Visit, members, structures};
use super::{Findings, Reading, names, words};
use crate::diag::{Finding, Fix};
use crate::form::{Direction, Entry, Map, Shape, Typing, Value};
use crate::spec::near::fold;
use crate::spec::{self, Member, MemberShape, Structure, rules};

rules! {
    /// A member that the structure does not have.
    UNKNOWN_MEMBER = "unknown-member", Error, since "0.1.0";
    /// A member in the spelling of another tool.
    MEMBER_IN_FOREIGN_CASING = "member-in-foreign-casing", Error, since "0.1.0";
    /// The resource's name, which CloudFormation alone may set.
    READ_ONLY_NAME = "read-only-name", Error, since "0.1.0";
    /// A list where a map is wanted, and the like.
    WRONG_CONTAINER = "wrong-container", Error, since "0.1.0";
    /// `[{Key, Value}]` where a map is wanted.
    PAIRS_INSTEAD_OF_MAP = "pairs-instead-of-map", Error, since "0.1.0";
    /// `ConnectionProperties` as text that is no JSON object.
    PROPERTIES_NOT_AN_OBJECT = "properties-not-an-object", Error, since "0.1.0";
    /// Two entries of one name.
    DUPLICATE_KEY = "duplicate-key", Error, since "0.1.0";
    /// What only AWS's answers hold.
    OUTPUT_MEMBER_IN_INPUT = "output-member-in-input", Error, since "0.1.0";
    /// What only requests hold.
    INPUT_MEMBER_IN_OUTPUT = "input-member-in-output", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    structures(reading, &mut |structure, map| {
        duplicates(reading, map, findings);
        for entry in &map.entries {
            match structure.member(&entry.name) {
                Some(member) => direction(reading, member, entry, findings),
                None => unknown(reading, structure, map, entry, findings),
            }
        }
        members(structure, map, &mut |visit| {
            container(reading, &visit, findings);
            if let (MemberShape::Map, Shape::Map(map)) = (visit.member.shape, &visit.value.shape) {
                duplicates(reading, map, findings);
            }
        });
    });
}

/// The entries whose name stands more than once, name by name, each in the order of the document.
pub(super) fn of_one_name<'c, 't>(map: &'c Map<'t>) -> Vec<Vec<&'c Entry<'t>>> {
    let mut order: Vec<&Entry<'t>> = map.entries.iter().collect();
    order.sort_by(|a, b| a.name.cmp(&b.name));
    (order.chunk_by(|a, b| a.name == b.name))
        .filter(|group| group.len() > 1)
        .map(<[_]>::to_vec)
        .collect()
}

fn duplicates(reading: &Reading<'_>, map: &Map<'_>, findings: &mut Findings) {
    let groups = of_one_name(map);
    for pair in groups.iter().flat_map(|group| group.windows(2)) {
        let [first, second] = pair else { continue };
        findings.add(
            Finding::new(
                &DUPLICATE_KEY,
                second.key,
                format!(
                    "{} is repeated: parsers silently keep one of the two and drop the other",
                    reading.quote_name(second)
                ),
            )
            .label(first.key, "also here")
            .help("Keep the one that is meant, and remove the other."),
        );
    }
}

fn unknown(
    reading: &Reading<'_>,
    structure: &'static Structure,
    map: &Map<'_>,
    entry: &Entry<'_>,
    findings: &mut Findings,
) {
    // What AWS answers with is AWS's to say: it may have added a member since.
    if !reading.is_authored() {
        return;
    }
    let name = reading.quote_name(entry);
    if structure.name == "CloudFormationProperties" && entry.name == "Name" {
        findings.add(
            Finding::new(
                &READ_ONLY_NAME,
                entry.key,
                "`Name` beside `ConnectionInput` is read-only: CloudFormation sets it itself",
            )
            .help("Write the name inside `ConnectionInput`.")
            .fix(names::moved_to_connection(reading, entry, "Name")),
        );
        return;
    }
    let meant = structure.meant(&entry.name);
    let is_alike = |member: &&Member| fold(member.name) == fold(&entry.name);
    if let Some(member) = meant.filter(is_alike) {
        let is_set = map.get(member.name).is_some();
        let member = reading.facets().spelled(member.name);
        let finding = Finding::new(
            &MEMBER_IN_FOREIGN_CASING,
            entry.key,
            format!("{name} must be spelled `{member}` here"),
        );
        findings.add(if is_set {
            (finding.help(format!("Remove it: `{member}` is also set.")))
                .fix(Fix::remove(entry).unsafe_to_apply())
        } else {
            (finding.help(format!("Write `{member}`."))).fix(Fix::rename(entry, &member))
        });
        return;
    }
    let finding = Finding::new(
        &UNKNOWN_MEMBER,
        entry.key,
        format!("{} has no member {name}", title(reading, structure.name)),
    );
    findings.add(
        if let Some(help) = elsewhere(reading, structure, &entry.name) {
            finding.help(help)
        } else if let Some(member) = meant {
            let here = reading.facets().spelled(member.name);
            (finding.help(format!("Did you mean `{}`?", member.name)))
                .fix(Fix::rename(entry, &here).unsafe_to_apply())
        } else {
            let known: Vec<&str> = (structure.members.iter())
                .filter(|member| member.direction != spec::Direction::Output)
                .map(|member| member.name)
                .collect();
            finding.help(format!("Its members are {}.", words::and(&known)))
        },
    );
}

/// Where a member of that name belongs, if another structure of the document has one.
fn elsewhere(reading: &Reading<'_>, structure: &Structure, name: &str) -> Option<String> {
    let has = |other: &str| {
        other != structure.name
            && spec::structure(other).is_some_and(|other| other.member(name).is_some())
    };
    let connection = reading.connection.structure;
    if !reading.connection.is_described() {
        let filter = "GetConnectionsFilter";
        return (connection == "GetConnectionsRequest" && has(filter))
            .then(|| "Move it into `Filter`.".to_owned());
    }
    let is_test = connection == "TestConnectionInput";
    let input = if is_test {
        "TestConnectionInput"
    } else {
        "ConnectionInput"
    };
    let envelope = reading.connection.envelope.as_ref().map(|e| e.structure);
    if has(connection) {
        return Some(if envelope == Some(structure.name) {
            format!("Move it into `{input}`.")
        } else {
            "Move it to the connection itself, where it belongs.".to_owned()
        });
    }
    if envelope.is_some_and(has) {
        return Some(format!("Move it out of `{input}`, beside it."));
    }
    if envelope.is_none() && has("CreateConnectionRequest") {
        return Some("Move it to the request, beside `ConnectionInput`.".to_owned());
    }
    // A test knows no network of its own.
    let sections = SECTIONS
        .iter()
        .filter(|section| !(is_test && **section == "PhysicalConnectionRequirements"));
    for section in sections {
        if has(section) {
            return Some(format!("Move it to `{section}`, where it belongs."));
        }
    }
    (spec::property(name).is_some())
        .then(|| "Move it to `ConnectionProperties`, where it belongs.".to_owned())
}

/// The structures inside a connection.
const SECTIONS: &[&str] = &[
    "PhysicalConnectionRequirements",
    "AuthenticationConfiguration",
    "OAuth2Properties",
    "OAuth2ClientApplication",
    "AuthorizationCodeProperties",
    "OAuth2Credentials",
    "BasicAuthenticationCredentials",
];

/// What people call a structure.
fn title(reading: &Reading<'_>, name: &'static str) -> &'static str {
    match name {
        "Connection" if reading.connection.envelope.is_some() => "`ConnectionInput`",
        "Connection" => "a connection",
        "TestConnectionInput" => "`TestConnectionInput`",
        "CloudFormationProperties" => "`AWS::Glue::Connection`",
        "CreateConnectionRequest" => "a create-connection request",
        "UpdateConnectionRequest" => "an update-connection request",
        "TestConnectionRequest" => "a test-connection request",
        "GetConnectionRequest" => "a get-connection request",
        "GetConnectionsRequest" => "a get-connections request",
        "GetConnectionsFilter" => "`Filter`",
        "BatchDeleteConnectionRequest" => "a batch-delete-connection request",
        "PhysicalConnectionRequirements" => "`PhysicalConnectionRequirements`",
        "AuthenticationConfiguration" => "`AuthenticationConfiguration`",
        "OAuth2Properties" => "`OAuth2Properties`",
        "OAuth2ClientApplication" => "`OAuth2ClientApplication`",
        "OAuth2Credentials" => "`OAuth2Credentials`",
        "AuthorizationCodeProperties" => "`AuthorizationCodeProperties`",
        "BasicAuthenticationCredentials" => "`BasicAuthenticationCredentials`",
        other => other,
    }
}

fn direction(reading: &Reading<'_>, member: &Member, entry: &Entry<'_>, findings: &mut Findings) {
    match (reading.facets().direction, member.direction) {
        (Direction::Authored, spec::Direction::Output) => findings.add(
            Finding::new(
                &OUTPUT_MEMBER_IN_INPUT,
                entry.key,
                format!(
                    "`{}` occurs only in AWS responses, and a request or template that contains \
                     it is rejected",
                    member.name
                ),
            )
            .help("Remove it; it comes from a copied response.")
            .fix(Fix::remove(entry)),
        ),
        // What a tool remembers of a connection, it has sent.
        (Direction::Observed, spec::Direction::Input) if !reading.facets().resolved => findings
            .add(
                Finding::new(
                    &INPUT_MEMBER_IN_OUTPUT,
                    entry.key,
                    format!(
                        "`{}` occurs only in requests; AWS never returns it",
                        member.name
                    ),
                )
                .help("If this document is a request, wrap the connection in `ConnectionInput`."),
            ),
        _ => {}
    }
}

fn container(reading: &Reading<'_>, visit: &Visit<'_>, findings: &mut Findings) {
    let Visit { member, value, .. } = *visit;
    let wanted = match member.shape {
        MemberShape::String
        | MemberShape::Boolean
        | MemberShape::Integer
        | MemberShape::Timestamp => "a single value",
        MemberShape::List => "a list",
        MemberShape::Map | MemberShape::Structure(_) => "a map",
    };
    let refers_to_list = value.reference.as_ref().map(|reference| reference.is_list);
    let found = match (&value.shape, member.shape) {
        (Shape::Unknown, MemberShape::String) if refers_to_list == Some(true) => "a list",
        (Shape::Unknown, MemberShape::List) if refers_to_list == Some(false) => "a single value",
        (Shape::Map(_), MemberShape::Map | MemberShape::Structure(_))
        | (Shape::List(_), MemberShape::List)
        | (Shape::OneOf(_) | Shape::Absent | Shape::Unknown, _) => {
            return nested(reading, visit, findings);
        }
        (
            Shape::Scalar(_),
            MemberShape::String
            | MemberShape::Boolean
            | MemberShape::Integer
            | MemberShape::Timestamp,
        ) => return,
        // Nothing at all is for the rule about empty values.
        (Shape::Scalar(scalar), _) if scalar.literal == crate::syntax::Literal::Null => return,
        (Shape::Scalar(scalar), MemberShape::Map) if member.name == "ConnectionProperties" => {
            if reading.facets().typing == Typing::Converting && !scalar.text.has_gap() {
                return not_an_object(value, findings);
            }
            "text"
        }
        (Shape::Scalar(scalar), _) if scalar.text.has_gap() => return,
        (Shape::Scalar(_), _) => "a single value",
        (Shape::Map(_), _) => "a map",
        // The usual tags of CloudFormation have a rule of their own.
        (Shape::List(_), MemberShape::Map) if member.name == "Tags" => return,
        (Shape::List(items), MemberShape::Map) if are_pairs(items) => {
            findings.add(
                Finding::new(
                    &PAIRS_INSTEAD_OF_MAP,
                    visit.entry.key,
                    format!(
                        "`{}` is a list of pairs here, but AWS takes a map of keys to values",
                        member.name
                    ),
                )
                .help("Write each pair as one entry: `KEY: value`.")
                .fix(Fix::pairs_to_map(visit.entry).unsafe_to_apply()),
            );
            return;
        }
        (Shape::List(_), _) => "a list",
    };
    findings.add(
        Finding::new(
            &WRONG_CONTAINER,
            visit.entry.key,
            format!("`{}` is {found} here, but AWS takes {wanted}", member.name),
        )
        .help(match member.shape {
            MemberShape::String if refers_to_list == Some(true) => {
                "Refer to a single one of them.".to_owned()
            }
            MemberShape::List => {
                format!(
                    "Write a list, even for a single item: `{}: [...]`.",
                    member.name
                )
            }
            MemberShape::Map | MemberShape::Structure(_) => {
                "Write a map of keys to values.".to_owned()
            }
            _ => "Write a single value, without brackets or dashes.".to_owned(),
        })
        .fix(wrapped(member, visit.entry, value)),
    );
}

/// Makes a list of its only item, or takes the only item out of a list.
fn wrapped(member: &Member, entry: &Entry<'_>, value: &Value<'_>) -> Option<Fix> {
    if !std::ptr::eq(&entry.value, value) {
        return None;
    }
    match (&value.shape, member.shape) {
        (Shape::Scalar(_), MemberShape::List) => {
            let is_one = value.known().is_some_and(|text| !text.contains([',', ' ']));
            is_one.then(|| Fix::wrap(value).unsafe_to_apply())
        }
        (Shape::List(items), MemberShape::Map | MemberShape::Structure(_)) => {
            let [item] = items.as_slice() else {
                return None;
            };
            item.as_map().map(|_| Fix::unwrap(entry))
        }
        _ => None,
    }
}

/// In lists and maps of strings, each item must be a single value.
fn nested(reading: &Reading<'_>, visit: &Visit<'_>, findings: &mut Findings) {
    let member = visit.member;
    let mut report = |place, name: String, found: &str, help: &str| {
        findings.add(
            Finding::new(
                &WRONG_CONTAINER,
                place,
                format!("{name} is {found} here, but AWS takes a single value"),
            )
            .help(help),
        );
    };
    let string = "Write a single string, in quotes.";
    let refers_to_list = |value: &Value<'_>| {
        value
            .reference
            .as_ref()
            .is_some_and(|reference| reference.is_list)
    };
    let container = |value: &Value<'_>| match value.shape {
        Shape::Unknown if refers_to_list(value) => Some("a list"),
        Shape::List(_) => Some("a list"),
        Shape::Map(_) => Some("a map"),
        _ => None,
    };
    match (&visit.value.shape, member.shape) {
        (Shape::List(items), MemberShape::List) => {
            for item in items.iter().flat_map(Value::alternatives) {
                if let Some(found) = container(item) {
                    let help = if refers_to_list(item) {
                        "Write the reference alone, without a list around it."
                    } else {
                        string
                    };
                    let name = format!("an entry of `{}`", member.name);
                    report(item.place, name, found, help);
                }
            }
        }
        (Shape::Map(map), MemberShape::Map) => {
            // CloudFormation declares these as any object; only the connection's own are strings.
            let free =
                reading.facets().typing != Typing::Strict && member.name != "ConnectionProperties";
            for entry in (map.entries.iter()).filter(|_| !free) {
                if !names::is_misplaced(reading, entry)
                    && let Some(found) = entry.value.alternatives().find_map(container)
                {
                    report(entry.key, reading.quote_name(entry), found, string);
                }
            }
        }
        _ => {}
    }
}

fn not_an_object(value: &Value<'_>, findings: &mut Findings) {
    let Some(text) = value.text() else { return };
    let (place, why) = match crate::form::embedded_json(text, value.place) {
        _ if text.as_str().trim().is_empty() => (value.place, "it is empty".to_owned()),
        Ok(_) => (value.place, "it is JSON, but not an object".to_owned()),
        Err((place, why)) => (place, why),
    };
    findings.add_at(
        value,
        Finding::new(
            &PROPERTIES_NOT_AN_OBJECT,
            place,
            format!("`ConnectionProperties` as a string must be a JSON object: {why}"),
        )
        .help("Write the properties as a map, which is harder to get wrong."),
    );
}

fn are_pairs(items: &[Value<'_>]) -> bool {
    let is_pair = |item: &Value<'_>| {
        item.as_map().is_some_and(|map| {
            let has = |names: &[&str]| map.entries.iter().any(|e| names.contains(&e.name.as_ref()));
            map.entries.len() == 2
                && has(&["Key", "key", "Name", "name"])
                && has(&["Value", "value"])
        })
    };
    !items.is_empty() && items.iter().all(is_pair)
}
