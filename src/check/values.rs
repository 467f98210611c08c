//! Values of any connection: booleans, S3 locations, ARNs, Regions, class names, stray characters.

mod arns;
mod characters;
mod files;
mod regions;

use super::formats::class_name::{ClassProblem, class_name_problem};
use super::members::{Visit, members, structures};
use super::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::{Entry, Scalar, Shape, Value};
use crate::spec::{self, Family, Format, MemberShape, Rule, Severity, rules};
use crate::syntax::{Literal, Text};

pub(super) use characters::{drop_what_follows, template_marker};

rules! {
    /// A boolean that is neither true nor false.
    NOT_A_BOOLEAN = "not-a-boolean", Error, since "0.1.0";
    /// A boolean that some clients do not recognise for its capitals.
    BOOLEAN_NOT_LOWERCASE = "boolean-not-lowercase", Warning, since "0.1.0";
    /// A file that does not lie in S3, or is not written as if it did.
    NOT_AN_S3_LOCATION = "not-an-s3-location", Error, since "0.1.0";
    /// A bucket that cannot exist.
    INVALID_BUCKET_NAME = "invalid-bucket-name", Error, since "0.1.0";
    /// A bucket or a folder in place of a file.
    S3_KEY_MISSING = "s3-key-missing", Error, since "0.1.0";
    /// A file of another kind than the one that is wanted.
    WRONG_FILE_SUFFIX = "wrong-file-suffix", Error, since "0.1.0";
    /// Blanks before or behind a value.
    BLANKS_AROUND_VALUE = "blanks-around-value", Warning, since "0.1.0";
    /// Quotes that have become part of a value.
    QUOTES_AROUND_VALUE = "quotes-around-value", Warning, since "0.1.0";
    /// A character that cannot be seen, or is not what it looks like.
    INVISIBLE_CHARACTER = "invisible-character", Warning, since "0.1.0";
    /// A line break in a value of one line.
    LINE_BREAK_IN_VALUE = "line-break-in-value", Warning, since "0.1.0";
    /// A placeholder that nobody filled in.
    PLACEHOLDER_VALUE = "placeholder-value", Info, since "0.1.0";
    /// Something else in place of a Region.
    NOT_A_REGION = "not-a-region", Error, since "0.1.0";
    /// An ARN that names nothing.
    MALFORMED_ARN = "malformed-arn", Error, since "0.1.0";
    /// The ARN of something else.
    ARN_OF_ANOTHER_SERVICE = "arn-of-another-service", Error, since "0.1.0";
    /// Parts of one connection that lie in different Regions.
    MIXED_REGIONS = "mixed-regions", Warning, since "0.1.0";
    /// A name that no Java class has.
    MALFORMED_CLASS_NAME = "malformed-class-name", Error, since "0.1.0";
    /// A template's marker that stays literal.
    UNRESOLVED_TEMPLATE_MARKER = "unresolved-template-marker", Warning, since "0.1.0";
    /// A dynamic reference that nothing replaces.
    UNRESOLVABLE_REFERENCE = "unresolvable-reference", Error, since "0.1.0";
    /// A secret by a name or ARN that no secret has.
    MALFORMED_SECRET_ID = "malformed-secret-id", Error, since "0.1.0";
    /// A secret whose name ends like an ARN.
    SECRET_NAME_LIKE_ARN = "secret-name-like-arn", Info, since "0.1.0";
    /// The ARN of a secret without its six random characters.
    SECRET_ARN_WITHOUT_SUFFIX = "secret-arn-without-suffix", Warning, since "0.1.0";
}

/// A scalar of a connection, together with what the facts say of it.
#[derive(Clone, Copy, Debug)]
pub struct Site<'c> {
    /// The key or the member that holds it; `None` for a key that the facts do not know.
    pub(super) name: Option<&'static str>,
    /// What it should look like.
    pub(super) format: Format,
    /// Whether it is a value of `ConnectionProperties`.
    pub(super) is_property: bool,
    /// The suffix of a file.
    suffix: Option<&'static str>,
    /// Whether it is a credential.
    pub(super) secret: bool,
    /// The entry of `ConnectionProperties` that it is in.
    pub(super) entry: Option<&'c Entry<'c>>,
    /// The value: one branch where a condition decides.
    pub(super) value: &'c Value<'c>,
    /// What the value is.
    pub(super) scalar: &'c Scalar<'c>,
}

impl<'c> Site<'c> {
    /// What to call it in a message.
    pub(super) fn called(&self) -> String {
        self.name
            .map_or_else(|| "the value".to_owned(), |name| format!("`{name}`"))
    }

    /// Whether it is a text for people.
    pub(super) fn is_prose(&self) -> bool {
        !self.is_property && matches!(self.name, Some("Description" | "MatchCriteria"))
    }

    fn text(&self) -> &'c Text<'c> {
        &self.scalar.text
    }
}

/// Every scalar of a connection: the values of its properties, and those of its members.
pub(super) fn sites<'c>(reading: &Reading<'c>) -> Vec<Site<'c>> {
    let mut sites = Vec::new();
    for entry in reading.properties.entries() {
        let fact = spec::property(&entry.name);
        scalars(&entry.value, MemberShape::String, &mut |value, scalar| {
            sites.push(Site {
                name: fact.map(|fact| fact.key),
                format: fact.map_or(Format::Text, |fact| fact.format),
                is_property: true,
                suffix: fact.and_then(|fact| fact.suffix),
                secret: fact.is_some_and(|fact| fact.secret),
                entry: Some(entry),
                value,
                scalar,
            });
        });
    }
    structures(reading, &mut |structure, map| {
        members(structure, map, &mut |Visit { member, value, .. }| {
            if member.name == "ConnectionProperties" {
                return;
            }
            scalars(value, member.shape, &mut |value, scalar| {
                sites.push(Site {
                    name: Some(member.name),
                    format: member.format,
                    is_property: false,
                    suffix: None,
                    secret: member.secret,
                    entry: None,
                    value,
                    scalar,
                });
            });
        });
    });
    sites
}

/// Every scalar that a value may be, or that it holds, where its shape is the documented one. What
/// else it holds is not looked into: its keys may be a credential that YAML took apart.
fn scalars<'c>(
    value: &'c Value<'c>,
    shape: MemberShape,
    each: &mut dyn FnMut(&'c Value<'c>, &'c Scalar<'c>),
) {
    for value in value.alternatives() {
        match (&value.shape, shape) {
            (Shape::Scalar(scalar), MemberShape::String) => each(value, scalar),
            (Shape::List(items), MemberShape::List) => {
                for item in items {
                    scalars(item, MemberShape::String, each);
                }
            }
            (Shape::Map(map), MemberShape::Map) => {
                for entry in &map.entries {
                    scalars(&entry.value, MemberShape::String, each);
                }
            }
            _ => {}
        }
    }
}

/// Whether the connection's type is, or may be, that of a connector: its values are templates.
pub(super) fn may_be_connector(reading: &Reading<'_>) -> bool {
    match reading.kind {
        Some(kind) => kind.family == Family::Connector,
        // An unknown word is known to be none of the connectors; an unknown text is not.
        None => (reading.connection.field("ConnectionType"))
            .is_some_and(|value| value.known().is_none()),
    }
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    for site in &reading.sites {
        judge(reading, site, findings);
    }
    regions::mixed_regions(reading, findings);
}

fn judge(reading: &Reading<'_>, site: &Site<'_>, findings: &mut Findings) {
    let text = site.text();
    let whole = text.as_str();
    // Numbers and truth values are for the rules about shapes; connectors' templates for nobody.
    if site.scalar.literal != Literal::String || whole.is_empty() || whole.starts_with("[[") {
        return;
    }
    if let Some(marker) = template_marker(whole) {
        characters::unresolved_marker(reading, site, marker, findings);
        return;
    }
    if site.secret || !is_single_line(site) {
        return;
    }
    if characters::invisible(reading, site, findings) || site.name.is_none() {
        return;
    }
    characters::look_alike(reading, site, findings);
    let trimmed = characters::around(reading, site, findings);
    let Some(trimmed) = trimmed else { return };
    if characters::placeholder(reading, site, trimmed, findings) {
        return;
    }
    match site.format {
        Format::Boolean => boolean(reading, site, findings),
        Format::S3File => files::s3_file(reading, site, trimmed, findings),
        Format::ConnectorUrl => files::connector(reading, site, trimmed, findings),
        Format::ClassName | Format::ConnectorClass => class_name(reading, site, trimmed, findings),
        Format::Region => arns::region(reading, site, trimmed, findings),
        Format::RoleArn => arns::arn(reading, site, trimmed, &arns::ROLE, findings),
        Format::KmsKeyArn => arns::arn(reading, site, trimmed, &arns::KEY, findings),
        Format::SecretArn => arns::arn(reading, site, trimmed, &arns::SECRET, findings),
        Format::SecretId => arns::secret_id(reading, site, trimmed, findings),
        _ => {}
    }
}

/// A finding about a part of the text of a site.
fn at(rule: &'static Rule, site: &Site<'_>, part: &str, message: impl Into<String>) -> Finding {
    Finding::new(rule, site.value.place_of(part), message)
}

fn is_single_line(site: &Site<'_>) -> bool {
    match site.format {
        // Keys that the facts do not know are taken for text, but seldom are more than a line.
        Format::Text => site.name.is_none(),
        Format::JsonObject | Format::Ciphertext | Format::Timestamp => false,
        _ => true,
    }
}

// Booleans

fn boolean(reading: &Reading<'_>, site: &Site<'_>, findings: &mut Findings) {
    let Some(known) = site.text().known() else {
        return;
    };
    let quoted = || reading.quote_value(site.value);
    let called = site.called();
    let lower = known.to_ascii_lowercase();
    if lower == known && matches!(known, "true" | "false") {
        return;
    }
    let finding = if matches!(lower.as_str(), "true" | "false") {
        at(
            &BOOLEAN_NOT_LOWERCASE,
            site,
            known,
            format!(
                "{} is not lower case, and clients that compare {called} with `true` do not \
                 recognize it",
                quoted()
            ),
        )
        .help(if lower == "true" {
            "Write \"true\"."
        } else {
            "Write \"false\"."
        })
        .fix(Fix::replace(site.value, &lower))
    } else {
        let word = lower.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let (help, meant) = match word {
            "true" | "yes" | "y" | "on" | "1" | "enabled" | "enable" | "required" => {
                ("Write \"true\".", Some("true"))
            }
            "false" | "no" | "n" | "off" | "0" | "disabled" | "disable" => {
                ("Write \"false\".", Some("false"))
            }
            _ => ("Write \"true\" or \"false\".", None),
        };
        // Only the words of YAML 1.1 are certain to be truth values.
        let is_certain = ["true", "yes", "on", "false", "no", "off"].contains(&word);
        let fix = meant.and_then(|meant| Fix::replace(site.value, meant));
        at(
            &NOT_A_BOOLEAN,
            site,
            known,
            format!(
                "{} is neither `true` nor `false`, the only values of {called}",
                quoted()
            ),
        )
        .help(help)
        .fix(fix.map(|fix| fix.safe_if(is_certain)))
    };
    findings.add_at(site.value, finding);
}

// Classes

fn class_name(reading: &Reading<'_>, site: &Site<'_>, inside: &str, findings: &mut Findings) {
    let Some(problem) = class_name_problem(inside) else {
        return;
    };
    // What a JDBC connector implements is a driver.
    let is_jdbc =
        || (reading.known("CONNECTOR_TYPE")).is_some_and(|it| it.eq_ignore_ascii_case("jdbc"));
    let is_driver = site.format == Format::ClassName || is_jdbc();
    let quoted = |part: &str| reading.quote(site.text(), part);
    let called = site.called();
    let (part, message, help) = match problem {
        ClassProblem::FileSuffix(part) => (
            part,
            format!(
                "{called} is the name of a class, not of a file that ends in {}",
                quoted(part)
            ),
            "Write the package and the class, separated by dots.",
        ),
        ClassProblem::Slash(_) => (
            inside,
            format!(
                "{} has slashes, but the parts of {called} are separated by dots",
                quoted(inside)
            ),
            "Write the package and the class, separated by dots.",
        ),
        ClassProblem::Character(part) if is_driver => (
            part,
            format!(
                "{} is not allowed in {called}, the name of a class",
                quoted(part)
            ),
            "Write the package and the class, such as `org.postgresql.Driver`.",
        ),
        ClassProblem::Word(part) if is_driver => (
            part,
            format!(
                "{} is not valid in {called}: the parts of a class name are separated by single \
                 dots",
                quoted(part)
            ),
            "Write the package and the class, such as `org.postgresql.Driver`.",
        ),
        ClassProblem::Unqualified if is_driver => (
            inside,
            format!(
                "{} has no package, but every driver class has one",
                quoted(inside)
            ),
            "Write the package and the class, such as `org.postgresql.Driver`.",
        ),
        ClassProblem::Character(part) if part.trim().is_empty() => (
            part,
            format!("{called} contains whitespace, but the name of a class or a format has none"),
            "Write the class of the connector, or the short name of its format.",
        ),
        // A connector may also go by a short alias.
        _ => return,
    };
    let is_certain = site.format == Format::ClassName && problem != ClassProblem::Unqualified;
    let severity = if is_certain {
        Severity::Error
    } else {
        Severity::Warning
    };
    findings.add_at(
        site.value,
        at(&MALFORMED_CLASS_NAME, site, part, message)
            .severity(severity)
            .help(help)
            .fix(match problem {
                ClassProblem::Slash(_) => Fix::replace(site.value, &inside.replace('/', ".")),
                _ => None,
            }),
    );
}
