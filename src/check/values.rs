//! Values of any connection: booleans, S3 locations, ARNs, Regions, class names, stray characters.

use super::formats::arn::{
    Arn, ArnProblem, has_region_shape, is_region, is_zone_id, partition_of, region_in_endpoint,
    region_of_zone,
};
use super::formats::class_name::{ClassProblem, class_name_problem};
use super::formats::s3::{BucketProblem, Location, NotS3, bucket_problem, parse_location};
use super::members::{Visit, members, structures};
use super::{Findings, Reading};
use crate::diag::Finding;
use crate::form::{Presence, Scalar, Shape, Value};
use crate::spec::{self, Family, Format, MemberShape, Rule, Severity, rules};
use crate::syntax::{GAP, Literal, Text};
use crate::text::Place;

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
    /// A secret by a name or ARN that no secret has.
    MALFORMED_SECRET_ID = "malformed-secret-id", Error, since "0.1.0";
    /// A secret whose name ends like an ARN.
    SECRET_NAME_LIKE_ARN = "secret-name-like-arn", Info, since "0.1.0";
    /// The ARN of a secret without its six random characters.
    SECRET_ARN_WITHOUT_SUFFIX = "secret-arn-without-suffix", Warning, since "0.1.0";
}

/// A scalar of a connection, together with what the facts say of it.
#[derive(Clone, Copy)]
pub(super) struct Site<'c> {
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

    fn text(&self) -> &'c Text<'c> {
        &self.scalar.text
    }
}

/// Every scalar of a connection: the values of its properties, and those of its members.
pub(super) fn sites<'c>(reading: &Reading<'c>) -> Vec<Site<'c>> {
    let mut found = Vec::new();
    for entry in reading.properties.entries() {
        let fact = spec::property(&entry.name);
        scalars(&entry.value, MemberShape::String, &mut |value, scalar| {
            found.push(Site {
                name: fact.map(|fact| fact.key),
                format: fact.map_or(Format::Text, |fact| fact.format),
                is_property: true,
                suffix: fact.and_then(|fact| fact.suffix),
                secret: fact.is_some_and(|fact| fact.secret),
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
                found.push(Site {
                    name: Some(member.name),
                    format: member.format,
                    is_property: false,
                    suffix: None,
                    secret: member.secret,
                    value,
                    scalar,
                });
            });
        });
    });
    found
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

/// The first marker of a template in a text: `${…}` or `{{ … }}`.
pub(super) fn template_marker(text: &str) -> Option<&str> {
    let dollar = text.find("${").map(|at| (at, "}"));
    let braces = text.find("{{").map(|at| (at, "}}"));
    let (at, close) = match (dollar, braces) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b)?,
    };
    let rest = text.get(at..)?;
    let len = rest.find(close)? + close.len();
    rest.get(..len)
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    for site in sites(reading) {
        judge(reading, &site, findings);
    }
    mixed_regions(reading, findings);
}

fn judge(reading: &Reading<'_>, site: &Site<'_>, findings: &mut Findings) {
    let text = site.text();
    let whole = text.as_str();
    // Numbers and truth values are for the rules about shapes; connectors' templates for nobody.
    if site.scalar.literal != Literal::String || whole.is_empty() || whole.starts_with("[[") {
        return;
    }
    if let Some(marker) = template_marker(whole) {
        unresolved_marker(reading, site, marker, findings);
        return;
    }
    if site.secret || !is_single_line(site) {
        return;
    }
    if invisible(reading, site, findings) || site.name.is_none() {
        return;
    }
    let trimmed = around(reading, site, findings);
    let Some(trimmed) = trimmed else { return };
    if placeholder(reading, site, trimmed, findings) {
        return;
    }
    match site.format {
        Format::Boolean => boolean(reading, site, findings),
        Format::S3File => s3_file(reading, site, trimmed, findings),
        Format::ClassName | Format::ConnectorClass => class_name(reading, site, trimmed, findings),
        Format::Region => region(reading, site, trimmed, findings),
        Format::RoleArn => arn(reading, site, trimmed, &ROLE, findings),
        Format::KmsKeyArn => arn(reading, site, trimmed, &KEY, findings),
        Format::SecretArn => arn(reading, site, trimmed, &SECRET, findings),
        Format::SecretId => secret_id(reading, site, trimmed, findings),
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

// Characters

fn unresolved_marker(
    reading: &Reading<'_>,
    site: &Site<'_>,
    marker: &str,
    findings: &mut Findings,
) {
    let is_braces = marker.starts_with("{{");
    // `${self:custom.x}` and `${aws:region}` are filled in before CloudFormation sees them.
    let is_foreign = marker.contains(':') && !marker.contains("::");
    // `${!Name}` under Fn::Sub is meant to stay literal.
    let is_escaped = site.text().span_of_part(marker).len() as usize != marker.len();
    if may_be_connector(reading) || is_escaped || (is_foreign && !is_braces) {
        return;
    }
    let called = site.called();
    let quoted = if site.secret || reading.is_secret(site.value.place) {
        "a template's marker".to_owned()
    } else {
        reading.quote(site.text(), marker)
    };
    let is_sub = !is_braces && reading.facets().dialect == "cloudformation";
    let finding = if is_sub {
        at(
            &UNRESOLVED_TEMPLATE_MARKER,
            site,
            marker,
            format!("{quoted} stays literal in {called}: CloudFormation replaces it under `Fn::Sub` alone"),
        )
        .help("Write `!Sub` before the value, or `Fn::Sub` in JSON.")
    } else {
        at(
            &UNRESOLVED_TEMPLATE_MARKER,
            site,
            marker,
            format!("{quoted} in {called} looks like a marker that nothing has replaced yet"),
        )
        .severity(Severity::Info)
        .help("Check the document that is sent to AWS, after the template is rendered.")
    };
    findings.add_at(site.value, finding);
}

/// The characters that nobody sees, or takes for others; by the names of Unicode.
const INVISIBLE: &[(char, &str)] = &[
    ('\u{A0}', "NO-BREAK SPACE"),
    ('\u{AD}', "SOFT HYPHEN"),
    ('\u{2002}', "EN SPACE"),
    ('\u{2003}', "EM SPACE"),
    ('\u{2007}', "FIGURE SPACE"),
    ('\u{2009}', "THIN SPACE"),
    ('\u{200B}', "ZERO WIDTH SPACE"),
    ('\u{200C}', "ZERO WIDTH NON-JOINER"),
    ('\u{200D}', "ZERO WIDTH JOINER"),
    ('\u{200E}', "LEFT-TO-RIGHT MARK"),
    ('\u{200F}', "RIGHT-TO-LEFT MARK"),
    ('\u{2011}', "NON-BREAKING HYPHEN"),
    ('\u{2018}', "LEFT SINGLE QUOTATION MARK"),
    ('\u{2019}', "RIGHT SINGLE QUOTATION MARK"),
    ('\u{201C}', "LEFT DOUBLE QUOTATION MARK"),
    ('\u{201D}', "RIGHT DOUBLE QUOTATION MARK"),
    ('\u{201E}', "DOUBLE LOW-9 QUOTATION MARK"),
    ('\u{2028}', "LINE SEPARATOR"),
    ('\u{2029}', "PARAGRAPH SEPARATOR"),
    ('\u{202A}', "LEFT-TO-RIGHT EMBEDDING"),
    ('\u{202B}', "RIGHT-TO-LEFT EMBEDDING"),
    ('\u{202C}', "POP DIRECTIONAL FORMATTING"),
    ('\u{202D}', "LEFT-TO-RIGHT OVERRIDE"),
    ('\u{202E}', "RIGHT-TO-LEFT OVERRIDE"),
    ('\u{202F}', "NARROW NO-BREAK SPACE"),
    ('\u{2060}', "WORD JOINER"),
    ('\u{2066}', "LEFT-TO-RIGHT ISOLATE"),
    ('\u{2067}', "RIGHT-TO-LEFT ISOLATE"),
    ('\u{2068}', "FIRST STRONG ISOLATE"),
    ('\u{2069}', "POP DIRECTIONAL ISOLATE"),
    ('\u{3000}', "IDEOGRAPHIC SPACE"),
    ('\u{FEFF}', "ZERO WIDTH NO-BREAK SPACE, the byte order mark"),
];

fn invisible(reading: &Reading<'_>, site: &Site<'_>, findings: &mut Findings) -> bool {
    let whole = site.text().as_str();
    let Some((part, character, name)) = whole.char_indices().find_map(|(at, character)| {
        let index = INVISIBLE
            .binary_search_by_key(&character, |(known, _)| *known)
            .ok()?;
        let part = whole.get(at..at + character.len_utf8())?;
        INVISIBLE
            .get(index)
            .map(|(_, name)| (part, character, *name))
    }) else {
        return false;
    };
    let place = site.value.place_of(part);
    if reading.is_secret(place) {
        return true;
    }
    let code = u32::from(character);
    let why = if name.contains("QUOTATION") {
        "a typographic quote that belongs to the value and delimits nothing"
    } else {
        "which belongs to the value though it cannot be told by sight"
    };
    findings.add_at(
        site.value,
        Finding::new(
            &INVISIBLE_CHARACTER,
            place,
            format!("U+{code:04X} {name} stands in {}, {why}", site.called()),
        )
        .help("Type the value anew instead of pasting it."),
    );
    true
}

/// Judges what stands around a value. Returns the value without it; `None` where it is not worth
/// judging further.
fn around<'c>(reading: &Reading<'_>, site: &Site<'c>, findings: &mut Findings) -> Option<&'c str> {
    let whole = site.text().as_str();
    let called = site.called();
    // These are compared as a whole, by rules that say so.
    let is_word = matches!(
        site.format,
        Format::Boolean | Format::Port | Format::Enumeration
    );
    let is_break = |c: char| matches!(c, '\n' | '\r');
    let is_blank = |c: char| matches!(c, ' ' | '\t');
    let inside = whole.trim_matches(|c| is_break(c) || is_blank(c));
    if inside.is_empty() || is_word {
        if inside.is_empty() && !is_word {
            findings.add_at(
                site.value,
                Finding::new(
                    &BLANKS_AROUND_VALUE,
                    site.value.place,
                    format!("{called} holds nothing but blanks"),
                )
                .help("Give it a value, or leave the key out."),
            );
            return None;
        }
        return Some(whole);
    }
    if whole.contains(is_break) {
        // Of members, a line break is a control character, for another rule.
        if !site.is_property {
            return None;
        }
        let is_trailing = !inside.contains(is_break);
        let (what, help) = if is_trailing {
            (
                "a line break is part of the value, at its end or its beginning",
                "Write the value on the line of its key, or use `|-` or `>-` to drop the last line break.",
            )
        } else {
            (
                "the value goes over several lines where AWS Glue takes one",
                "Write the value in one line.",
            )
        };
        findings.add_at(
            site.value,
            at(
                &LINE_BREAK_IN_VALUE,
                site,
                inside,
                format!("{what}, in {called}"),
            )
            .help(help),
        );
        return is_trailing.then_some(inside);
    }
    let called_is_name = site.name == Some("Name");
    if inside.len() != whole.len() && !called_is_name {
        let (side, part) = if whole.ends_with(is_blank) {
            let kept = whole.trim_end_matches(is_blank);
            ("end", whole.get(kept.len()..))
        } else {
            let lead = whole.len() - whole.trim_start_matches(is_blank).len();
            ("beginning", whole.get(..lead))
        };
        findings.add_at(
            site.value,
            at(
                &BLANKS_AROUND_VALUE,
                site,
                part.unwrap_or(whole),
                format!("a blank at the {side} of {called} is part of the value"),
            )
            .help("Take the blank out."),
        );
    }
    let quote = inside
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'));
    if let Some(quote) = quote
        && inside.len() > 1
        && inside.ends_with(quote)
    {
        findings.add_at(
            site.value,
            at(
                &QUOTES_AROUND_VALUE,
                site,
                inside,
                format!(
                    "the quotes around {} are part of {called}",
                    reading.quote(site.text(), inside.trim_matches(quote))
                ),
            )
            .help("Take the inner quotes out: those of the document are enough."),
        );
        return None;
    }
    Some(inside)
}

/// Words that stand for a value to come, whatever their case.
const PLACEHOLDERS: &[&str] = &[
    "CHANGEME",
    "CHANGE_ME",
    "CHANGE-ME",
    "REPLACEME",
    "REPLACE_ME",
    "REPLACE-ME",
    "PLACEHOLDER",
];

/// The part of a text that stands for a value to come.
fn find_placeholder(text: &str) -> Option<&str> {
    if let Some(open) = text.find('<')
        && let Some(rest) = text.get(open..)
        && let Some(close) = rest.find('>')
        && let Some(part) = rest.get(..=close)
    {
        let inside = part.trim_matches(['<', '>']);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
        if inside.starts_with(|c: char| c.is_alphabetic()) && inside.chars().all(is_name) {
            return Some(part);
        }
    }
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
        .find_map(|word| {
            let starts = |prefix: &str| {
                word.get(..prefix.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            };
            if matches!(word, "TODO" | "TBD" | "FIXME")
                || PLACEHOLDERS
                    .iter()
                    .any(|known| word.eq_ignore_ascii_case(known))
                || starts("your-")
                || starts("your_")
            {
                return Some(word);
            }
            word.split(['_', '-'])
                .find(|part| part.len() >= 4 && part.bytes().all(|b| matches!(b, b'x' | b'X')))
        })
}

fn placeholder(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &str,
    findings: &mut Findings,
) -> bool {
    let Some(part) = find_placeholder(inside) else {
        return false;
    };
    if !reading.is_secret(site.value.place_of(part)) {
        findings.add_at(
            site.value,
            at(
                &PLACEHOLDER_VALUE,
                site,
                part,
                format!(
                    "{} in {} looks like a placeholder that nobody has filled in",
                    reading.quote(site.text(), part),
                    site.called()
                ),
            )
            .help("Write the real value."),
        );
    }
    true
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
                "{} is not written in lower case, and clients that compare {called} with `true` miss it",
                quoted()
            ),
        )
        .help(if lower == "true" {
            "Write \"true\"."
        } else {
            "Write \"false\"."
        })
    } else {
        let help = match lower.trim_matches(|c: char| !c.is_ascii_alphanumeric()) {
            "true" | "yes" | "y" | "on" | "1" | "enabled" | "enable" | "required" => {
                "Write \"true\"."
            }
            "false" | "no" | "n" | "off" | "0" | "disabled" | "disable" => "Write \"false\".",
            _ => "Write \"true\" or \"false\".",
        };
        at(
            &NOT_A_BOOLEAN,
            site,
            known,
            format!(
                "{} is neither `true` nor `false`, and {called} takes nothing else",
                quoted()
            ),
        )
        .help(help)
    };
    findings.add_at(site.value, finding);
}

// Files in S3

fn s3_file(reading: &Reading<'_>, site: &Site<'_>, inside: &str, findings: &mut Findings) {
    let called = site.called();
    let quoted = |part: &str| reading.quote(site.text(), part);
    match parse_location(inside) {
        Ok(None) => {}
        Ok(Some(location)) => {
            if location.scheme != "s3" {
                let why = if location.scheme.eq_ignore_ascii_case("s3") {
                    "is not written in lower case"
                } else {
                    "is a scheme of Hadoop"
                };
                let finding = at(
                    &NOT_AN_S3_LOCATION,
                    site,
                    location.scheme,
                    format!(
                        "{} {why}, while {called} is documented with `s3://`",
                        quoted(location.scheme)
                    ),
                );
                findings.add_at(
                    site.value,
                    finding
                        .severity(Severity::Warning)
                        .help("Begin the location with `s3://`."),
                );
            }
            bucket(reading, site, &location, findings);
            if key_missing(site, &location, findings) {
                return;
            }
        }
        Err(problem) => {
            let (what, help) = match problem {
                NotS3::Web => (
                    "is a web address",
                    "Write `s3://`, the bucket, `/` and the key.",
                ),
                NotS3::Arn => ("is an ARN", "Write `s3://`, the bucket, `/` and the key."),
                NotS3::Local => (
                    "is a path in a file system",
                    "Upload the file to Amazon S3 and write `s3://`, the bucket, `/` and the key.",
                ),
                NotS3::Scheme(_) => (
                    "belongs to another store",
                    "Copy the file to Amazon S3 and write `s3://`, the bucket, `/` and the key.",
                ),
                NotS3::Slashes => (
                    "has not the two slashes of a location",
                    "Begin the location with `s3://`.",
                ),
                NotS3::Other => (
                    "does not begin with `s3://`",
                    "Write `s3://`, the bucket, `/` and the key.",
                ),
            };
            findings.add_at(
                site.value,
                at(
                    &NOT_AN_S3_LOCATION,
                    site,
                    inside,
                    format!(
                        "{} {what}, but {called} takes the location of a file in Amazon S3",
                        quoted(inside)
                    ),
                )
                .help(help),
            );
            return;
        }
    }
    wrong_suffix(reading, site, inside, findings);
}

fn bucket(
    reading: &Reading<'_>,
    site: &Site<'_>,
    location: &Location<'_>,
    findings: &mut Findings,
) {
    let Some(problem) = bucket_problem(location.bucket) else {
        return;
    };
    let quoted = |part: &str| reading.quote(site.text(), part);
    let name = quoted(location.bucket);
    // An empty bucket is shown by the location around it.
    let whole = if location.bucket.is_empty() {
        site.text().as_str()
    } else {
        location.bucket
    };
    let (part, severity, message) = match problem {
        BucketProblem::Length if location.bucket.is_empty() => (
            whole,
            Severity::Error,
            "no bucket is named between `s3://` and the key".to_owned(),
        ),
        BucketProblem::Length => (
            whole,
            Severity::Error,
            format!("{name} cannot be a bucket, whose name has 3 to 63 characters"),
        ),
        BucketProblem::Character(part) => (
            part,
            Severity::Error,
            format!(
                "{name} cannot be a bucket, whose name has no {}",
                quoted(part)
            ),
        ),
        BucketProblem::Legacy(part) => (
            part,
            Severity::Warning,
            format!(
                "{name} is no name for a bucket today: it has {}",
                quoted(part)
            ),
        ),
        BucketProblem::Edge(part) => (
            whole,
            Severity::Error,
            format!(
                "{name} cannot be a bucket, whose name has no {} at either end",
                quoted(part)
            ),
        ),
        BucketProblem::Dots(part) => (
            part,
            Severity::Error,
            format!("{name} cannot be a bucket, whose name has no two dots in a row"),
        ),
        BucketProblem::Address => (
            whole,
            Severity::Error,
            format!("{name} cannot be a bucket, whose name is no IP address"),
        ),
        BucketProblem::Reserved(prefix) => (
            prefix,
            Severity::Error,
            format!("{name} cannot be a bucket of yours: AWS reserves names with this beginning"),
        ),
        BucketProblem::Example(prefix) => (
            prefix,
            Severity::Warning,
            format!(
                "{name} is a bucket of AWS's examples, and no account can create one of such a name"
            ),
        ),
    };
    findings.add_at(
        site.value,
        at(&INVALID_BUCKET_NAME, site, part, message)
            .severity(severity)
            .help("Check the name of the bucket in the Amazon S3 console."),
    );
}

/// Whether no file is named; says so.
fn key_missing(site: &Site<'_>, location: &Location<'_>, findings: &mut Findings) -> bool {
    let (part, what) = match location.key {
        None => (location.bucket, "names a bucket"),
        Some("") => (location.bucket, "names a bucket"),
        Some(key) if key.ends_with('/') => (key, "names a folder"),
        Some(_) => return false,
    };
    if part.is_empty() {
        return true;
    }
    findings.add_at(
        site.value,
        at(
            &S3_KEY_MISSING,
            site,
            part,
            format!("{} {what}, but must name a file", site.called()),
        )
        .help("Write the key of the file behind the bucket."),
    );
    true
}

fn wrong_suffix(reading: &Reading<'_>, site: &Site<'_>, inside: &str, findings: &mut Findings) {
    let (Some(suffix), Some(key)) = (site.suffix, site.name) else {
        return;
    };
    // Documented for three of the keys; customary for the others.
    let severity = match key {
        "KAFKA_CUSTOM_CERT" | "JDBC_DRIVER_JAR_URI" => Severity::Error,
        "KAFKA_CLIENT_KEYSTORE" => Severity::Warning,
        _ => Severity::Info,
    };
    if !findings.wants(severity) {
        return;
    }
    let known = inside.rsplit(GAP).next().unwrap_or_default();
    let lower = known.to_ascii_lowercase();
    let is_hidden = known.len() != inside.len() && suffix.ends_with(&lower);
    // Certificates go by several suffixes.
    let is_certificate =
        key == "CUSTOM_JDBC_CERT" && [".crt", ".cer", ".der"].iter().any(|s| lower.ends_with(s));
    if lower.ends_with(suffix) || is_hidden || is_certificate {
        return;
    }
    let name = known.rsplit('/').next().unwrap_or_default();
    let part = name
        .rfind('.')
        .and_then(|dot| name.get(dot..))
        .unwrap_or(name);
    let (what, help) = match severity {
        Severity::Info => (
            "usually ends with",
            "Check that the key names the right file.",
        ),
        _ => (
            "must end with",
            "Name a file of the right kind, or rename the file in Amazon S3.",
        ),
    };
    findings.add_at(
        site.value,
        at(
            &WRONG_FILE_SUFFIX,
            site,
            part,
            format!(
                "{} is not the suffix of the file: {key} {what} `{suffix}`",
                reading.quote(site.text(), part)
            ),
        )
        .severity(severity)
        .help(help),
    );
}

// Classes

fn class_name(reading: &Reading<'_>, site: &Site<'_>, inside: &str, findings: &mut Findings) {
    let Some(problem) = class_name_problem(inside) else {
        return;
    };
    let is_driver = site.format == Format::ClassName;
    let quoted = |part: &str| reading.quote(site.text(), part);
    let called = site.called();
    let (part, message, help) = match problem {
        ClassProblem::FileSuffix(part) => (
            part,
            format!(
                "{called} is the name of a class, not of a file with the suffix {}",
                quoted(part)
            ),
            "Write the package and the class, joined by dots.",
        ),
        ClassProblem::Slash(_) => (
            inside,
            format!(
                "{} has slashes, but dots join the parts of {called}",
                quoted(inside)
            ),
            "Write the package and the class, joined by dots.",
        ),
        ClassProblem::Character(part) if is_driver => (
            part,
            format!(
                "{} has no place in {called}, the name of a class",
                quoted(part)
            ),
            "Write the package and the class, such as `org.postgresql.Driver`.",
        ),
        ClassProblem::Word(part) if is_driver => (
            part,
            format!(
                "{} is not how the words of {called}, the name of a class, are joined",
                quoted(part)
            ),
            "Write the package and the class, such as `org.postgresql.Driver`.",
        ),
        ClassProblem::Unqualified if is_driver => (
            inside,
            format!(
                "{} names no package, as every driver class does",
                quoted(inside)
            ),
            "Write the package and the class, such as `org.postgresql.Driver`.",
        ),
        // A connector may also go by a short alias.
        _ => return,
    };
    let is_certain = is_driver && problem != ClassProblem::Unqualified;
    let severity = if is_certain {
        Severity::Error
    } else {
        Severity::Warning
    };
    findings.add_at(
        site.value,
        at(&MALFORMED_CLASS_NAME, site, part, message)
            .severity(severity)
            .help(help),
    );
}

// Regions and ARNs

fn region(reading: &Reading<'_>, site: &Site<'_>, inside: &str, findings: &mut Findings) {
    if inside.contains(GAP) || is_region(inside) {
        return;
    }
    let quoted = reading.quote(site.text(), inside);
    let called = site.called();
    let finding = |message: String| at(&NOT_A_REGION, site, inside, message);
    let finding = if let Some(region) = region_of_zone(inside) {
        finding(format!("{quoted} is a zone, but {called} takes a Region")).help(format!(
            "Write {}, the Region of the zone.",
            reading.quote(site.text(), region)
        ))
    } else if is_zone_id(inside) {
        finding(format!(
            "{quoted} is the id of a zone, but {called} takes a Region"
        ))
        .help("Write the name of the Region, such as `eu-west-1`.")
    } else if is_region(&inside.to_ascii_lowercase()) {
        finding(format!(
            "{quoted} has upper-case letters, and no Region's name has"
        ))
        .help("Write the name in lower case.")
    } else if has_region_shape(inside) {
        finding(format!(
            "{quoted} is no Region of any partition known on {}",
            spec::DATE
        ))
        .severity(Severity::Warning)
        .help("Check the spelling; a Region that is newer than that is fine.")
    } else {
        finding(format!(
            "{quoted} is not the name of a Region, which {called} takes"
        ))
        .help("Write the name of the Region, such as `eu-west-1`.")
    };
    findings.add_at(site.value, finding);
}

/// What the ARN of something must look like.
struct Kind {
    service: &'static str,
    /// The beginnings of its resource.
    resources: &'static [&'static str],
    what: &'static str,
    /// Whether it lies in a Region.
    regional: bool,
    help: &'static str,
}

const ROLE: Kind = Kind {
    service: "iam",
    resources: &["role/"],
    what: "an IAM role",
    regional: false,
    help: "Write the ARN of the role: `arn:aws:iam::<account>:role/<name>`.",
};

const KEY: Kind = Kind {
    service: "kms",
    resources: &["key/", "alias/"],
    what: "a key in AWS KMS",
    regional: true,
    help: "Write the ARN of the key: `arn:aws:kms:<region>:<account>:key/<id>`.",
};

const SECRET: Kind = Kind {
    service: "secretsmanager",
    resources: &["secret:"],
    what: "a secret in AWS Secrets Manager",
    regional: true,
    help: "Write the ARN of the secret: `arn:aws:secretsmanager:<region>:<account>:secret:<name>-<suffix>`.",
};

fn arn(reading: &Reading<'_>, site: &Site<'_>, inside: &str, kind: &Kind, findings: &mut Findings) {
    if let Some(arn) = well_formed(reading, site, inside, kind, findings) {
        right_kind(reading, site, &arn, kind, &ARN_OF_ANOTHER_SERVICE, findings);
    }
}

/// Reads an ARN and says what is wrong with its form.
fn well_formed<'a>(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &'a str,
    kind: &Kind,
    findings: &mut Findings,
) -> Option<Arn<'a>> {
    let quoted = |part: &str| reading.quote(site.text(), part);
    let (part, message) = match Arn::parse(inside) {
        Ok(arn) => return arn,
        Err(ArnProblem::NotAnArn) if inside.starts_with("alias/") => (
            inside,
            format!(
                "{} is the name of an alias, but {} takes an ARN",
                quoted(inside),
                site.called()
            ),
        ),
        Err(ArnProblem::NotAnArn) => (
            inside,
            format!(
                "{} is no ARN, and {} takes the ARN of {}",
                quoted(inside),
                site.called(),
                kind.what
            ),
        ),
        Err(ArnProblem::TooFewParts) => (
            inside,
            format!(
                "{} is cut short: an ARN has six parts with colons between them",
                quoted(inside)
            ),
        ),
        Err(ArnProblem::UnknownPartition(part)) => (
            if part.is_empty() { inside } else { part },
            format!(
                "{} is no partition of AWS, in the ARN of {}",
                quoted(part),
                site.called()
            ),
        ),
        Err(ArnProblem::NotARegion(part)) => (
            part,
            format!(
                "{} is no Region, in the ARN of {}",
                quoted(part),
                site.called()
            ),
        ),
        Err(ArnProblem::RegionOfAnotherPartition(part, partition)) => (
            part,
            format!(
                "{} is a Region of the partition `{partition}`, but the ARN names another",
                quoted(part)
            ),
        ),
        Err(ArnProblem::Account(part)) => (
            part,
            format!(
                "{} is no account, whose number has twelve digits",
                quoted(part)
            ),
        ),
        Err(ArnProblem::NoResource) => (
            inside,
            format!("{} names nothing behind the account", quoted(inside)),
        ),
    };
    findings.add_at(
        site.value,
        at(&MALFORMED_ARN, site, part, message).help(kind.help),
    );
    None
}

/// Whether an ARN is one of the kind that is wanted; says so, as `rule`, where it is not.
fn right_kind(
    reading: &Reading<'_>,
    site: &Site<'_>,
    arn: &Arn<'_>,
    kind: &Kind,
    rule: &'static Rule,
    findings: &mut Findings,
) {
    let quoted = |part: &str| reading.quote(site.text(), part);
    let called = site.called();
    let mut say = |rule, part: &str, message: String| {
        findings.add_at(site.value, at(rule, site, part, message).help(kind.help));
    };
    if arn.service != kind.service && !arn.service.contains(GAP) {
        let part = if arn.service.is_empty() {
            site.text().as_str()
        } else {
            arn.service
        };
        let message = format!(
            "{called} takes the ARN of {}, and this one is of {}",
            kind.what,
            quoted(arn.service)
        );
        return say(rule, part, message);
    }
    let known = arn.resource.split(GAP).next().unwrap_or_default();
    let prefix = kind
        .resources
        .iter()
        .find(|p| arn.resource.starts_with(**p));
    let Some(name) = prefix.and_then(|prefix| arn.resource.strip_prefix(prefix)) else {
        let is_open = known.len() != arn.resource.len();
        if is_open
            && kind
                .resources
                .iter()
                .any(|prefix| prefix.starts_with(known))
        {
            return;
        }
        let len = known.find(['/', ':']).unwrap_or(known.len());
        let part = known
            .get(..len)
            .filter(|part| !part.is_empty())
            .unwrap_or(arn.resource);
        let message = format!(
            "{called} takes the ARN of {}, and this one is of {}",
            kind.what,
            quoted(part)
        );
        return say(rule, part, message);
    };
    let whole = site.text().as_str();
    if name.is_empty() {
        let message = format!(
            "the ARN in {called} ends where the name of {} should follow",
            kind.what
        );
        return say(&MALFORMED_ARN, whole, message);
    }
    if arn.account.is_empty() {
        let message = format!(
            "the ARN in {called} names no account, as that of {} does",
            kind.what
        );
        return say(&MALFORMED_ARN, whole, message);
    }
    if kind.regional == arn.region.is_empty() {
        let (part, message) = if kind.regional {
            (
                whole,
                format!(
                    "the ARN in {called} names no Region, as that of {} does",
                    kind.what
                ),
            )
        } else {
            (
                arn.region,
                format!(
                    "{} is one part too many: the ARN of {} names no Region",
                    quoted(arn.region),
                    kind.what
                ),
            )
        };
        return say(&MALFORMED_ARN, part, message);
    }
    if kind.service == SECRET.service {
        secret_in_arn(reading, site, name, findings);
    }
}

/// The name of a secret at the end of an ARN.
fn secret_in_arn(reading: &Reading<'_>, site: &Site<'_>, name: &str, findings: &mut Findings) {
    if let Some(part) = name
        .find(|c| !is_secret_character(c))
        .and_then(|at| name.get(at..))
    {
        let message = format!(
            "{} does not belong to the ARN of a secret, in {}",
            reading.quote(site.text(), part),
            site.called()
        );
        let finding = at(&MALFORMED_ARN, site, part, message).help(SECRET.help);
        return findings.add_at(site.value, finding);
    }
    if ends_like_arn(name) != Some(false) {
        return;
    }
    // What needs the whole ARN takes an ARN cut at the last hyphen for another secret.
    let severity = if site.name == Some("SecretArn") {
        Severity::Warning
    } else {
        Severity::Info
    };
    findings.add_at(
        site.value,
        at(
            &SECRET_ARN_WITHOUT_SUFFIX,
            site,
            name,
            format!(
                "the ARN in {} lacks the hyphen and six characters that end the ARN of a secret",
                site.called()
            ),
        )
        .severity(severity)
        .help("Copy the whole ARN from AWS Secrets Manager."),
    );
}

/// Whether a name ends with a hyphen and six letters or digits; `None` where that is not known.
fn ends_like_arn(name: &str) -> Option<bool> {
    let Some(start) = name.len().checked_sub(7) else {
        return (!name.contains(GAP)).then_some(false);
    };
    // An end within a character, as a gap is, is not known.
    let end = name.get(start..)?;
    if end.contains(GAP) {
        return None;
    }
    let suffix = end.strip_prefix('-');
    Some(suffix.is_some_and(|suffix| suffix.bytes().all(|b| b.is_ascii_alphanumeric())))
}

fn is_secret_character(c: char) -> bool {
    // Secrets that a service manages have a `!` in their names.
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '=' | '.' | '@' | '-' | '!' | GAP)
}

fn secret_id(reading: &Reading<'_>, site: &Site<'_>, inside: &str, findings: &mut Findings) {
    if inside.starts_with("arn:") {
        if let Some(arn) = well_formed(reading, site, inside, &SECRET, findings) {
            right_kind(reading, site, &arn, &SECRET, &MALFORMED_SECRET_ID, findings);
        }
        return;
    }
    let called = site.called();
    let illegal = inside.find(|c| !is_secret_character(c)).and_then(|at| {
        let len = inside.get(at..)?.chars().next()?.len_utf8();
        inside.get(at..at + len)
    });
    // A gap may be the beginning of an ARN, which has colons.
    let may_be_arn = inside.starts_with(GAP);
    if let Some(part) = illegal.filter(|part| !(may_be_arn && *part == ":")) {
        findings.add_at(
            site.value,
            at(
                &MALFORMED_SECRET_ID,
                site,
                part,
                format!(
                    "{} occurs in no name of a secret, which {called} takes",
                    reading.quote(site.text(), part)
                ),
            )
            .help("Write the name or the ARN of the secret."),
        );
        return;
    }
    if !may_be_arn && inside.chars().count() > 512 {
        findings.add_at(
            site.value,
            at(
                &MALFORMED_SECRET_ID,
                site,
                inside,
                format!("{called} is longer than 512 characters, the longest name of a secret"),
            )
            .help("Write the name or the ARN of the secret."),
        );
        return;
    }
    if !may_be_arn && ends_like_arn(inside) == Some(true) {
        let suffix = inside
            .get(inside.len().saturating_sub(7)..)
            .unwrap_or(inside);
        findings.add_at(
            site.value,
            at(
                &SECRET_NAME_LIKE_ARN,
                site,
                suffix,
                format!("{called} ends with a hyphen and six characters, like the ARN of a secret"),
            )
            .severity(Severity::Info)
            .help("If this was cut from an ARN, leave the end out; if it is the name, consider another."),
        );
    }
}

// Regions of one connection

/// A part of a connection that lies in a Region.
struct Located<'c> {
    what: &'static str,
    value: &'c Value<'c>,
    place: Place,
    /// The Region; empty where only the partition is known.
    region: String,
    partition: &'static str,
    /// The Region or partition, for a message.
    quoted: String,
}

/// The keys that hold an endpoint, in the order in which they are trusted.
const ENDPOINTS: &[&str] = &[
    "JDBC_CONNECTION_URL",
    "HOST",
    "CONNECTION_URL",
    "KAFKA_BOOTSTRAP_SERVERS",
];

fn mixed_regions(reading: &Reading<'_>, findings: &mut Findings) {
    let mut located = Vec::new();
    if let Presence::Here(entry) = reading.placement.presence("AvailabilityZone") {
        locate(
            reading,
            "the Availability Zone",
            &entry.value,
            region_of_zone,
            &mut located,
        );
    }
    for key in ENDPOINTS {
        if let Some(entry) = reading.entry(key)
            && !entry
                .value
                .text()
                .is_some_and(|t| t.as_str().starts_with("[["))
        {
            locate(
                reading,
                "the endpoint",
                &entry.value,
                region_in_endpoint,
                &mut located,
            );
        }
    }
    let secrets = ["SECRET_ID", "KAFKA_SASL_SCRAM_SECRETS_ARN"];
    for entry in secrets.iter().filter_map(|key| reading.entry(key)) {
        locate(
            reading,
            "the secret",
            &entry.value,
            region_in_arn,
            &mut located,
        );
    }
    for (member, what) in [("SecretArn", "the secret"), ("KmsKeyArn", "the key")] {
        if let Presence::Here(entry) = reading.authentication.presence(member) {
            locate(reading, what, &entry.value, region_in_arn, &mut located);
        }
    }
    let role = reading.entry("ROLE_ARN").map(|entry| &entry.value);
    if let Some(value) = role
        && let Some(text) = value.text()
        && let Ok(Some(arn)) = Arn::parse(text.as_str())
        && let Some(known) = spec::partitions().iter().find(|p| p.name == arn.partition)
    {
        located.push(Located {
            what: "the role",
            value,
            place: value.place_of(arn.partition),
            region: String::new(),
            partition: known.name,
            quoted: reading.quote(text, arn.partition),
        });
    }
    let Some((first, others)) = located.split_first() else {
        return;
    };
    let Some(other) = others.iter().find(|other| {
        other.partition != first.partition
            || (!other.region.is_empty() && other.region != first.region)
    }) else {
        return;
    };
    let first_quoted = if other.region.is_empty() {
        format!("`{}`", first.partition)
    } else {
        first.quoted.clone()
    };
    findings.add_at(
        other.value,
        Finding::new(
            &MIXED_REGIONS,
            other.place,
            format!(
                "{} lies in {}, but {} in {first_quoted}",
                other.what, other.quoted, first.what
            ),
        )
        .label(first.place, format!("{} is here", first.what))
        .help("Use what lies in one Region, or say here why it does not."),
    );
}

fn region_in_arn(text: &str) -> Option<&str> {
    let arn = Arn::parse(text).ok().flatten()?;
    is_region(arn.region).then_some(arn.region)
}

fn locate<'c>(
    reading: &Reading<'_>,
    what: &'static str,
    value: &'c Value<'c>,
    find: fn(&str) -> Option<&str>,
    located: &mut Vec<Located<'c>>,
) {
    let Some(text) = value.text() else { return };
    let Some(region) = find(text.as_str()) else {
        return;
    };
    let Some(partition) = partition_of(region) else {
        return;
    };
    located.push(Located {
        what,
        value,
        place: value.place_of(region),
        region: region.to_owned(),
        partition: partition.name,
        quoted: reading.quote(text, region),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_in_their_places() {
        for (text, part) in [
            ("<host>", "<host>"),
            ("db.<your region>.example.org", "<your region>"),
            ("CHANGEME", "CHANGEME"),
            ("s3://your-bucket/ca.pem", "your-bucket"),
            ("subnet-xxxxxxxx", "xxxxxxxx"),
            ("TODO", "TODO"),
        ] {
            assert_eq!(find_placeholder(text), Some(part));
        }
        for text in [
            "todo",
            "db.example.org",
            "yours",
            "xxx",
            "a<b",
            "a<1>b",
            "exxxxon",
        ] {
            assert_eq!(find_placeholder(text), None, "{text}");
        }
    }

    #[test]
    fn markers_are_found() {
        assert_eq!(template_marker("a-${Env}-b"), Some("${Env}"));
        assert_eq!(template_marker("{{ host }}:${Port}"), Some("{{ host }}"));
        assert_eq!(template_marker("a${b"), None);
        assert_eq!(template_marker("a{b}"), None);
    }

    #[test]
    fn the_table_of_characters_is_in_order() {
        assert!(INVISIBLE.is_sorted_by_key(|(character, _)| *character));
        assert!(INVISIBLE.iter().all(|(character, _)| *character != GAP));
    }

    #[test]
    fn ends_of_arns_are_told() {
        assert_eq!(ends_like_arn("orders-a1B2c3"), Some(true));
        assert_eq!(ends_like_arn("orders/etl"), Some(false));
        assert_eq!(ends_like_arn("etl"), Some(false));
        assert_eq!(ends_like_arn("orders-\u{FFFC}"), None);
        assert_eq!(ends_like_arn("orders\u{FFFC}2c3"), None);
        assert_eq!(ends_like_arn("\u{FFFC}/orders-etl"), Some(false));
    }
}
