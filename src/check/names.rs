//! Names: connection types and keys of `ConnectionProperties`.

mod spark;
mod types;

use super::{Findings, Reading, Section};
use crate::diag::{Finding, Fix};
use crate::form::{Direction, Entry, Value};
use crate::spec::near::{self, fold};
use crate::spec::{self, ConnectionType, Family, Member, MemberShape, Property, Severity, rules};
use crate::syntax::GAP;

rules! {
    /// A connection type that AWS's lists lack.
    UNKNOWN_CONNECTION_TYPE = "unknown-connection-type", Warning, since "0.1.0";
    /// A connection type that is right but for its case.
    CONNECTION_TYPE_IN_WRONG_CASE = "connection-type-in-wrong-case", Error, since "0.1.0";
    /// A connection type that AWS lists and does not support.
    UNSUPPORTED_CONNECTION_TYPE = "unsupported-connection-type", Error, since "0.1.0";
    /// No type, for a connection that is not of the one which is taken for granted.
    CONNECTION_TYPE_LEFT_OUT = "connection-type-left-out", Error, since "0.1.0";
    /// A key that AWS's lists lack.
    UNKNOWN_PROPERTY = "unknown-property", Warning, since "0.1.0";
    /// A spelling that people write in place of a key.
    MISSPELLED_PROPERTY = "misspelled-property", Error, since "0.1.0";
    /// A key that is right but for case or separators.
    PROPERTY_IN_WRONG_CASE = "property-in-wrong-case", Error, since "0.1.0";
    /// An option of a Spark job among the keys of a connection.
    SPARK_OPTION_AS_PROPERTY = "spark-option-as-property", Warning, since "0.1.0";
    /// A key that AWS's list lacks, where a tool takes that list's keys alone.
    PROPERTY_UNKNOWN_TO_TERRAFORM = "property-unknown-to-terraform", Info, since "0.1.0";
    /// A key that only other connection types take.
    PROPERTY_OF_ANOTHER_TYPE = "property-of-another-type", Warning, since "0.1.0";
    /// A key that AWS keeps for itself.
    RESERVED_PROPERTY = "reserved-property", Info, since "0.1.0";
    /// A member of the connection among the keys of `ConnectionProperties`.
    MEMBER_INSIDE_PROPERTIES = "member-inside-properties", Error, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    types::check(reading, findings);
    for entry in reading.properties.entries() {
        if let Some(fault) = Fault::of(reading, entry) {
            findings.add(fault.finding(reading, entry));
        }
    }
}

/// Whether a tool refuses keys that AWS's list lacks: the provider of `aws_glue_connection` does, in
/// every plan. It knows `SparkProperties` as a key, for want of such an argument. How far newer
/// versions, which know how to log in, still refuse keys is not established.
fn takes_listed_only(reading: &Reading<'_>) -> bool {
    let facets = reading.facets();
    facets.dialect == "terraform"
        && !facets.resolved
        && facets.spelled("SparkProperties") == "SparkProperties"
        && matches!(reading.authentication, Section::Missing)
}

/// Whether AWS's list lacks a key, or the provider's own addition to it does.
fn is_unlisted(name: &str) -> bool {
    name != "SparkProperties" && spec::property(name).is_none_or(|fact| fact.unlisted)
}

/// What the names of types begin with that an account registers for itself.
const REGISTERED: &str = "REST-";

/// Whether a name holds what some other tool replaces.
fn holds_marker(name: &str) -> bool {
    name.contains(GAP) || ["${", "{{", "{%"].iter().any(|mark| name.contains(mark))
}

/// Whether a key is certainly not there, not even under a name that is meant for it: that such a
/// name is wrong says another rule.
pub(super) fn is_missing(reading: &Reading<'_>, key: &str) -> bool {
    reading.property(key).is_absent()
}

/// The keys that stand there under a wrong name, as far as a rule says so.
pub(super) fn misnamed(reading: &Reading<'_>) -> Vec<&'static str> {
    (reading.properties.entries().iter())
        .filter(|entry| spec::property(&entry.name).is_none())
        .filter_map(|entry| Fault::of(reading, entry)?.meant())
        .collect()
}

/// Whether an error says that a member stands among the keys of `ConnectionProperties`.
pub(super) fn is_inside_properties(reading: &Reading<'_>, member: &str) -> bool {
    let mut entries = reading.properties.entries().iter();
    entries.any(|entry| {
        entry.name == member && matches!(Fault::of(reading, entry), Some(Fault::Member(_)))
    })
}

/// Whether an entry of `ConnectionProperties` is a member of the connection, of which a rule says
/// that it does not belong there.
pub(super) fn is_misplaced(reading: &Reading<'_>, entry: &Entry<'_>) -> bool {
    let connection = spec::structure("Connection");
    connection.is_some_and(|it| it.member(&entry.name).is_some())
        && Fault::of(reading, entry).is_some()
}

/// How far the keys are known that a connection takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keys {
    /// All of them: JDBC, KAFKA and MONGODB.
    Listed,
    /// It needs none at all: NETWORK.
    Unused,
    /// The documented ones and whatever a connector makes of others.
    Connector,
    /// The documented ones and others that no page lists.
    Open,
    /// Its type is missing.
    Untyped,
    /// Its type is not known, or not listed.
    Unknown,
    /// Whatever its account registered for the type.
    Registered,
}

impl Keys {
    fn of(reading: &Reading<'_>) -> Keys {
        let Some(kind) = reading.kind else {
            let fields = &reading.connection.fields;
            let name = reading.connection.field("ConnectionType");
            return match name.and_then(Value::known) {
                Some(name) if name.starts_with(REGISTERED) => Keys::Registered,
                None if fields.presence("ConnectionType").is_absent() => Keys::Untyped,
                _ => Keys::Unknown,
            };
        };
        match kind.family {
            Family::Core if kind.name == "NETWORK" => Keys::Unused,
            Family::Core => Keys::Listed,
            Family::Connector => Keys::Connector,
            _ => Keys::Open,
        }
    }
}

/// What is wrong with the name of a key. A key has one fault at most.
enum Fault {
    UnknownToTerraform,
    Reserved,
    OfAnotherType(&'static Property),
    Member(&'static Member),
    SparkOption(Option<&'static Property>),
    Misspelled(&'static Property),
    InOtherCase(&'static Property),
    Unknown(Option<&'static str>),
}

impl Fault {
    fn of(reading: &Reading<'_>, entry: &Entry<'_>) -> Option<Fault> {
        let is_accepted = reading.overlay.properties.contains(entry.name.as_ref());
        if is_accepted || entry.value.is_absent() == Some(true) {
            return None;
        }
        Fault::in_name(reading, entry).or_else(|| {
            let is_refused = takes_listed_only(reading)
                && is_unlisted(&entry.name)
                && !entry.name.is_empty()
                && !holds_marker(&entry.name);
            is_refused.then_some(Fault::UnknownToTerraform)
        })
    }

    /// What is wrong with the name, whatever the tool.
    fn in_name(reading: &Reading<'_>, entry: &Entry<'_>) -> Option<Fault> {
        let keys = Keys::of(reading);
        if let Some(fact) = spec::property(&entry.name) {
            // On a NETWORK connection every key is one too many, which another rule says.
            return match keys {
                Keys::Unused => None,
                _ if fact.reserved => Some(Fault::Reserved),
                Keys::Listed => is_foreign(reading, entry, fact)
                    .then_some(fact)
                    .map(Fault::OfAnotherType),
                _ => None,
            };
        }
        if let Some(member) = misplaced_member(keys, entry) {
            return Some(Fault::Member(member));
        }
        if matches!(keys, Keys::Unused | Keys::Registered) || holds_marker(&entry.name) {
            return None;
        }
        if keys == Keys::Listed && spark::is_option(&entry.name) {
            let meant = misspelled(reading, &entry.name).filter(|fact| takes(reading, fact));
            return Some(Fault::SparkOption(meant));
        }
        if let Some(fact) = misspelled(reading, &entry.name)
            && may_be_meant(reading, keys, fact, &entry.name)
        {
            return Some(Fault::Misspelled(fact));
        }
        let folded = fold(&entry.name);
        let same = |fact: &&Property| fold(fact.key) == folded;
        if let Some(fact) = spec::properties().iter().find(same) {
            return match keys {
                Keys::Listed if takes(reading, fact) => Some(Fault::InOtherCase(fact)),
                Keys::Listed => is_foreign(reading, entry, fact)
                    .then_some(fact)
                    .map(Fault::OfAnotherType),
                Keys::Connector if is_free(reading, fact) => Some(Fault::InOtherCase(fact)),
                Keys::Open if belongs_to(fact, reading.kind) => Some(Fault::InOtherCase(fact)),
                Keys::Open if takes(reading, fact) && is_absent(reading, fact.key) => {
                    Some(Fault::Unknown(Some(fact.key)))
                }
                _ => None,
            };
        }
        if keys != Keys::Listed {
            return (required(reading, &entry.name))
                .or_else(|| slipped(reading, keys, &entry.name))
                .map(|key| Fault::Unknown(Some(key)));
        }
        let near = nearest_key(reading, &entry.name);
        // AWS may answer with a key that the list does not have yet.
        (near.is_some() || reading.is_authored()).then_some(Fault::Unknown(near))
    }

    /// The key that is meant.
    fn meant(self) -> Option<&'static str> {
        match self {
            Fault::SparkOption(Some(fact)) | Fault::Misspelled(fact) | Fault::InOtherCase(fact) => {
                Some(fact.key)
            }
            Fault::Unknown(near) => near,
            _ => None,
        }
    }

    fn finding(self, reading: &Reading<'_>, entry: &Entry<'_>) -> Finding {
        let name = reading.quote_name(entry);
        let place = entry.key;
        match self {
            Fault::UnknownToTerraform => Finding::new(
                &PROPERTY_UNKNOWN_TO_TERRAFORM,
                place,
                format!(
                    "{name} is not among the keys that the Terraform provider accepted on {}, and it \
                     rejects others in the plan",
                    spec::DATE
                ),
            )
            .help(
                "Use `awscc_glue_connection`, or ignore this if your version of the provider is \
                 newer and takes the key.",
            ),
            Fault::Reserved => Finding::new(
                &RESERVED_PROPERTY,
                place,
                format!("{name} is reserved for future use and has no effect"),
            )
            .help("Remove the property.")
            .fix(Fix::remove(entry).unsafe_to_apply()),
            Fault::OfAnotherType(fact) => Finding::new(
                &PROPERTY_OF_ANOTHER_TYPE,
                place,
                format!(
                    "{} does not use {name}, which belongs to {}",
                    with_type(reading),
                    owners(fact)
                ),
            )
            .help(instead(reading, fact))
            .fix(url_renamed(reading, entry)),
            Fault::Member(member) => Finding::new(
                &MEMBER_INSIDE_PROPERTIES,
                place,
                format!(
                    "{name} is a member of the connection, not a key of `ConnectionProperties`"
                ),
            )
            .help(where_to(reading, member))
            .fix(moved_to_connection(reading, entry, member.name)),
            Fault::SparkOption(meant) => Finding::new(
                &SPARK_OPTION_AS_PROPERTY,
                place,
                format!("{name} is an option of Spark jobs, which AWS Glue does not read here"),
            )
            .help(match meant {
                Some(fact) => rename(reading, entry, fact),
                None => spark::advice(reading, &entry.name),
            }),
            Fault::Misspelled(fact) => misspelled_finding(reading, entry, fact),
            Fault::InOtherCase(fact) => Finding::new(
                &PROPERTY_IN_WRONG_CASE,
                place,
                format!(
                    "{name} must be spelled exactly `{}` for AWS Glue to read it",
                    fact.key
                ),
            )
            .severity(weight(reading, fact))
            .help(rename(reading, entry, fact))
            .fix(renaming(reading, entry, fact)),
            Fault::Unknown(near) => Finding::new(
                &UNKNOWN_PROPERTY,
                place,
                format!(
                    "{name} is not one of the properties that AWS listed on {}",
                    spec::DATE
                ),
            )
            .severity(match near {
                Some(near) if is_missed(reading, near) => Severity::Error,
                _ => Severity::Warning,
            })
            .help(match near {
                Some(near) if reading.property(near).is_here() => {
                    format!("Remove it if it means the same as `{near}`, which is also set.")
                }
                Some(near) if is_missed(reading, near) => format!(
                    "Rename it to `{near}`, which {} connections need.",
                    reading.kind.map_or("", |kind| kind.name)
                ),
                Some(near) => format!("Write `{near}` if that is meant."),
                None => "Remove it, or check its name in the AWS documentation.".to_owned(),
            })
            .fix(near.map(|near| Fix::rename(entry, near).unsafe_to_apply())),
        }
    }
}

/// Whether a key belongs to other connection types only, and so that it tells of a mistake.
fn is_foreign(reading: &Reading<'_>, entry: &Entry<'_>, fact: &Property) -> bool {
    if fact.types.is_empty() || takes(reading, fact) || fact.output_only {
        return false;
    }
    match fact.key {
        // The console writes these switches on every type. Only one that is on tells of a mistake;
        // that JDBC_ENFORCE_SSL has no effect on MongoDB is not established.
        "JDBC_ENFORCE_SSL" if reading.is("MONGODB") => false,
        "JDBC_ENFORCE_SSL" | "KAFKA_SSL_ENABLED" | "ENFORCE_SSL" => {
            (entry.value.known()).is_some_and(|value| !value.eq_ignore_ascii_case("false"))
        }
        // A rule of its own says what the URL of a JDBC connection is called.
        "CONNECTION_URL" => !reading.is("JDBC"),
        _ => true,
    }
}

/// Whether the connection's type is documented to take a key, as far as its type is known.
fn takes(reading: &Reading<'_>, fact: &Property) -> bool {
    fact.types.is_empty() || belongs_to(fact, reading.kind)
}

fn belongs_to(fact: &Property, kind: Option<&ConnectionType>) -> bool {
    kind.is_some_and(|kind| fact.types.contains(&kind.name))
}

/// Whether a connector is documented to take a key and does not have it yet. A connector may have
/// keys of its own, so that another spelling beside the right one is none of our business.
fn is_free(reading: &Reading<'_>, fact: &Property) -> bool {
    belongs_to(fact, reading.kind) && is_absent(reading, fact.key)
}

/// Whether a key is certainly not there, under its right name.
fn is_absent(reading: &Reading<'_>, key: &str) -> bool {
    reading.properties.presence(key).is_absent()
}

/// Whether the connection's type cannot do without a key.
fn is_required(reading: &Reading<'_>, key: &str) -> bool {
    (reading.kind).is_some_and(|kind| kind.requires.contains(&key))
}

/// Whether the connection cannot do without a key that it does not have: one that its type requires, or
/// the URL of a JDBC connection that names no host.
fn is_missed(reading: &Reading<'_>, key: &str) -> bool {
    let is_target =
        key == "JDBC_CONNECTION_URL" && reading.is("JDBC") && is_absent(reading, "HOST");
    is_absent(reading, key) && (is_required(reading, key) || is_target)
}

/// The key for which a name is meant that may be good, where no list has all names: one that the
/// connection needs and does not have.
fn required(reading: &Reading<'_>, name: &str) -> Option<&'static str> {
    let required = reading.kind?.requires.iter().copied();
    near::nearest(name, required.filter(|key| is_absent(reading, key)))
}

/// The key that the connection may have, does not have, and of which the name is a slip or what
/// people write in its place: where no list has all names too, that is no coincidence.
fn slipped(reading: &Reading<'_>, keys: Keys, name: &str) -> Option<&'static str> {
    if !matches!(keys, Keys::Open | Keys::Connector) {
        return None;
    }
    let free = (spec::properties().iter())
        .filter(|fact| takes(reading, fact) && is_absent(reading, fact.key));
    let known_slip =
        |fact: &&Property| belongs_to(fact, reading.kind) && fact.mistaken_for.contains(&name);
    (free.clone().find(known_slip).map(|fact| fact.key))
        .or_else(|| near::slip(name, free.map(|fact| fact.key)))
}

/// The member of the connection that stands among the keys.
fn misplaced_member(keys: Keys, entry: &Entry<'_>) -> Option<&'static Member> {
    if matches!(keys, Keys::Connector | Keys::Unknown | Keys::Registered) {
        return None;
    }
    spec::structure("Connection")?.member(&entry.name)
}

/// The key in whose place people write that name: one that the connection's type takes, if there
/// is one.
fn misspelled(reading: &Reading<'_>, name: &str) -> Option<&'static Property> {
    let meant = |fact: &&Property| {
        is_title(fact, name)
            || (fact.mistaken_for.iter()).any(|other| other.eq_ignore_ascii_case(name))
    };
    let mut all = spec::properties().iter().filter(meant);
    let first = all.clone().next()?;
    Some(all.find(|fact| takes(reading, fact)).unwrap_or(first))
}

/// Whether that is the name under which AWS's page lists a key that is called something else.
fn is_title(fact: &Property, name: &str) -> bool {
    fact.key != name && fact.clause == Some(name)
}

/// Spellings that are mistakes on any type.
const ALWAYS_MISTAKEN: &[&str] = &[
    "USER_NAME",
    "SECRET_ARN",
    "CONNECTION_TYPE",
    "JDBC_URL",
    "AUTHENTICATION_SECRET_ARN",
];

/// Whether a spelling may be taken for a key, given how much is known about the others.
fn may_be_meant(reading: &Reading<'_>, keys: Keys, fact: &Property, name: &str) -> bool {
    match keys {
        Keys::Listed => true,
        Keys::Connector => is_free(reading, fact),
        Keys::Open if is_required(reading, fact.key) => is_free(reading, fact),
        Keys::Open | Keys::Untyped | Keys::Unknown => ALWAYS_MISTAKEN.contains(&name),
        Keys::Unused | Keys::Registered => false,
    }
}

/// How bad it is that a key has the wrong name. A connector may know the name after all, unless
/// the right one is required.
fn weight(reading: &Reading<'_>, fact: &Property) -> Severity {
    match Keys::of(reading) {
        Keys::Connector if !is_required(reading, fact.key) => Severity::Warning,
        Keys::Unknown | Keys::Untyped => Severity::Warning,
        _ => Severity::Error,
    }
}

fn misspelled_finding(
    reading: &Reading<'_>,
    entry: &Entry<'_>,
    fact: &'static Property,
) -> Finding {
    let name = reading.quote_name(entry);
    let is_known = reading.kind.is_some();
    // Of a federated source, no list says that it does not know the name.
    let is_certain = Keys::of(reading) != Keys::Open || ALWAYS_MISTAKEN.contains(&&*entry.name);
    let severity = match is_certain {
        true => weight(reading, fact),
        false => Severity::Warning,
    };
    let finding = |message: String, help: String| {
        Finding::new(&MISSPELLED_PROPERTY, entry.key, message)
            .severity(severity)
            .help(help)
    };
    if is_title(fact, &entry.name) {
        return finding(
            format!(
                "{name} is only the heading in the AWS documentation: AWS Glue reads `{}`",
                fact.key
            ),
            rename(reading, entry, fact),
        )
        .fix(renaming(reading, entry, fact));
    }
    if entry.name == "CONNECTION_TYPE" && is_known && !belongs_to(fact, reading.kind) {
        return finding(
            format!(
                "{name} is not a key of `ConnectionProperties`: the type is `ConnectionType`, \
                 beside them"
            ),
            "Remove the property.".to_owned(),
        )
        .fix(Fix::remove(entry).unsafe_to_apply());
    }
    if Keys::of(reading) == Keys::Listed && !takes(reading, fact) {
        return finding(
            format!(
                "AWS Glue does not know {name}, and `{}` belongs to {}",
                fact.key,
                owners(fact)
            ),
            instead(reading, fact),
        );
    }
    finding(
        format!(
            "AWS Glue does not know {name}: the property is called `{}`",
            fact.key
        ),
        rename(reading, entry, fact),
    )
    .fix(renaming(reading, entry, fact).safe_if(is_near(&entry.name, fact)))
}

/// Whether a name can hardly be meant for another key.
fn is_near(name: &str, fact: &Property) -> bool {
    near::nearest(name, spec::properties().iter().map(|fact| fact.key)) == Some(fact.key)
}

/// The fix that [`rename`] advises. A connector may know the name after all.
fn renaming(reading: &Reading<'_>, entry: &Entry<'_>, fact: &Property) -> Fix {
    if reading.property(fact.key).is_here() {
        return Fix::remove(entry).unsafe_to_apply();
    }
    let is_certain = weight(reading, fact) == Severity::Error;
    Fix::rename(entry, fact.key).safe_if(is_certain)
}

/// Advice to give a key its right name, unless another entry has it.
fn rename(reading: &Reading<'_>, entry: &Entry<'_>, fact: &Property) -> String {
    if reading.property(fact.key).is_here() {
        format!(
            "Remove {}: `{}` is also set.",
            reading.quote_name(entry),
            fact.key
        )
    } else {
        format!("Rename it to `{}`.", fact.key)
    }
}

/// Where a member belongs.
fn where_to(reading: &Reading<'_>, member: &Member) -> String {
    if member.direction == spec::Direction::Output
        && reading.facets().direction == Direction::Authored
    {
        return "Remove it: AWS sets this member itself.".to_owned();
    }
    if (reading.connection.fields.presence(member.name)).is_here() {
        return format!(
            "Remove it: `{}` is also set beside `ConnectionProperties`.",
            member.name
        );
    }
    format!("Move `{}` up, beside `ConnectionProperties`.", member.name)
}

/// The fix that takes a text to the members of the connection, unless one of that name is there.
pub(super) fn moved_to_connection(
    reading: &Reading<'_>,
    entry: &Entry<'_>,
    member: &str,
) -> Option<Fix> {
    let fields = &reading.connection.fields;
    let removal = Fix::remove(entry).unsafe_to_apply();
    let fact = spec::structure("Connection").and_then(|structure| structure.member(member))?;
    let is_output = fact.direction == spec::Direction::Output;
    if fields.presence(member).is_here() || (reading.is_authored() && is_output) {
        return Some(removal);
    }
    if fact.shape != MemberShape::String {
        return None;
    }
    let name = reading.facets().spelled(member);
    let text = entry.value.known().filter(|_| !name.is_empty())?;
    let added = (fields.entries.iter()).find_map(|other| Fix::add_behind(other, &name, text))?;
    let title = format!("Move `{name}` to the connection");
    Some(added.and(removal).titled(title))
}

/// "a JDBC connection".
fn with_type(reading: &Reading<'_>) -> String {
    let name = reading.kind.map_or("", |kind| kind.name);
    format!("a {name} connection")
}

/// The connections that take a key, in a few words.
fn owners(fact: &Property) -> String {
    match fact.types.split_last() {
        Some((only, [])) => format!("{only} connections"),
        Some((last, others)) if others.len() < 3 => {
            format!("{} and {last} connections", others.join(", "))
        }
        _ => {
            let is_well_known = |name: &&str| {
                spec::connection_type(name)
                    .is_some_and(|kind| matches!(kind.family, Family::Core | Family::Federated))
            };
            match fact.types.iter().copied().find(is_well_known) {
                Some(example) => format!("other types, such as {example}"),
                None => "other types".to_owned(),
            }
        }
    }
}

/// Gives the URL of MongoDB the key of MongoDB.
fn url_renamed(reading: &Reading<'_>, entry: &Entry<'_>) -> Option<Fix> {
    const KEY: &str = "CONNECTION_URL";
    let is_url = entry.name == "JDBC_CONNECTION_URL"
        && (entry.value.text()).is_some_and(|text| text.as_str().starts_with("mongodb"));
    (is_url && reading.is("MONGODB") && reading.property(KEY).is_absent())
        .then(|| Fix::rename(entry, KEY).unsafe_to_apply())
}

/// What to do with a key that the connection's type does not take.
fn instead(reading: &Reading<'_>, fact: &Property) -> String {
    let kind = reading.kind.map_or("", |kind| kind.name);
    let address = match kind {
        "JDBC" => "JDBC_CONNECTION_URL",
        "MONGODB" => "CONNECTION_URL",
        _ => "KAFKA_BOOTSTRAP_SERVERS",
    };
    match (kind, fact.key) {
        ("JDBC" | "MONGODB", "DATABASE") => format!("Name the database in `{address}` instead."),
        (
            _,
            "HOST" | "PORT" | "CONNECTION_URL" | "JDBC_CONNECTION_URL" | "KAFKA_BOOTSTRAP_SERVERS",
        ) => {
            if reading.property(address).is_here() {
                format!("Remove it: `{address}` says where to connect.")
            } else {
                format!("Use `{address}` to say where to connect.")
            }
        }
        (_, "KAFKA_SASL_SCRAM_SECRETS_ARN") if reading.property("SECRET_ID").is_absent() => {
            "Name the secret in `SECRET_ID` instead.".to_owned()
        }
        _ => "Remove it, or correct the connection's type.".to_owned(),
    }
}

/// The key that a name is nearest to; one that the connection's type takes, if there is one.
fn nearest_key(reading: &Reading<'_>, name: &str) -> Option<&'static str> {
    let keys = |all: bool| {
        (spec::properties().iter())
            .filter(move |fact| all || takes(reading, fact))
            .map(|fact| fact.key)
    };
    near::nearest(name, keys(false)).or_else(|| near::nearest(name, keys(true)))
}
